"""Payloads of IQs that carry a text to a person's client: each is open in Prosody alone, and shut by `e2ee` in strict mode."""

TEXT = "SECRET at noon"
PUBSUB = "http://jabber.org/protocol/pubsub"
OWNER = "http://jabber.org/protocol/muc#owner"
FORM = "<x xmlns='jabber:x:data' type='submit'><field var='{}'><value>SECRET at noon</value></field></x>"
VCARD = "<vCard xmlns='vcard-temp'>{}</vCard>"
ARCHIVE = "<query xmlns='urn:xmpp:mam:2'>{}</query>"
STORAGE = "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>SECRET at noon</storage></query>"
INFO = "<query xmlns='http://jabber.org/protocol/disco#info'>{}</query>"
ITEMS = "<query xmlns='http://jabber.org/protocol/disco#items'>{}</query>"
ADMIN = "<query xmlns='http://jabber.org/protocol/muc#admin'><item role='none' nick='bob'><reason>SECRET</reason></item></query>"


def pubsub(content, namespace=PUBSUB):
    return f"<pubsub xmlns='{namespace}'>{content}</pubsub>"


QUESTIONS = {
    "vCard": VCARD.format(f"<NOTE>{TEXT}</NOTE>"),
    "vCard's attribute": f"<vCard xmlns='vcard-temp' said='{TEXT}'/>",
    "pubsub": pubsub(f"<x>{TEXT}</x>"),
    "pubsub node": pubsub(f"<items node='{TEXT}'/>"),
    "private storage": f"<query xmlns='jabber:iq:private'>{TEXT}</query>",
    "archive": ARCHIVE.format(TEXT),
    "room settings": f"<query xmlns='{OWNER}'>{TEXT}</query>",
    "version": f"<query xmlns='jabber:iq:version' said='{TEXT}'/>",
}
ORDERS = {
    "archive": ARCHIVE.format(f"<note>{TEXT}</note>"),
    "archive with": ARCHIVE.format(FORM.format("with")),
    "room settings": f"<query xmlns='{OWNER}'>{FORM.format('a')}</query>",
    "room members": ADMIN,
    "vCard's attribute": VCARD.format(f"<N said='{TEXT}'/>"),
    "private bookmarks": STORAGE,
    "report": "<block xmlns='urn:xmpp:blocking'><item jid='carol@local.test'><report xmlns='urn:xmpp:reporting:1' "
              f"reason='urn:xmpp:reporting:spam'><text>{TEXT}</text></report></item></block>",
    "node's owner": pubsub(f"<configure node='x'>{FORM.format('t')}</configure>", f"{PUBSUB}#owner"),
    "subscription": pubsub(f"<subscribe node='{TEXT}' jid='carol@local.test'/>"),
    "options": pubsub(f"<options node='x' jid='carol@local.test'>{FORM.format('t')}</options>"),
    "configuration": pubsub(f"<create node='x'/><configure>{FORM.format('t')}</configure>"),
    "retraction": pubsub(f"<retract node='{TEXT}'><item id='{TEXT}'/></retract>"),
}
ANSWERS = {
    "vCard": VCARD.format(f"<NOTE>{TEXT}</NOTE>"),
    "vCard's attribute": VCARD.format(f"<FN said='{TEXT}'/>"),
    "pubsub": pubsub(f"<x>{TEXT}</x>"),
    "item": pubsub(f"<items node='urn:example:note'><item id='1'><note xmlns='urn:example:note'>{TEXT}</note></item></items>"),
    "bookmark": pubsub("<items node='urn:xmpp:bookmarks:1'><item id='room@rooms.local.test'>"
                       f"<conference xmlns='urn:xmpp:bookmarks:1' name='{TEXT}'/></item></items>"),
    "private bookmarks": STORAGE,
    "room members": ADMIN,
    "version": f"<query xmlns='jabber:iq:version'><name>{TEXT}</name></query>",
    "identity": INFO.format(f"<identity category='client' type='pc' name='{TEXT}'/>"),
    "form of software": INFO.format(FORM.format("software")),
    "list": ITEMS.format(f"<item jid='carol@local.test' name='{TEXT}'/>"),
}
# By what they are; the address of who is to get them stands for {full}.
IQS = {
    f"{kind} {name}": f"<iq to='{{full}}' type='{kind}' id='door'>{payload}</iq>"
    for kind, payloads in (("get", QUESTIONS), ("set", ORDERS), ("result", ANSWERS))
    for name, payload in payloads.items()
}

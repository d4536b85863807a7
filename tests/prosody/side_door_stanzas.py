"""What the side-door tests send, and what they find in what arrives."""

import xml.etree.ElementTree as ElementTree

from client import new_marker

PUBLISH_PUBLICLY = ("<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"
                    "<value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#access_model'>"
                    "<value>{}</value></field></x></publish-options>")


def ask(client, to, payload, kind="set"):
    marker = new_marker()
    address = f" to='{to}'" if to else ""
    client.send(f"<iq type='{kind}'{address} id='{marker}'>{payload}</iq>")
    while (answer := client.receive()).get("id") != marker:
        pass
    assert answer.get("type") == "result", text(answer)
    return answer


def publish(client, node, item, access_model=None):
    options = PUBLISH_PUBLICLY.format(access_model) if access_model else ""
    return ask(client, None, f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{node}'><item>{item}</item></publish>"
                             f"{options}</pubsub>")


def block(client, user):
    way = user.name.split("-")[0]
    people = (user.blocked.client, user.blocked.asker)
    named = {"address": [person.bare for person in people], "device": [person.full for person in people],
             "domain": [user.blocked.bare.split("@")[1]]}[way]
    items = "".join(f"<item jid='{address}'/>" for address in named)
    ask(client, None, f"<block xmlns='urn:xmpp:blocking'>{items}</block>")


def archived(client):
    marker = new_marker()
    client.send(f"<iq type='set' id='{marker}'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>"
                "<max>20</max><before/></set></query></iq>")
    return client.receive_marker(marker)


def text(stanza):
    return ElementTree.tostring(stanza, encoding="unicode")


def is_from(stanza, user, person, marker):
    """Is it the attempt? Rooms give questions another id, and what they say to all is not meant."""
    sender = stanza.get("from") or ""
    is_through_room = sender.endswith(f"/{person.nick}") and stanza.get("type") != "groupchat"
    return marker in text(stanza) or is_through_room or sender.split("/")[0] in (person.bare, person.asker.bare)


def tells(stanza, user):
    """Does this stanza tell more of a user than that he does not answer?"""
    return is_his(stanza, user) and stanza.get("type") not in ("error", "groupchat")


def errors_of(stanzas, user):
    """The errors that come from a user, or from his name in a room."""
    return {error[0].tag.split("}")[1] for stanza in stanzas if is_his(stanza, user)
            for error in stanza.findall("{jabber:client}error")}


def is_his(stanza, user):
    sender = stanza.get("from") or ""
    return sender.split("/")[0] in (user.bare, user.offline) or sender.endswith("/user")

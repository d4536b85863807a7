"""What owners and guests of rooms do with their clients, and what a room says of itself."""

from client import new_marker

ERROR = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
MUC = "http://jabber.org/protocol/muc"
OWNER, ADMIN = f"{MUC}#owner", f"{MUC}#admin"
DATA = "jabber:x:data"
CONFIG = f"{MUC}#roomconfig"
INVITATIONS = "{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites"
READY = {"muc_membersonly", "muc_nonanonymous", "muc_hidden", "muc_persistent"}
OPEN = {"muc_open", "muc_semianonymous", "muc_public", "muc_temporary"}


def ask(client, to, payload, kind="set"):
    """Sends an IQ and returns the answer."""
    marker = new_marker()
    client.send(f"<iq type='{kind}' to='{to}' id='{marker}'>{payload}</iq>")
    while (stanza := client.receive()).get("id") != marker:
        pass
    return stanza


def outcome(answer):
    """"result", or the condition of the error."""
    error = answer.find("{jabber:client}error")
    if error is None:
        return answer.get("type")
    return next(child.tag.removeprefix(ERROR) for child in error if child.tag.startswith(ERROR))


def told(answer):
    """The text of an error."""
    return answer.findtext(f".//{ERROR}text")


def properties(client, room):
    """The words by which a room describes itself (XEP-0045 §15.3)."""
    answer = ask(client, room, "<query xmlns='http://jabber.org/protocol/disco#info'/>", "get")
    described = READY | OPEN
    return {feature.get("var") for feature in answer.iter("{http://jabber.org/protocol/disco#info}feature")} & described


def form(client, room):
    """The owner's form: { field = value }."""
    answer = ask(client, room, f"<query xmlns='{OWNER}'/>", "get")
    fields = answer.iter(f"{{{DATA}}}field")
    return {field.get("var"): field.findtext(f"{{{DATA}}}value") for field in fields if field.get("var")}


def values(client, room, name):
    """All values of one field of the owner's form."""
    answer = ask(client, room, f"<query xmlns='{OWNER}'/>", "get")
    return {value.text for value in answer.iterfind(f".//{{{DATA}}}field[@var='{name}']/{{{DATA}}}value")}


def submit(client, room, fields):
    """Submits a form with these fields; without any, that of an instant room."""
    written = "".join(f"<field var='{name}'><value>{value}</value></field>" for name, value in fields.items())
    kind = f"<field var='FORM_TYPE'><value>{CONFIG}</value></field>" if fields else ""
    return ask(client, room, f"<query xmlns='{OWNER}'><x xmlns='{DATA}' type='submit'>{kind}{written}</x></query>")


def enter(client, room, nick=None, password=None):
    """Enters a room: the status codes of the own presence, or the condition of the error."""
    nick = nick or client.bare.split("@")[0]
    secret = f"<password>{password}</password>" if password else ""
    client.send(f"<presence to='{room}/{nick}'><x xmlns='{MUC}'>{secret}<history maxstanzas='0'/></x></presence>")
    while True:
        stanza = client.receive()
        if not stanza.tag.endswith("}presence") or stanza.get("from", "").split("/")[0] != room:
            continue
        codes = {status.get("code") for status in stanza.iter(f"{{{MUC}#user}}status")}
        if stanza.get("type") == "error":
            return outcome(stanza)
        if "110" in codes:
            return codes


def leave(client, room, nick=None):
    nick = nick or client.bare.split("@")[0]
    client.send(f"<presence type='unavailable' to='{room}/{nick}'/>")
    client.receive_until(lambda stanza: stanza.get("type") == "unavailable" and stanza.get("from") == f"{room}/{nick}")


def invite(client, room, address):
    """A mediated invitation (XEP-0045 §7.8.2); what came back before the next answer."""
    client.send(f"<message to='{room}'><x xmlns='{MUC}#user'><invite to='{address}'/></x></message>")
    return client.synchronise()


def affiliate(client, room, address, affiliation):
    return ask(client, room, f"<query xmlns='{ADMIN}'><item jid='{address}' affiliation='{affiliation}'/></query>")


def affiliations(client, room, affiliation):
    answer = ask(client, room, f"<query xmlns='{ADMIN}'><item affiliation='{affiliation}'/></query>", "get")
    return {item.get("jid") for item in answer.iter(f"{{{ADMIN}}}item")}


def members(client, room):
    return affiliations(client, room, "member")


def new_address(service="rooms.local.test"):
    return f"{new_marker()}@{service}"


def new_room(client, room=None, fields=None):
    """A room that is made and not locked any more."""
    room = room or new_address()
    codes = enter(client, room)
    assert "201" in codes, codes
    assert outcome(submit(client, room, fields or {})) == "result"
    return room

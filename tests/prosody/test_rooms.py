"""Ordinary life in a room of a host with strict policies: nothing of it is a message that could be encrypted."""

from client import new_marker

OWNER = "http://jabber.org/protocol/muc#owner"
ADMIN = "http://jabber.org/protocol/muc#admin"
MUC = "http://jabber.org/protocol/muc"
PASSWORD = "open-sesame-1"


def first(client, is_wanted):
    """The first stanza from now on that is wanted."""
    while not is_wanted(stanza := client.receive()):
        pass
    return stanza


def ask(client, to, payload, kind="set"):
    """Sends an IQ and returns the answer's type."""
    marker = new_marker()
    client.send(f"<iq type='{kind}' to='{to}' id='{marker}'>{payload}</iq>")
    return first(client, lambda stanza: stanza.get("id") == marker).get("type")


def field(name, value):
    return f"<field var='{name}'><value>{value}</value></field>"


def new_room(world):
    room = f"{new_marker()}@rooms.local.test"
    world.alice.join(room, "alice")
    form = field("FORM_TYPE", f"{MUC}#roomconfig") + field("muc#roomconfig_passwordprotectedroom", "1") + \
        field("muc#roomconfig_roomsecret", PASSWORD)
    answer = ask(world.alice, room, f"<query xmlns='{OWNER}'><x xmlns='jabber:x:data' type='submit'>{form}</x></query>")
    assert answer == "result"
    return room


def enter(client, room, nick, password):
    client.send(f"<presence to='{room}/{nick}'><x xmlns='{MUC}'><password>{password}</password></x></presence>")
    return first(client, lambda stanza: stanza.get("from") == f"{room}/{nick}").get("type") != "error"


def test_a_password_lets_in(world):
    room = new_room(world)
    assert not enter(world.bob, room, "bob", "wrong-1")
    assert enter(world.bob, room, "bob", PASSWORD)


def test_moderators_moderate(world):
    room = new_room(world)
    assert enter(world.bob, room, "bob", PASSWORD)
    for role in ("visitor", "participant", "none"):
        item = f"<query xmlns='{ADMIN}'><item nick='bob' role='{role}'/></query>"
        assert ask(world.alice, room, item) == "result", role
    kicked = first(world.bob, lambda stanza: stanza.find("{*}x/{*}status[@code='307']") is not None)
    assert kicked.get("type") == "unavailable"


def test_what_a_room_is_can_be_asked(world):
    room = new_room(world)
    for namespace in ("http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items"):
        assert ask(world.bob, room, f"<query xmlns='{namespace}'/>", "get") == "result"

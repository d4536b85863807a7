"""The session ends while stanzas are held for it: they are kept for the user's next one, or go back to their senders."""

import time
from contextlib import suppress

import pytest

from client import Client
from conftest import THREE_VERSIONS
from csi_scene import CONTACT, ENTER, POLICY, ROOMS, Scene, hello, message, presence, receipt
from steps import steps
from stream import SECONDS, Closed
from world import PASSWORD

HOST, BRIEF = "home.test", "brief.test"
HELD = [0, 1, 2]
# With its number: what nobody misses whose session is over.
HEADLINE, ROOM_MESSAGE, PRESENCE = 3, 4, 5
UNHEARD = {("restart", "among-others"), ("restart-managed", "among-others")}
DEVICES = ("alone", "among-others")
EXPIRED = "Destroying session for hibernating too long"


def leave_by_cut(scene, phone):
    phone.cut()


def leave_by_end(scene, phone):
    phone.stream.close()
    phone.got += phone.stream.stanzas


def leave_by_conflict(scene, phone):
    """Another session takes the name of this one, and gets what was kept."""
    phone.got += scene.phone_of(phone.address, is_resumable=False).got


def leave_by_expiry(scene, phone):
    phone.cut()
    before, deadline = scene.server.log().count(EXPIRED), time.monotonic() + SECONDS
    while scene.server.log().count(EXPIRED) == before and time.monotonic() < deadline:
        time.sleep(0.05)


def leave_by_restart(scene, phone):
    scene.restart()
    with suppress(Closed):
        phone.read()


# Name: (host, how it ends, whether the stream was managed)
WAYS = {
    "cut": (HOST, leave_by_cut, False),
    "end": (HOST, leave_by_end, False),
    "end-managed": (HOST, leave_by_end, True),
    "conflict": (HOST, leave_by_conflict, False),
    "conflict-managed": (HOST, leave_by_conflict, True),
    "expiry": (BRIEF, leave_by_expiry, True),
    "restart": (HOST, leave_by_restart, False),
    "restart-managed": (HOST, leave_by_restart, True),
}


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def scene(request):
    users = [f"{way}-{devices}" for way in WAYS for devices in (*DEVICES, "unread")]
    with Scene(request.param, {HOST: POLICY, BRIEF: {**POLICY, "smacks_hibernation_time": 1}}, {HOST: users, BRIEF: users}) as scene:
        assert scene.listing.count("running") == 2, scene.listing
        yield scene
        scene.keep_if(request.session.testsfailed)


def hold(scene, way, user):
    """An inactive phone for which everything is held."""
    host, _, is_managed = WAYS[way]
    phone = scene.phone_of(f"{user}@{host}", is_resumable=is_managed)
    room = f"{user}@{ROOMS}"
    scene.contacts.send(ENTER.format(f"from='{CONTACT}'", room, "contact"))
    phone.send(ENTER.format("", room, "phone"))
    assert phone.wait_until(lambda phone: any(stanza.get("from") == f"{room}/contact" for stanza in phone.got))
    assert phone.synchronise()
    phone.say_inactive()
    scene.settle()
    phone.read()
    phone.got.clear()
    scene.send(*(receipt(number, phone.full) for number in HELD), message("", HEADLINE, phone.full, "headline"),
               message("<body>hello</body>", ROOM_MESSAGE, room, "groupchat"), presence(PRESENCE, phone.address))
    phone.read()
    assert phone.got == []
    scene.heard.clear()
    return phone


def came_back(scene, is_managed):
    """The numbers of what the contact got as an error. mod_smacks sends back headlines, too."""
    scene.settle()
    errors = [stanza for stanza in scene.heard if stanza.tag.endswith("}message") and stanza.get("type") == "error"]
    numbers = [int(stanza.get("id")[1:]) for stanza in errors]
    return [number for number in numbers if number in HELD or not is_managed]


def kept(scene, phone):
    """The numbers of the messages that the user's next session gets."""
    with Client(scene.server, phone.address, PASSWORD, "next") as client:
        return [number for number in steps(client.greeting) if number != PRESENCE]


def messages(phone):
    """The numbers of those that the phone got after all."""
    return [number for number in steps(phone.got) if number in HELD]


def was_kicked(scene):
    """Whether the room put the phone out for a message that came back to it."""
    return any(stanza.find("{*}x/{*}status[@code='333']") is not None for stanza in scene.heard)


@pytest.mark.parametrize("devices", DEVICES)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_held_is_lost(scene, way, devices):
    if scene.server.version == "0.12" and (way, devices) in UNHEARD:
        pytest.skip("Prosody 0.12 ends without writing what it has for components, such as what comes back to them")
    host, leave, is_managed = WAYS[way]
    user = f"{way}-{devices}"
    if devices == "among-others":
        scene.stack.enter_context(Client(scene.server, f"{user}@{host}", PASSWORD, "laptop"))
    phone = hold(scene, way, user)
    leave(scene, phone)
    accounted = came_back(scene, is_managed) + kept(scene, phone)
    assert len(accounted) == len(set(accounted))
    # A managed stream also gives back what has arrived but was not acknowledged.
    assert sorted({*accounted, *messages(phone)}) == HELD
    assert is_managed or len(accounted + messages(phone)) == len(HELD)
    assert is_managed or not was_kicked(scene)


@pytest.mark.parametrize("way", ["expiry", "restart-managed"])
def test_what_was_sent_and_not_acknowledged_comes_first(scene, way):
    phone = hold(scene, way, f"{way}-unread")
    scene.send(hello(10, phone.full), receipt(11, phone.full), receipt(12, phone.full))
    WAYS[way][1](scene, phone)
    assert kept(scene, phone) == [*HELD, 10, 11, 12]

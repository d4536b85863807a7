"""What is held for an inactive phone comes exactly once and in order, however the holding ends."""

import itertools

import pytest

from conftest import THREE_VERSIONS
from csi_scene import BESIDE_SIMPLE, POLICY, Scene, hello, message, presence, receipt
from steps import step_of, steps

HOSTS = {
    "alone.test": POLICY,
    "beside.test": {**BESIDE_SIMPLE, "csi_resume_inactive_delay": 0},
    # After it has once written something, mod_csi_simple lets everything pass for a while.
    "flushing.test": {**BESIDE_SIMPLE, "csi_resume_inactive_delay": 3600},
    # Each is changed by one test.
    "reloaded.test": POLICY,
    "unloaded.test": POLICY,
}
WITH_AND_WITHOUT = ("alone.test", "beside.test", "flushing.test")
USERS = {host: [f"user-{number}" for number in range(20)] for host in HOSTS}

_users = itertools.count()


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def scene(request):
    with Scene(request.param, HOSTS, USERS) as scene:
        assert scene.listing.count("running") == len(HOSTS), scene.listing
        yield scene
        scene.keep_if(request.session.testsfailed)


@pytest.fixture(params=WITH_AND_WITHOUT)
def phone(request, scene):
    return inactive_phone(scene, request.param)


def inactive_phone(scene, host, **options):
    """Of somebody whom no other test knows."""
    phone = scene.phone_of(f"user-{next(_users) % len(USERS[host])}@{host}", **options)
    phone.say_inactive()
    scene.settle()
    phone.read()
    phone.got.clear()
    return phone


def arrived(scene, phone):
    scene.settle()
    phone.read()
    return steps(phone.got)


def send_receipts(scene, phone, numbers):
    scene.send(*(receipt(number, phone.address) for number in numbers))


def passes_all_after_a_flush(phone):
    return phone.address.endswith("@flushing.test")


def activate(scene, phone):
    phone.say_active()
    return arrived(scene, phone)


def stamps(phone):
    """How often it is said of each stanza when it was sent."""
    return [len(stanza.findall("{urn:xmpp:delay}delay")) for stanza in phone.got if step_of(stanza) is not None]


def test_on_activity(scene, phone):
    send_receipts(scene, phone, range(5))
    assert arrived(scene, phone) == []
    assert activate(scene, phone) == [0, 1, 2, 3, 4]
    assert stamps(phone) == [1] * 5


def test_each_device_by_itself(scene, phone):
    other, awake = (scene.phone_of(phone.address, resource=name) for name in ("other", "awake"))
    other.say_inactive()
    scene.settle()
    send_receipts(scene, phone, [0, 1])
    assert [arrived(scene, device) for device in (awake, phone, other)] == [[0, 1], [], []]
    assert [activate(scene, device) for device in (phone, other)] == [[0, 1], [0, 1]]
    assert [stamps(device) for device in (awake, phone, other)] == [[0, 0], [1, 1], [1, 1]]


def test_what_cannot_wait_takes_along_what_could(scene, phone):
    send_receipts(scene, phone, [0, 1])
    scene.send(hello(2, phone.address))
    assert arrived(scene, phone) == [0, 1, 2]
    if passes_all_after_a_flush(phone):
        send_receipts(scene, phone, [3])
        assert arrived(scene, phone) == [0, 1, 2, 3]
        return
    scene.fall_asleep(phone)
    send_receipts(scene, phone, [3])
    assert arrived(scene, phone) == [0, 1, 2]
    assert activate(scene, phone) == [0, 1, 2, 3]


def test_the_newest_presence_at_its_own_place(scene, phone):
    scene.send(presence(0, phone.address), receipt(1, phone.address), presence(2, phone.address), receipt(3, phone.address))
    assert arrived(scene, phone) == []
    assert activate(scene, phone) == [1, 2, 3]


def test_said_twice(scene, phone):
    phone.say_inactive()
    send_receipts(scene, phone, [0, 1])
    phone.say_inactive()
    send_receipts(scene, phone, [2])
    phone.say_active()
    phone.say_active()
    assert arrived(scene, phone) == [0, 1, 2]
    send_receipts(scene, phone, [3])
    assert arrived(scene, phone) == [0, 1, 2, 3]


def test_inactive_again_after_a_resumption(scene, phone):
    send_receipts(scene, phone, [0])
    phone.cut()
    send_receipts(scene, phone, [1])
    phone.resume()
    phone.say_inactive()
    assert arrived(scene, phone) == [0, 1]
    if not passes_all_after_a_flush(phone):
        scene.fall_asleep(phone)
        send_receipts(scene, phone, [2])
        assert arrived(scene, phone) == [0, 1]
    send_receipts(scene, phone, [3])
    assert activate(scene, phone) == ([0, 1, 3] if passes_all_after_a_flush(phone) else [0, 1, 2, 3])


def test_cut_again_and_again(scene, phone):
    for number in range(0, 12, 3):
        phone.say_inactive()
        send_receipts(scene, phone, [number])
        (phone.cut if number % 2 else phone.lose)()
        send_receipts(scene, phone, [number + 1])
        phone.resume()
        send_receipts(scene, phone, [number + 2])
    assert arrived(scene, phone) == list(range(12))


LARGE = "<note xmlns='urn:example:note'>" + "x" * 10_000 + "</note>"
OVERFLOWS = {"300 stanzas": (300, ""), "2 MiB": (200, LARGE)}


@pytest.mark.parametrize("count, inside", OVERFLOWS.values(), ids=OVERFLOWS)
def test_too_much_to_hold(scene, phone, count, inside):
    scene.send(*(message(f"<received xmlns='urn:xmpp:receipts' id='s'/>{inside}", number, phone.address) for number in range(count)))
    before = arrived(scene, phone)
    assert 0 < len(before) and before == list(range(len(before)))
    assert len(before) < count or passes_all_after_a_flush(phone)
    assert activate(scene, phone) == list(range(count))


CHANGES = {"reloaded.test": "module:reload('wasm', 'reloaded.test')", "unloaded.test": "module:unload('wasm', 'unloaded.test')"}


@pytest.mark.parametrize("host", CHANGES)
def test_the_module_goes_while_stanzas_are_held(scene, host):
    managed, plain = inactive_phone(scene, host), inactive_phone(scene, host, is_resumable=False)
    for phone in (managed, plain):
        send_receipts(scene, phone, [0, 1, 2])
        assert arrived(scene, phone) == []
    assert "Error" not in scene.server.shell(CHANGES[host])
    for phone in (managed, plain):
        send_receipts(scene, phone, [3, 4])
        assert activate(scene, phone) == [0, 1, 2, 3, 4]
        send_receipts(scene, phone, [5])
        assert arrived(scene, phone) == [0, 1, 2, 3, 4, 5]

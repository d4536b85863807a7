"""Which app servers a phone may register with, and how often; who is refused is told why in words."""

import itertools

import pytest
from phone import OPTIONS, Phone, error_text
from push_server import SECOND, SERVICE, UNLISTED, PushServer, policies
from storage import kept

ALLOWED = 5
KILOBYTE = 1024
users = (f"user{number}" for number in itertools.count())
LISTED = [SERVICE, SECOND]
NOT_LISTED = {
    "another service": UNLISTED,
    "the parent of those listed": "push.test",
    "a name that only ends like those listed": "evilpush.test",
    "a name that only begins like the one listed": f"{SERVICE}.evil.test",
    "somebody": "bob@local.test",
    "oneself": "{bare}",
    "the server": "local.test",
    "a room": "tea@rooms.local.test",
    "nothing": "",
    "no address": "@@",
    "a pattern": "*.push.test",
}
HUGE = {
    "options": (OPTIONS.format("x" * 200 * KILOBYTE), "node"),
    "many fields": ("<x xmlns='jabber:x:data' type='submit'>" + "<field var='a'><value>b</value></field>" * 5000 + "</x>", "node"),
    "node": ("", "n" * 100 * KILOBYTE),
}


@pytest.fixture(scope="module", params=["13.0", "0.12"])
def server(request):
    names = [*(f"user{number}" for number in range(60)), "bob"]
    with PushServer(request.param, names, policies()) as server:
        yield server


@pytest.fixture
def phone(server):
    with Phone(server, next(users)) as phone:
        yield phone


def registrations(server, phone):
    return kept(server, "local.test", "cloud_notify", phone.bare.partition("@")[0])


def check_refused(server, phone, answer, node="node"):
    """A sentence for a person; and nothing is kept."""
    text = error_text(answer)
    assert answer.get("type") == "error"
    assert text.endswith(".") and " " in text and text[0].isupper() and len(text) < 500, text
    assert f'"{node}"' not in registrations(server, phone)


def is_allowed(answer):
    return answer.get("type") == "result"


@pytest.mark.parametrize("service", LISTED)
def test_a_listed_service_is_allowed(server, phone, service):
    assert is_allowed(phone.enable(service, "node"))
    assert service in registrations(server, phone)


@pytest.mark.parametrize("service", NOT_LISTED.values(), ids=NOT_LISTED)
def test_everything_else_is_refused(server, phone, service):
    check_refused(server, phone, phone.enable(service.format(bare=phone.bare), "node"))


def test_ones_own_device_is_refused(server, phone):
    assert not is_allowed(phone.enable(phone.full, "node"))
    assert "node" not in registrations(server, phone)


@pytest.mark.parametrize("inside, node", HUGE.values(), ids=HUGE)
def test_something_huge_is_refused(server, phone, inside, node):
    check_refused(server, phone, phone.enable(SERVICE, node, inside))


def test_options_of_a_common_size_are_allowed(server, phone):
    assert is_allowed(phone.enable(SERVICE, "node", OPTIONS.format("x" * 64)))


def test_so_many_and_no_more(server, phone):
    for number in range(ALLOWED):
        assert is_allowed(phone.enable(SERVICE, f"device-{number}"))
    check_refused(server, phone, phone.enable(SERVICE, "node-too-many"), "node-too-many")
    check_refused(server, phone, phone.enable(SECOND, "node-too-many"), "node-too-many")
    assert is_allowed(phone.enable(SERVICE, "device-0")), "once more is not one more"
    assert is_allowed(phone.disable(SERVICE, "device-1"))
    assert is_allowed(phone.enable(SERVICE, "device-again"))
    check_refused(server, phone, phone.enable(SERVICE, "node-too-many"), "node-too-many")


def test_the_number_is_for_all_devices_together(server, phone):
    with Phone(server, phone.bare.partition("@")[0], "tablet") as tablet:
        for number in range(ALLOWED):
            assert is_allowed((phone, tablet)[number % 2].enable(SERVICE, f"device-{number}"))
        for device in (phone, tablet):
            check_refused(server, device, device.enable(SERVICE, "node-too-many"), "node-too-many")


def test_disabling_all_of_a_service_makes_room(server, phone):
    for number in range(ALLOWED):
        phone.enable(SERVICE, f"device-{number}")
    assert is_allowed(phone.disable(SERVICE))
    assert is_allowed(phone.enable(SECOND, "device-0"))


@pytest.mark.parametrize("to", ["bob@local.test", "local.test"])
def test_nobody_registers_for_somebody_else(server, phone, to):
    assert not is_allowed(phone.enable(SERVICE, "node-of-a-stranger", to=to))
    assert kept(server, "local.test", "cloud_notify", "bob") == ""
    assert registrations(server, phone) == ""


def test_naming_oneself_is_the_same(server, phone):
    assert is_allowed(phone.enable(SERVICE, "node", to=phone.bare))


def test_a_refused_service_hears_nothing(server, phone):
    unlisted = server.app_server(UNLISTED)
    phone.enable(UNLISTED, "node")
    phone.close()
    with Phone(server, "bob") as bob:
        bob.send(f"<message to='{phone.bare}' type='chat'><body>hello</body></message>")
        bob.synchronise()
    assert unlisted.collect() == []
    unlisted.close()

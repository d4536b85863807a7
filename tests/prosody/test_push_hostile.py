"""A client that registers without end: its disk and memory stay as they were, and others are answered meanwhile."""

import os

import pytest
from phone import Phone
from push_server import SERVICE, PushServer, policies
from storage import kept

# `make test` takes the small number; the large one for an afternoon.
REGISTRATIONS = int(os.environ.get("REGISTRATIONS", "2000"))
BATCH = 100
WARMING = 300
ALLOWED = 5
LARGEST_ON_DISK = 16 * 1024
LARGEST_GROWTH = 4 * 1024  # KiB
NODE = "node-" + "n" * 100

ENABLE = "<iq type='set' id='loop-{0}'{1}><enable xmlns='urn:xmpp:push:0' jid='{2}' node='{3}'/></iq>"
LOOPS = {
    "distinct nodes": lambda number: ("", SERVICE, f"{NODE}-{number}"),
    "distinct services": lambda number: ("", f"service-{number}.push.test", NODE),
    "distinct services that are refused": lambda number: ("", f"service-{number}.evil.test", NODE),
    "for somebody else": lambda number: (" to='bob@local.test'", SERVICE, f"{NODE}-{number}"),
    "for each of all others": lambda number: (f" to='user-{number}@local.test'", SERVICE, NODE),
    "forth and back": lambda number: ("", SERVICE, f"{NODE}-{number // 2}"),
}
DISABLE = "<iq type='set' id='loop-{0}'><disable xmlns='urn:xmpp:push:0' jid='{2}' node='{3}'/></iq>"


@pytest.fixture(scope="module", params=["13.0", "0.12"])
def server(request):
    with PushServer(request.param, ["bob", "carol", *(f"mallory{number}" for number in range(len(LOOPS)))], policies()) as server:
        yield server


def register(phone, loop, numbers):
    """Sends them all at once; how many were allowed."""
    for number in numbers:
        is_disabled = loop == "forth and back" and number % 2
        phone.send((DISABLE if is_disabled else ENABLE).format(number, *LOOPS[loop](number)))
    return sum(answer.get("type") == "result" for answer in phone.synchronise() if answer.get("id", "").startswith("loop-"))


def batches(first, last):
    return [range(start, min(start + BATCH, last)) for start in range(first, last, BATCH)]


@pytest.mark.parametrize("loop", LOOPS)
def test_registering_without_end(server, loop):
    name = f"mallory{list(LOOPS).index(loop)}"
    with Phone(server, name) as mallory, Phone(server, "carol", name) as carol:
        allowed = sum(register(mallory, loop, batch) for batch in batches(0, WARMING))
        server.census()
        before = server.resident_kilobytes()
        for batch in batches(WARMING, REGISTRATIONS):
            allowed += register(mallory, loop, batch)
            carol.synchronise()
        grown = server.resident_kilobytes() - before
        stored = kept(server, "local.test", "cloud_notify", name)
    assert grown < LARGEST_GROWTH, f"{grown} KiB more"
    assert len(stored) < LARGEST_ON_DISK
    assert kept(server, "local.test", "cloud_notify", "bob") == ""
    if loop != "forth and back":
        assert allowed <= ALLOWED
        assert stored.count(NODE) == 2 * allowed  # each in its key and in its value
    assert server.alive


@pytest.mark.parametrize("version", ["13.0"])
def test_prosody_alone_keeps_what_it_is_given(version):
    with PushServer(version, ["mallory0", "bob", "carol"], None) as server, Phone(server, "mallory0") as mallory:
        assert register(mallory, "distinct nodes", range(WARMING)) == WARMING
        assert len(kept(server, "local.test", "cloud_notify", "mallory0")) > LARGEST_ON_DISK

"""Alice talks privately with Bob, who has two devices: what becomes of it with carbons and without."""

from contextlib import ExitStack
from dataclasses import dataclass, field

from configuration import Host
from otr_device import Device, Endless, settle
from server import Server
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

PEOPLE = dict.fromkeys(("alice", "bob"), PASSWORD)
# (host, whether the clients enable carbons)
COLUMNS = {"carbons off": ("plain.test", False), "carbons on": ("plain.test", True),
           "carbons on, with the policy": ("policy.test", True)}
# How many texts each of them writes.
WRITTEN = 2
# No message of these conversations is within a dozen bytes of a multiple of it: their length varies with the keys.
FRAGMENT = 300


@dataclass(frozen=True)
class Scenario:
    """Alice's desk and Bob's phone talk in one version of OTR, and Bob's laptop is online too."""

    name: str
    version: int
    # Whether the laptop has OTR, or only shows what it gets.
    laptop_has_otr: bool = True
    # With the phone's priority, the laptop gets from the server itself what goes to Bob's bare address.
    equal_priority: bool = False
    # Always to the bare address, or to the full one after the first answer.
    bare: bool = False
    # A "query" from Alice or one from Bob's "phone", a "tag", or the phone "after the laptop".
    start: str = "query"
    fragment_size: int = 0
    # Alice's second device, with OTR.
    tablet: bool = False


SCENARIOS = [scenario for version in (2, 3) for scenario in (
    Scenario("Bob’s laptop has OTR", version),
    Scenario("– all goes to bare addresses", version, bare=True),
    Scenario("– a whitespace tag starts it", version, start="tag"),
    Scenario("– Bob’s phone starts it", version, start="phone"),
    Scenario("– Bob’s phone starts it while a conversation at the laptop is open", version, start="after the laptop"),
    Scenario("– in fragments", version, fragment_size=FRAGMENT),
    Scenario("Bob’s laptop has no OTR", version, laptop_has_otr=False),
    Scenario("Bob’s laptop has OTR and the phone’s priority", version, equal_priority=True),
    Scenario("– and all goes to bare addresses", version, equal_priority=True, bare=True),
    Scenario("Alice has a second device with OTR, Bob’s laptop has none", version, laptop_has_otr=False, tablet=True),
)]


@dataclass
class Outcome:
    """What went wrong."""

    facts: list = field(default_factory=list)

    def add(self, fact, count, wanted=0):
        if count != wanted:
            self.facts.append(fact.format(count))

    def __str__(self):
        return ", ".join(self.facts) or "works"


def carbons_server(version):
    """A server with two hosts, of which one has the policy."""
    hosts = [Host("plain.test", users=PEOPLE), Host("policy.test", with_wasm({"carbons": {}}), users=PEOPLE)]
    return Server(version, hosts, shared_cache())


def is_ready(server):
    return "running" in wait_until_settled(server)


def play(server, scenario, column):
    """Plays a scenario and says what went wrong in it."""
    with ExitStack() as open_devices:
        def log_in(name):
            return open_devices.enter_context(logged_in(server, scenario, column, name))

        desk, laptop = log_in("desk"), log_in("laptop")
        if scenario.start == "after the laptop":
            talk_at_laptop(desk, laptop)
        devices = [desk, log_in("phone"), laptop] + ([log_in("tablet")] if scenario.tablet else [])
        try:
            begin(scenario, *devices)
            talk(*devices)
        except Endless:
            return endless(devices)
        return outcome(*devices)


def logged_in(server, scenario, column, name):
    host, carbons = COLUMNS[column]
    alice, bob = f"alice@{host}", f"bob@{host}"
    own, peer = (alice, bob) if name in ("desk", "tablet") else (bob, alice)
    has_otr = name != "laptop" or scenario.laptop_has_otr
    is_first = name in ("desk", "phone") or name == "laptop" and scenario.equal_priority
    return Device(server, own, PASSWORD, name, peer, [scenario.version] if has_otr else [], carbons,
                  priority=5 if is_first else 0, locks=not scenario.bare, fragment_size=scenario.fragment_size)


def talk_at_laptop(desk, laptop):
    """A conversation that Bob does not end before he takes his phone; it does not count."""
    laptop.start()
    settle([desk, laptop])
    assert laptop.sessions() == desk.sessions() == 1
    desk.otr.established = 0


def begin(scenario, desk, phone, *others):
    if scenario.start == "query":
        desk.start()
    elif scenario.start == "tag":
        desk.say("an offer behind a text")
        # This text in the clear is no accident.
        desk.clear = 0
    else:
        phone.start()
    settle([desk, phone, *others])


def talk(desk, phone, *others):
    for number in range(WRITTEN):
        for device, name in ((desk, "alice"), (phone, "bob")):
            device.say(f"{name} {number}")
            settle([desk, phone, *others])


def endless(devices):
    errors = sum(device.errors_sent() for device in devices)
    return Outcome([f"no end: {errors} error replies and {devices[0].sessions()} handshakes until the test gives up"])


def outcome(desk, phone, *others):
    devices = [desk, phone, *others]
    found = Outcome()
    found.add(f"the phone reads {{}} of {WRITTEN}", phone.has_read(written("alice")), WRITTEN)
    found.add(f"Alice reads {{}} of {WRITTEN}", desk.has_read(written("bob")), WRITTEN)
    found.add("in the clear: {}", sum(device.clear for device in devices))
    found.add("unreadable: {}", sum(device.unreadable() for device in devices))
    found.add("for another session: {}", sum(device.told("for another instance") for device in devices))
    found.add("sessions: {}", desk.sessions(), 1)
    found.add("failed handshakes: {}", sum(device.told("setup error") for device in devices))
    found.add("error replies: {}", sum(device.errors_sent() for device in devices))
    return found


def written(name):
    return [f"{name} {number}" for number in range(WRITTEN)]

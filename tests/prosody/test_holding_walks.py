"""Random orders of what can happen to a phone and its connection: still everything comes once and in order."""

import random

import pytest

from client import Tcp
from conftest import THREE_VERSIONS
from csi_scene import BESIDE_SIMPLE, CONTACTS, POLICY, Scene, message, receipt
from steps import step, steps
from websocket import WebSocket

HOSTS = {"alone.test": POLICY, "beside.test": {**BESIDE_SIMPLE, "csi_resume_inactive_delay": 0}}
SEEDS = range(6)
EVENTS = 80
CHAT_STATE = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
STANZAS = ["receipt", "hello", "presence", "chat state"]
CONNECTED = {"send": 12, "read": 3, "say_inactive": 3, "say_active": 1, "cut": 1, "lose": 1}
AWAY = {"send": 3, "resume": 1}


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def scene(request):
    users = [f"{transport.name.lower()}-{seed}" for transport in (Tcp, WebSocket) for seed in SEEDS]
    with Scene(request.param, HOSTS, dict.fromkeys(HOSTS, users)) as scene:
        assert scene.listing.count("running") == len(HOSTS), scene.listing
        yield scene
        scene.keep_if(request.session.testsfailed)


class Walk:
    def __init__(self, scene, phone, seed):
        self.scene, self.phone, self.random = scene, phone, random.Random(seed)
        self.is_away = False
        self.keys = []  # of what was sent, by its number
        self.story = []

    def go(self):
        for _ in range(EVENTS):
            chances = AWAY if self.is_away else CONNECTED
            self.happen(self.random.choices(list(chances), chances.values())[0])
        if self.is_away:
            self.happen("resume")
        self.happen("say_active")
        self.happen("read")

    def happen(self, event):
        self.story.append(event)
        self.send() if event == "send" else getattr(self.phone, event)()
        self.is_away = event in ("cut", "lose") or (self.is_away and event != "resume")
        self.scene.settle()

    def send(self):
        kind, contact = self.random.choice(STANZAS), f"contact-{self.random.randrange(2)}@{CONTACTS}/desk"
        self.story[-1] = f"{kind} {len(self.keys)}"
        number, to = len(self.keys), self.phone.address
        self.keys.append((kind, contact) if kind in ("presence", "chat state") else None)
        self.scene.send({
            "receipt": receipt(number, to),
            "hello": message("<body>hello</body>", number, to),
            "presence": f"<presence from='{contact}' to='{to}'>{step(number)}</presence>",
            "chat state": message(CHAT_STATE, number, to, sender=contact),
        }[kind])

    def missing(self):
        """What neither arrived nor was followed by something newer of its kind that did."""
        arrived = set(steps(self.phone.got))
        newest = {self.keys[number]: number for number in sorted(arrived)}
        return [number for number, key in enumerate(self.keys)
                if number not in arrived and (key is None or newest.get(key, -1) < number)]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("transport", [Tcp, WebSocket], ids=lambda transport: transport.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_walk(scene, host, transport, seed):
    walk = Walk(scene, scene.phone_of(f"{transport.name.lower()}-{seed}@{host}", transport=transport), seed)
    walk.go()
    arrived = steps(walk.phone.got)
    assert (walk.missing(), arrived) == ([], sorted(set(arrived))), walk.story

"""Whatever `e2ee` shuts in strict mode while it runs is shut while nobody can be asked, and people stay online."""

import pytest

import broken_setups
from broken_setups import Setup
from canaries import ping
from client import Client, new_marker
from component import Component
from conftest import VERSIONS
from server import Server
from side_door_stanzas import text
from storage import put
from test_plaintext_side_doors import DOORS, NODES, PUBSUB
from world import PASSWORD, SECRET, bundled, local_hosts, shared_cache

HOST, BRIDGE = "local.test", "bridge.local.test"
CAPABILITIES = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
WRITTEN = "SECRET at noon"
# Where a text is no text but an attribute.
ATTRIBUTES = {
    "attribute of presence": f"<presence said='{WRITTEN}'/>",
    "attribute of presence to one": f"<presence to='{{full}}' said='{WRITTEN}'/>",
    "id of presence": f"<presence to='{{full}}' id='{WRITTEN}'/>",
    "language of presence": f"<presence to='{{full}}' xml:lang='{WRITTEN}'/>",
    "type of presence": f"<presence to='{{full}}' type='{WRITTEN}'/>",
    "capabilities to all": f"<presence><c xmlns='http://jabber.org/protocol/caps' node='{WRITTEN}'/></presence>",
    "capabilities to one": f"<presence to='{{full}}'><c xmlns='http://jabber.org/protocol/caps' node='{WRITTEN}'/></presence>",
    "inside of capabilities": "<presence to='{full}'><c xmlns='http://jabber.org/protocol/caps'>"
                              f"<body xmlns='jabber:client' said='{WRITTEN}'/></c></presence>",
    "attribute of a ping": f"<iq to='{{full}}' type='get' id='1'><ping xmlns='urn:xmpp:ping' said='{WRITTEN}'/></iq>",
    "id of a ping": f"<iq to='{{full}}' type='get' id='{WRITTEN}'><ping xmlns='urn:xmpp:ping'/></iq>",
    "id of an answer": f"<iq to='{{full}}' type='result' id='{WRITTEN}'/>",
    "attribute of a vCard": f"<iq type='set' id='1'><vCard xmlns='vcard-temp'><FN said='{WRITTEN}'/></vCard></iq>",
    "question to a component": f"<iq to='{BRIDGE}' type='set' id='1'><query xmlns='urn:q'>SECRET</query></iq>",
    "question to a bot": f"<iq to='{BRIDGE}/bot' type='get' id='1'><query xmlns='urn:q'>SECRET</query></iq>",
    "attribute to a component": f"<iq to='{BRIDGE}' type='get' id='1'><query xmlns='urn:q' said='{WRITTEN}'/></iq>",
}
# What others would read there, were it kept.
KEPT = ["<vCard xmlns='vcard-temp'/>"] + [f"<pubsub xmlns='{PUBSUB}'><items node='{node}'/></pubsub>" for node in NODES]


def shim_broken(setup):
    (setup.library.parent / "policies.lib.lua").write_text("this is not Lua")


class Closed:
    """Alice and Bob, who see each other's presence, and a component, on a server where nobody can be asked."""

    def __init__(self, version, spoil):
        self.setup = Setup(bundled())
        spoil(self.setup)
        self.server = Server(version, local_hosts(self.setup.policies), {**shared_cache(), **self.setup.options}, stage=self.setup.stage)
        for user, contact in (("alice", "bob"), ("bob", "alice")):
            put(self.server, HOST, "roster", user, {f"{contact}@{HOST}": {"subscription": "both", "groups": {}}})

    def __enter__(self):
        self.server.start()
        self.alice, self.bob = (Client(self.server, f"{user}@{HOST}", PASSWORD) for user in ("alice", "bob"))
        self.bridge = Component(self.server, BRIDGE, SECRET)
        return self

    def __exit__(self, *error):
        self.server.__exit__(*error)
        self.setup.remove()

    def ask(self, payload, to=None, kind="get"):
        """What Alice is answered."""
        marker = new_marker()
        address = f" to='{to}'" if to else ""
        self.alice.send(f"<iq type='{kind}'{address} id='{marker}'>{payload}</iq>")
        while (answer := self.alice.receive()).get("id") != marker:
            pass
        return answer

    def reaches(self, xml):
        """Does the text arrive at Bob or the component, or is it kept in Alice's account?"""
        self.alice.send(xml.replace("{full}", self.bob.full).replace("{bare}", self.bob.bare))
        self.alice.synchronise()
        arrived = self.bob.synchronise() + ping(self.bridge, HOST, f" from='anne@{BRIDGE}'")
        if "type='set'" in xml:
            arrived += [self.ask(payload) for payload in KEPT]
        return any("SECRET" in text(stanza) for stanza in arrived)


@pytest.fixture(scope="module", params=VERSIONS)
def version(request):
    return request.param


@pytest.fixture(scope="module", params=[broken_setups.policy_deleted, broken_setups.library_deleted, shim_broken],
                ids=lambda spoil: spoil.__name__)
def closed(version, request):
    with Closed(version, request.param) as scene:
        yield scene


def test_all_doors_are_shut(closed):
    doors = {**DOORS, **ATTRIBUTES}
    assert [name for name, xml in doors.items() if closed.reaches(xml)] == []
    assert "Traceback" not in closed.server.log()


def test_people_stay_online(closed):
    answers = {name: closed.ask(payload, to) for name, payload, to in [
        ("roster", "<query xmlns='jabber:iq:roster'/>", None),
        ("ping", "<ping xmlns='urn:xmpp:ping'/>", HOST),
        ("disco", "<query xmlns='http://jabber.org/protocol/disco#info'/>", HOST),
        ("own disco", "<query xmlns='http://jabber.org/protocol/disco#info'/>", closed.alice.bare),
    ]}
    assert {name: answer.get("type") for name, answer in answers.items()} == dict.fromkeys(answers, "result")
    assert closed.bob.bare in text(answers["roster"])
    closed.bob.synchronise()
    closed.alice.send("<presence type='unavailable'/>")
    closed.alice.send("<presence/>")
    closed.alice.synchronise()
    seen = [stanza.get("type") for stanza in closed.bob.synchronise() if (stanza.get("from") or "") == closed.alice.full]
    assert seen == ["unavailable", None]


@pytest.mark.parametrize("spoil", [broken_setups.policy_deleted, broken_setups.library_deleted], ids=lambda spoil: spoil.__name__)
def test_what_software_says_passes(version, spoil):
    with Closed(version, spoil) as scene:
        carbons = "<enable xmlns='urn:xmpp:carbons:2'/>"
        assert scene.ask(carbons, kind="set").get("type") == "result"
        info = scene.ask("<query xmlns='http://jabber.org/protocol/disco#info'/>", "rooms.local.test")
        assert info.get("type") == "result", text(info)
        scene.bob.synchronise()
        scene.alice.send(f"<presence id='f2a6-1' xml:lang='en'>{CAPABILITIES}</presence>")
        scene.alice.synchronise()
        assert any("QgayPKawpkPSDYmwT" in text(stanza) for stanza in scene.bob.synchronise())
        marker = new_marker()
        scene.alice.send(f"<iq type='get' id='{marker}' to='{scene.bob.full}'><ping xmlns='urn:xmpp:ping'/></iq>")
        while (question := scene.bob.receive()).get("id") != marker:
            pass
        scene.bob.send(f"<iq type='result' id='{marker}' to='{question.get('from')}'/>")
        while (answer := scene.alice.receive()).get("id") != marker:
            pass
        assert answer.get("type") == "result"
        assert "Traceback" not in scene.server.log()

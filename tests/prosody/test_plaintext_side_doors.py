"""Ways for a text to get out besides messages: each is open in Prosody alone, and shut by `e2ee` in strict mode.
test_plaintext_by_every_road.py goes through them from and to elsewhere, too."""

from client import Client, new_marker
from configuration import MODULES, Host
from conftest import scene_fixture
from iq_doors import IQS, TEXT
from server import Server
from side_door_stanzas import text
from storage import put
from world import PASSWORD, bundled, shared_cache, wait_until_settled, with_wasm

HOST = "local.test"
SECRET = "SECRET"
PUBSUB = "http://jabber.org/protocol/pubsub"
NODES = {
    "urn:xmpp:microblog:0": "<entry xmlns='http://www.w3.org/2005/Atom'><title type='text'>SECRET</title></entry>",
    "http://jabber.org/protocol/mood": "<mood xmlns='http://jabber.org/protocol/mood'><happy/><text>SECRET</text></mood>",
    "http://jabber.org/protocol/tune": "<tune xmlns='http://jabber.org/protocol/tune'><title>SECRET</title></tune>",
    "http://jabber.org/protocol/nick": "<nick xmlns='http://jabber.org/protocol/nick'>SECRET</nick>",
    "urn:example:note": "<note xmlns='urn:example:note' said='SECRET'/>",
    # Under the name of what is allowed.
    "urn:xmpp:bookmarks:1": f"<conference xmlns='urn:xmpp:bookmarks:1' name='{TEXT}'/>",
    "eu.siacs.conversations.axolotl.devicelist": "<list xmlns='eu.siacs.conversations.axolotl'><note xmlns='urn:example:note'>SECRET</note></list>",
    "urn:xmpp:avatar:metadata": "<metadata xmlns='urn:xmpp:avatar:metadata'><info id='a' bytes='1' type='SECRET'>SECRET</info></metadata>",
}


def publishing(node, item):
    return (f"<iq type='set' id='publish'><pubsub xmlns='{PUBSUB}'><publish node='{node}'><item>{item}</item></publish></pubsub></iq>")


def carried(content, **attributes):
    written = "".join(f" {name}='{value}'" for name, value in attributes.items())
    return f"<message to='{{full}}'{written}>{content}</message>"


FORWARDED = ("<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='carol@local.test/x' to='{bare}' type='chat'>"
             "<body>SECRET</body></message></forwarded>")
ERROR = "<error type='cancel'><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>SECRET</text></error>"
# What is sent, {full} and {bare} being the addresses of who is to get it. In the clear all of it arrives.
DOORS = {
    "status to all": "<presence><status>SECRET</status></presence>",
    "status to one": "<presence to='{full}'><status>SECRET</status></presence>",
    "status when leaving": "<presence to='{full}' type='unavailable'><status>SECRET</status></presence>",
    "show": "<presence to='{full}'><show>SECRET</show></presence>",
    "nickname in presence": "<presence to='{full}'><nick xmlns='http://jabber.org/protocol/nick'>SECRET</nick></presence>",
    "payload of presence": "<presence to='{full}'><x xmlns='urn:example:x'>SECRET</x></presence>",
    "body of presence": "<presence to='{full}'><body>SECRET</body></presence>",
    "question": "<iq to='{full}' type='set' id='1'><query xmlns='urn:example:q'>SECRET</query></iq>",
    "question in an attribute": "<iq to='{full}' type='get' id='1'><query xmlns='urn:example:q' said='SECRET'/></iq>",
    "known question with a text": "<iq to='{full}' type='get' id='1'><query xmlns='jabber:iq:version'><name>SECRET</name></query></iq>",
    "answer to nothing": "<iq to='{full}' type='result' id='1'><query xmlns='urn:example:q'>SECRET</query></iq>",
    "error of a question": "<iq to='{full}' type='error' id='1'>" + ERROR + "</iq>",
    "byte stream": "<iq to='{full}' type='set' id='1'><data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='0'>SECRET</data></iq>",
    "error of a message": carried(ERROR, type="error"),
    "body of an error": carried("<body>SECRET</body>" + ERROR, type="error"),
    "forged copy": carried("<received xmlns='urn:xmpp:carbons:2'>" + FORWARDED + "</received>"),
    "forged own copy": carried("<sent xmlns='urn:xmpp:carbons:2'>" + FORWARDED + "</sent>"),
    "forged archive": carried("<result xmlns='urn:xmpp:mam:2' id='1' queryid='1'>" + FORWARDED + "</result>"),
    "forged event": carried("<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:example:note'><item id='1'>"
                            "<note xmlns='urn:example:note'>SECRET</note></item></items></event>", type="headline"),
    "capabilities": "<presence to='{full}'><c xmlns='http://jabber.org/protocol/caps' ext='SECRET-v1 at-v1 noon-v1'/></presence>",
    **{f"published {node}": publishing(node, item) for node, item in NODES.items()},
    **IQS,
}


class Scene:
    """Alice and Bob, who see each other's presence, and Bob wants to hear of all that Alice publishes."""

    def __init__(self, version, is_guarded):
        wasm = with_wasm(bundled()) if is_guarded else {}
        self.server = Server(version, [Host(HOST, wasm, users=dict.fromkeys(("alice", "bob"), PASSWORD))],
                             {**shared_cache(), "modules_enabled": [*MODULES, "mam"]})
        for user, contact in (("alice", "bob"), ("bob", "alice")):
            put(self.server, HOST, "roster", user, {f"{contact}@{HOST}": {"subscription": "both", "groups": {}}})

    def __enter__(self):
        self.server.start()
        wait_until_settled(self.server) if self.server.hosts[0].options else None
        self.alice, self.bob = (Client(self.server, f"{user}@{HOST}", PASSWORD) for user in ("alice", "bob"))
        for node in NODES:
            # Something harmless, so that there is a node.
            self.alice.send(publishing(node, ""))
            subscription = f"<pubsub xmlns='{PUBSUB}'><subscribe node='{node}' jid='{self.bob.bare}'/></pubsub>"
            self.bob.send(f"<iq type='set' to='{self.alice.bare}' id='{new_marker()}'>{subscription}</iq>")
        self.alice.synchronise(), self.bob.synchronise()
        return self

    def __exit__(self, *error):
        self.server.__exit__(*error)

    def reaches(self, xml):
        """Does the text arrive at Bob, or in what he can fetch from Alice's account?"""
        self.alice.send(xml.replace("{full}", self.bob.full).replace("{bare}", self.bob.bare))
        arrived = self.bob.receive_marker(self.alice.mark(self.bob.full))
        for node in NODES if "<publish" in xml else ():
            marker = new_marker()
            self.bob.send(f"<iq type='get' to='{self.alice.bare}' id='{marker}'><pubsub xmlns='{PUBSUB}'><items node='{node}'/></pubsub></iq>")
            answer = []
            self.bob.receive_until(lambda stanza: answer.append(stanza) or stanza.get("id") == marker)
            arrived += answer
        return any(SECRET in text(stanza) for stanza in arrived)


alone = scene_fixture(lambda version: Scene(version, is_guarded=False))
guarded = scene_fixture(lambda version: Scene(version, is_guarded=True))


def test_prosody_alone_opens_all(alone):
    assert [name for name, xml in DOORS.items() if not alone.reaches(xml)] == []


def test_with_the_policy_all_are_shut(guarded):
    assert [name for name, xml in DOORS.items() if guarded.reaches(xml)] == []

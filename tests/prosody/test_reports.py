"""Whom users report with a block is told to the operator: who, why, how often; the message that was reported nowhere."""

from client import new_marker
from storage import places
from strangers_scene import ROSE, Scene

SPAM = "REPORTED-CANARY"
REPORT = ("<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'>"
          "<stanza-id xmlns='urn:xmpp:sid:0' by='bob@local.test' id='1'/><text>WRITTEN-CANARY</text></report>")


def told(scene, client):
    stanzas = [stanza for stanza in client.synchronise() if stanza.get("from") == "local.test"]
    return [(stanza.get("type"), stanza.findtext("{jabber:client}body")) for stanza in stanzas]


def test_reach_the_operator(version):
    options = {"default_archive_policy": False}
    with Scene(version, {}, **options) as scene:
        scene.write("rose", [SPAM])
        assert [stanza.findtext("{*}body") for stanza in scene.arrived()[0]] == [SPAM]
        scene.block(ROSE, REPORT)
        assert told(scene, scene.olaf) == [("normal", "rose@remote.test was reported for spam")]
        assert told(scene, scene.alice) == []
        for canary in (SPAM, "WRITTEN-CANARY"):
            assert places(scene.local, canary) == [] and canary not in scene.local.log(), canary


def test_reach_whoever_is_named(version):
    with Scene(version, {"reporters": True, "report_texts": True}, wasm_operators=["carol@local.test", ROSE]) as scene:
        scene.block("mallory@remote.test", REPORT)
        text = "mallory@remote.test was reported for spam; now by bob@local.test; with the words: WRITTEN-CANARY"
        assert told(scene, scene.carol) == [("normal", text)]
        assert told(scene, scene.olaf) == []
        # The way to another server and back.
        marker = new_marker()
        scene.carol.send(f"<message to='{ROSE}' id='{marker}'><body>settled</body></message>")
        found = [stanza.findtext("{*}body") for stanza in scene.rose.receive_marker(marker)]
        assert found == [text]
        assert "WRITTEN-CANARY" not in scene.local.log()


def test_are_told_of_addresses_and_nothing_else(version):
    with Scene(version, {"batch": 10}) as scene:
        for address in ("m@remote.test", "M@remote.test", "m@REMOTE.test", "m@remote.test/renew your password"):
            scene.block(address, REPORT)
        scene.bob.send("<iq type='set' id='1'><block xmlns='urn:xmpp:blocking'>"
                       f"<item jid='Admin: renew your password@evil.example'>{REPORT}</item></block></iq>")
        assert told(scene, scene.olaf) == [("normal", "m@remote.test was reported for spam")]
        assert [stanza.find("{*}error/{*}jid-malformed") is not None for stanza in scene.bob.synchronise()] == [True]


def test_there_is_an_end_to_them(version):
    """Sixty an hour; the rest is counted."""
    with Scene(version, {"hourly": 1000}) as scene:
        for number in range(70):
            scene.block(f"{number}@remote.test", REPORT)
        assert len(told(scene, scene.olaf)) == 60


def test_block_lists_have_limits(version):
    with Scene(version, {"limit": 2, "batch": 2}) as scene:
        for number in range(2):
            scene.block(f"{number}@remote.test")
        marker = new_marker()
        scene.bob.send(f"<iq type='set' id='{marker}'><block xmlns='urn:xmpp:blocking'><item jid='more@remote.test'/></block></iq>")
        while (answer := scene.bob.receive()).get("id") != marker:
            pass
        assert answer.find("{*}error/{*}resource-constraint") is not None
        assert "at most 2 addresses" in answer.findtext("{*}error/{*}text")
        scene.unblock("0@remote.test")
        scene.block("more@remote.test")

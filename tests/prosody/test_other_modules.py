"""Where the border is between what is judged and what modules of the same server write themselves, as docs/operators.md says."""

import corpus
from client import new_marker
from world import World, bundled

PRIORITIES = [1000, 500, 100, 96, 94, 50, 1, 0.1, 0, -0.1, -0.4, -0.9]
ABOVE = {str(float(priority)) for priority in PRIORITIES if priority > 95}
BELOW = {str(float(priority)) for priority in PRIORITIES if priority < 95}
OMEMO = next(row["xml"] for row in corpus.load("e2ee.json") if row["id"] == "G01")


def notes(stanzas):
    """The notes in the one message that has arrived, by the way on which they were added."""
    message, = [stanza for stanza in stanzas if corpus.payloads(stanza)]
    found = {"pre-message": set(), "message": set()}
    for note in message.findall("{urn:test:editors}note"):
        found[note.get("way")].add(str(float(note.get("priority"))))
    return found


def travel(sender, recipient):
    """Behind it a question, which the module lets alone."""
    sender.send(corpus.addressed(OMEMO, recipient.full))
    marker = new_marker()
    sender.send(f"<iq type='get' to='{recipient.full}' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
    return recipient.receive_marker(marker)


def load(server, priorities):
    server.hosts[0].options["editors_priorities"] = priorities
    server.write_configuration()
    server.shell("config:reload()")
    answer = server.shell("module:load('editors', 'local.test')")
    assert "ok" in answer.lower(), answer


def test_what_modules_add_to_a_message(version):
    with World(version, bundled()) as world:
        load(world.local, PRIORITIES)
        # Above 95 it is judged, and taken out.
        assert notes(travel(world.rose, world.bob)) == {"pre-message": set(), "message": BELOW}
        assert notes(travel(world.alice, world.rose)) == {"pre-message": BELOW, "message": set()}
        # Between two users of one host it was judged on its way out, and nobody asks again.
        assert notes(travel(world.alice, world.bob)) == {"pre-message": BELOW, "message": ABOVE | BELOW}


def test_what_the_server_says_itself(world):
    """Such as announcements and messages of the day: the server is not a person whose words are to be encrypted."""
    load(world.local, [])
    world.alice.send("<iq type='set' to='local.test' id='say'><say xmlns='urn:test:editors'/></iq>")
    texts = ["".join(stanza.itertext()) for stanza in world.alice.synchronise()]
    world.local.shell("module:unload('editors', 'local.test')")
    assert "SAID-BY-A-MODULE" in texts

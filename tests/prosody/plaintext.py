"""One message in the clear, to see whether a host is open."""

from client import Client
from world import PASSWORD

TEXT = "Lunch at noon?"


def is_refused(server, host):
    """Whether alice is told so, and bob gets nothing, when she writes to him in the clear."""
    alice, bob = (Client(server, f"{user}@{host}", PASSWORD) for user in ("alice", "bob"))
    alice.send(f"<message to='{bob.bare}' type='chat'><body>{TEXT}</body></message>")
    told, got = alice.synchronise(), bob.synchronise()
    for client in (alice, bob):
        client.close()
    errors = [stanza for stanza in told if stanza.get("type") == "error"]
    arrived = [stanza for stanza in got if stanza.findtext("{*}body") == TEXT]
    assert len(errors) + len(arrived) == 1, (told, got)
    return bool(errors)

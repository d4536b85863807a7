"""Plaintext sent on every way in, to count what gets through a server whose policies are broken."""

import xml.etree.ElementTree as ElementTree

from client import Client, new_marker
from component import Component
from world import PASSWORD, SECRET

CANARY = "PLAINTEXT-CANARY"
MESSAGES = [
    "<message to='{}' type='chat'><body>PLAINTEXT-CANARY</body></message>",
    "<message to='{}'><body>PLAINTEXT-CANARY</body></message>",
    "<message to='{}' type='headline'><subject>PLAINTEXT-CANARY</subject></message>",
]


def ping(stream, host, sender=""):
    """Answered by the host, or refused by it: either way after everything that was sent before."""
    marker = new_marker()
    stream.send(f"<iq type='get' id='{marker}' to='{host}'{sender}><ping xmlns='urn:xmpp:ping'/></iq>")
    return stream.receive_marker(marker)


class Canaries:
    """Logs alice, bob and the bridge in; `rose` is a client on another server, if there is one."""

    def __init__(self, server, rose=None):
        self.alice = Client(server, "alice@local.test", PASSWORD)
        self.bob = Client(server, "bob@local.test", PASSWORD)
        self.bridge = Component(server, "bridge.local.test", SECRET)
        self.rose = rose

    def delivered(self):
        """How many canaries reached bob."""
        for message in MESSAGES:
            for to in (self.bob.bare, self.bob.full):
                self.alice.send(message.format(to))
                self.bridge.send(message.format(to).replace("<message ", f"<message from='anne@{self.bridge.name}' "))
                if self.rose:
                    self.rose.send(message.format(to))
        self.alice.synchronise()
        ping(self.bridge, "local.test", f" from='anne@{self.bridge.name}'")
        if self.rose:
            ping(self.rose, "local.test")
        return sum(CANARY.encode() in text for text in map(written, self.bob.synchronise()))

    def close(self):
        for stream in (self.alice, self.bob, self.bridge):
            stream.close()


def written(stanza):
    return ElementTree.tostring(stanza)

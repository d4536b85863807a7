"""A device of a person: a connection with carbons or without, OTR or none, and what its screen shows."""

from xml.sax.saxutils import escape

from client import Client, new_marker
from otr import Otr

CARBONS = "urn:xmpp:carbons:2"
FORWARDED = "{*}forwarded/{jabber:client}message"
MOST_ROUNDS = 60
UNREADABLE = ("not in private", "unreadable", "malformed")


class Endless(Exception):
    """The devices answer each other without end."""


class Device(Client):
    """Talks with one peer. `versions` are those of OTR; without any it is a device that shows what it gets.

    Received copies are given to OTR like any message, and sent ones are shown as they are: that is what mcabber does.
    With `locks`, an answer goes to the address that wrote last (XEP-0296), else always to the bare one.
    """

    def __init__(self, server, address, password, resource, peer, versions=(), carbons=True, priority=0, locks=True, fragment_size=0):
        super().__init__(server, address, password, resource)
        self.peer = self.to = peer
        self.locks = locks
        self.clear = self.shown_unread = 0
        self.shown, self.arrived = [], []
        self.otr = Otr(f"{address}/{resource}", peer, versions, self._send_text, fragment_size) if versions else None
        if carbons:
            self.send(f"<iq type='set' id='carbons'><enable xmlns='{CARBONS}'/></iq>")
        self.send(f"<presence><priority>{priority}</priority></presence>")
        self.synchronise()

    def _send_text(self, text):
        self.clear += not text.startswith("?OTR")
        self.send(f"<message to='{self.to}' type='chat'><body>{escape(text)}</body></message>")

    def start(self):
        self.otr.start()
        self._flush()

    def say(self, text):
        self.otr.say(text)
        self._flush()

    # The server has taken what was sent before it is the next device's turn: the order is the same in every run.
    def _flush(self):
        self.arrived += self.synchronise()

    def ping(self, address):
        """Returns when whoever is at that address has answered, so has read what was sent to it before."""
        marker = new_marker()
        self.send(f"<iq type='get' to='{address}' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.arrived += self.receive_marker(marker)

    def turn(self):
        """Reads all that the server has for this device, and answers; says whether there was a message to read."""
        self._flush()
        messages = [stanza for stanza in self.arrived if stanza.tag == "{jabber:client}message"]
        self.arrived.clear()
        for stanza in messages:
            self._take(stanza)
        if messages:
            self._flush()
        return bool(messages)

    def _take(self, stanza):
        sent = stanza.find(f"{{{CARBONS}}}sent/{FORWARDED}")
        received = stanza.find(f"{{{CARBONS}}}received/{FORWARDED}")
        if sent is not None:
            self._show(sent.findtext("{*}body"))
        else:
            self._read_message(stanza if received is None else received)

    def _read_message(self, message):
        text = message.findtext("{*}body")
        if message.get("type") == "error" or text is None:
            return
        if self.locks:
            self.to = message.get("from")
        self._show(self.otr.read(text) if self.otr else text)

    def _show(self, text):
        if text is None:
            return
        self.shown_unread += text.startswith("?OTR")
        self.shown.append(text)

    # Facts to be counted.

    def told(self, *events):
        """How often OTR told the user one of these."""
        return sum(event in events for event, _ in self.otr.events) if self.otr else 0

    def unreadable(self):
        return self.shown_unread + self.told(*UNREADABLE)

    def sessions(self):
        return self.otr.established if self.otr else 0

    def errors_sent(self):
        return self.otr.errors_sent if self.otr else 0

    def has_read(self, texts):
        """How many of these are on the screen. What was not encrypted in a private conversation is there with a warning."""
        warned = [text for event, text in self.otr.events if event == "unencrypted"] if self.otr else []
        # An offer of OTR is white space behind the text.
        seen = {text.strip() for text in self.shown + warned}
        return sum(text in seen for text in texts)

    def close(self):
        super().close()
        if self.otr:
            self.otr.close()


def settle(devices):
    """Lets every device read and answer until nobody has anything to read."""
    quiet = 0
    for _ in range(MOST_ROUNDS):
        # A list: each has its turn in each round. Twice: a messenger of its own answers after the others had theirs.
        quiet = 0 if any([device.turn() for device in devices]) else quiet + 1
        if quiet == 2:
            return
    raise Endless(f"no rest after {MOST_ROUNDS} rounds")

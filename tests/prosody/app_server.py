"""The app server of somebody who makes messengers (ChatSecure-Push, RubDub): learns what Prosody tells it, answers or not."""

import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from xml.parsers import expat

from client import new_marker
from component import Component
from stream import SECONDS

RESULT = "result"
NOTHING = None
GONE = ("cancel", "item-not-found")
BUSY = ("wait", "resource-constraint")
PUBSUB = "{http://jabber.org/protocol/pubsub}"
NOTIFICATION = "{urn:xmpp:push2:0}notification"
ERROR = "<error type='{}'><{} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"


@dataclass
class Push:
    """One notification: its bytes as they came over the wire, and when."""

    text: str
    moment: float

    def __post_init__(self):
        self.stanza = ElementTree.fromstring(self.text)

    @property
    def id(self):
        return self.stanza.get("id")

    @property
    def device(self):
        """The node, or the client of Push 2.0, by which the app server knows whom to wake."""
        publish = self.stanza.find(f".//{PUBSUB}publish")
        return self.stanza.findtext(f"{NOTIFICATION}/{{*}}client") if publish is None else publish.get("node")


class AppServer(Component):
    """`answer` is what every push gets: RESULT, NOTHING, or an error as (type, condition)."""

    def __init__(self, server, name, secret, answer=RESULT, host="local.test"):
        self.host = host
        self.received = b""
        self.answer = answer
        self.pushes = []
        super().__init__(server, name, secret)
        self.consumed = len(self.received)

    def _receive_bytes(self, deadline):
        data = super()._receive_bytes(deadline)
        self.received += data
        return data

    def collect(self):
        """Everything that was pushed until now; each is answered the moment it is looked at."""
        marker = new_marker()
        self.send(f"<iq from='{self.name}' to='{self.host}' type='get' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.receive_marker(marker)
        return self._take_new()

    def wait_for(self, device, seconds=SECONDS):
        """All pushes until the first one for this device."""
        found = []
        deadline = time.monotonic() + seconds
        while not any(push.device == device for push in found):
            self._read(deadline)
            found += self._take_new()
        return found

    def _take_new(self):
        self.stanzas.clear()
        texts, self.consumed = whole_stanzas(self.received, self.consumed)
        new = [push for push in (Push(text, time.time()) for text in texts) if push.device is not None]
        self.pushes += new
        for push in new:
            self.answer_to(push)
        return new

    def answer_to(self, push):
        if self.answer is NOTHING or not push.stanza.tag.endswith("iq"):
            return
        kind, inside = ("result", "") if self.answer == RESULT else ("error", ERROR.format(*self.answer))
        self.send(f"<iq type='{kind}' from='{push.stanza.get('to')}' to='{push.stanza.get('from')}' id='{push.id}'>{inside}</iq>")


def whole_stanzas(data, start):
    """The text of each stanza that is complete in `data` from `start` on, and where the last of them ends."""
    stanzas, begins, depth = [], 0, 0
    opening = b"<stream>"
    document = opening + data[start:]
    parser = expat.ParserCreate()

    def begin(*_):
        nonlocal depth, begins
        depth += 1
        if depth == 2:
            begins = parser.CurrentByteIndex

    # For an element without content, the parser is behind its only tag by now; else before the closing one.
    def end(name):
        nonlocal depth
        depth -= 1
        if depth == 1:
            ends, closing = parser.CurrentByteIndex, f"</{name}>".encode()
            stanzas.append((begins, ends + len(closing) if document.startswith(closing, ends) else ends))

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.Parse(document)
    consumed = start + (stanzas[-1][1] - len(opening) if stanzas else 0)
    return [document[first:last].decode() for first, last in stanzas], consumed

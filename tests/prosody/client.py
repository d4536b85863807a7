"""A client of one account: PLAIN, no more XMPP than the tests need."""

import base64
import itertools

from stream import Closed, Stream, connect

HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams' to='{}' version='1.0'>")
RECEIPT = "<received xmlns='urn:xmpp:receipts' id='{}'/>"

_numbers = itertools.count(1)


def new_marker():
    return f"marker-{next(_numbers)}-end"


class Tcp:
    """How a client's stream is carried: here as one XML document. websocket.WebSocket is another way."""

    name, header, end = "TCP", HEADER, Stream.end

    @staticmethod
    def connect(server, host, source=None):
        return connect(server.ports["c2s"], source)


class Login(Stream):
    """A stream that is authenticated; no resource is bound yet."""

    def __init__(self, server, address, password, source=None, transport=Tcp):
        user, host = address.split("@")
        super().__init__(transport.connect(server, host, source))
        self.end = transport.end
        self.bare = address
        self._authenticate(user, transport.header.format(host), password)

    def _authenticate(self, user, header, password):
        self.open(header)
        self.receive()
        secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>")
        answer = self.receive()
        if not answer.tag.endswith("}success"):
            raise Closed("not-authorized")
        self.open(header)
        self.receive()

    def bind(self, resource):
        self.send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                  f"<resource>{resource}</resource></bind></iq>")
        return self.receive().findtext(".//{*}jid")

    def synchronise(self):
        """Everything that the server had sent to this client before it answered a ping sent now."""
        marker = new_marker()
        self.send(f"<iq type='get' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
        return self.receive_marker(marker)


class Client(Login):
    def __init__(self, server, address, password, resource="test", before_presence=None, source=None, transport=Tcp):
        super().__init__(server, address, password, source, transport)
        self.full = self.bind(resource)
        if before_presence:
            before_presence(self)
        self.send("<presence/>")
        self.greeting = self.synchronise()  # what had waited for it, among others

    def mark(self, address, kind="chat"):
        """Sends a message that no policy objects to; what was sent before it to the same address arrives before it."""
        marker = new_marker()
        self.send(f"<message to='{address}' type='{kind}' id='{marker}'>{RECEIPT.format(marker)}</message>")
        return marker

    def join(self, room, nick):
        marker = new_marker()
        self.send(f"<presence to='{room}/{nick}' id='{marker}'><x xmlns='http://jabber.org/protocol/muc'>"
                  "<history maxstanzas='0'/></x></presence>")
        self.receive_until(lambda stanza: stanza.find("{*}x/{*}status[@code='110']") is not None)
        self.receive_until(lambda stanza: stanza.find("{jabber:client}subject") is not None)
        return f"{room}/{nick}"

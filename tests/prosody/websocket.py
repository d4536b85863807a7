"""XMPP over WebSocket (RFC 7395), in the shape of a socket: what goes through it reads like one XML document."""

import re
import xml.etree.ElementTree as ElementTree

from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

from stream import Closed, connect

FRAMING = "urn:ietf:params:xml:ns:xmpp-framing"
HEAD = ("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        "id='{id}' from='{from}' version='{version}'>")
END = "</stream:stream>"
STANZA = re.compile(rb"^<(message|presence|iq)\b(?![^>]*\sxmlns=)")


class WebSocket:
    """Used as the `transport` of a client."""

    name = "WebSocket"
    header = f"<open xmlns='{FRAMING}' to='{{}}' version='1.0'/>"
    end = f"<close xmlns='{FRAMING}'/>"

    @classmethod
    def connect(cls, server, host, source=None):
        return cls(connect(server.ports["http"], source), host)

    def __init__(self, connected, host):
        self.socket = connected
        self.message = b""
        # The name of the host chooses among those that share the port.
        self.protocol = ClientProtocol(parse_uri(f"ws://{host}/xmpp-websocket"), subprotocols=["xmpp"])
        self.protocol.send_request(self.protocol.connect())
        self._send_waiting()
        while self.protocol.state is State.CONNECTING:
            self._receive()
        for event in self.protocol.events_received():
            if not isinstance(event, Response) or event.status_code != 101:
                raise Closed("no WebSocket")

    def _send_waiting(self):
        for data in self.protocol.data_to_send():
            if data:
                self.socket.sendall(data)

    def _receive(self):
        data = self.socket.recv(65536)
        if data:
            self.protocol.receive_data(data)
        else:
            self.protocol.receive_eof()
        if self.protocol.handshake_exc:
            raise Closed("no WebSocket") from self.protocol.handshake_exc
        self._send_waiting()  # such as the answer to a ping
        return data

    def sendall(self, data):
        """Each call is one message, so it has to be one stanza, whose namespace no document around it tells."""
        if self.protocol.state is not State.OPEN:
            raise BrokenPipeError
        self.protocol.send_text(STANZA.sub(rb"<\1 xmlns='jabber:client'", data, count=1))
        self._send_waiting()

    def recv(self, _):
        """Whole messages, at least one; nothing at the end."""
        while True:
            data = self._receive()
            text = b"".join(self._messages())
            if text or not data:
                return text

    def _messages(self):
        for frame in self.protocol.events_received():
            if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
                continue
            self.message += frame.data
            if frame.fin:
                yield as_document(self.message)
                self.message = b""

    def settimeout(self, seconds):
        self.socket.settimeout(seconds)

    def setsockopt(self, *option):
        self.socket.setsockopt(*option)

    def fileno(self):
        return self.socket.fileno()

    def shutdown(self, how):
        self.socket.shutdown(how)

    def close(self):
        self.socket.close()


def as_document(message):
    """The opening and the end of a stream, which have stanzas of their own here, as tags around the others."""
    if FRAMING.encode() not in message:
        return message
    element = ElementTree.fromstring(message)
    if element.tag == f"{{{FRAMING}}}open":
        return HEAD.format(**{name: element.get(name, "") for name in ("id", "from", "version")}).encode()
    return END.encode() if element.tag == f"{{{FRAMING}}}close" else message

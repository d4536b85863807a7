"""An XML stream over a plain loopback socket: sends exact bytes, receives whole stanzas."""

import socket
import time
import xml.etree.ElementTree as ElementTree

from network import LOOPBACK

SECONDS = 20
CLOSE_SECONDS = 2


class Closed(Exception):
    """The server ended the stream; `error` is the condition that it gave, if any."""

    def __init__(self, error=None):
        super().__init__(f"stream closed ({error or 'no stream error'})")
        self.error = error


def connect(port, source=None):
    """`source` is another loopback address to come from."""
    connected = socket.create_connection((LOOPBACK, port), timeout=SECONDS, source_address=(source, 0) if source else None)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


class Stream:
    end = "</stream:stream>"
    seconds = SECONDS  # until what is waited for must have come, unless said otherwise

    def __init__(self, connected):
        """`connected` is a socket, or what behaves like one."""
        self.socket = connected
        self.stanzas = []

    def open(self, header):
        """Starts a stream (again) and returns the attributes of the server's header."""
        self.parser = ElementTree.XMLPullParser(("start", "end"))
        self.path = []
        self.stanzas.clear()
        self.send(header)
        deadline = self._deadline()
        while not self.path:
            self._read(deadline)
        return self.path[0].attrib

    def send(self, data):
        try:
            self.socket.sendall(data.encode() if isinstance(data, str) else data)
        except (BrokenPipeError, ConnectionResetError):
            raise Closed() from None

    def _deadline(self, seconds=None):
        return time.monotonic() + (self.seconds if seconds is None else seconds)

    # Raises Closed at the end of the stream, TimeoutError when nothing came in time.
    def _receive_bytes(self, deadline):
        self.socket.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Closed()
        return data

    def _read(self, deadline):
        self.parser.feed(self._receive_bytes(deadline))
        for event, element in self.parser.read_events():
            if event == "start":
                self.path.append(element)
                continue
            self.path.pop()
            if len(self.path) == 1:
                self.path[0].remove(element)
                self.stanzas.append(element)
            elif not self.path:
                raise Closed(self._stream_error())

    def read_available(self):
        """Reads once; to be called when the socket is readable."""
        self._read(self._deadline())

    def _stream_error(self):
        for stanza in self.stanzas:
            if stanza.tag == "{http://etherx.jabber.org/streams}error":
                return stanza[0].tag.split("}")[1]

    def receive(self, seconds=None):
        """The next stanza."""
        deadline = self._deadline(seconds)
        while not self.stanzas:
            self._read(deadline)
        return self.stanzas.pop(0)

    def receive_until(self, is_last, seconds=None):
        """Everything that arrives before the first stanza for which `is_last` holds."""
        deadline = self._deadline(seconds)
        before = []
        while True:
            stanza = self.receive(deadline - time.monotonic())
            if is_last(stanza):
                return before
            before.append(stanza)

    def receive_marker(self, marker, seconds=None):
        return self.receive_until(lambda stanza: marker in stanza.attrib.get("id", ""), seconds)

    def close(self):
        """Ends the stream and waits until the server has ended its own, so that no session is left behind."""
        try:
            self.send(self.end)
            deadline = time.monotonic() + CLOSE_SECONDS
            while True:
                self._read(deadline)
        except (Closed, TimeoutError, OSError, ElementTree.ParseError):
            self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

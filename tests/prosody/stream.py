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


class Stream:
    def __init__(self, port, source=None):
        """`source` is another loopback address to come from."""
        self.socket = socket.create_connection((LOOPBACK, port), timeout=SECONDS,
                                               source_address=(source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stanzas = []

    def open(self, header):
        """Starts a stream (again) and returns the attributes of the server's header."""
        self.parser = ElementTree.XMLPullParser(("start", "end"))
        self.path = []
        self.stanzas.clear()
        self.send(header)
        deadline = time.monotonic() + SECONDS
        while not self.path:
            self._read(deadline)
        return self.path[0].attrib

    def send(self, data):
        try:
            self.socket.sendall(data.encode() if isinstance(data, str) else data)
        except (BrokenPipeError, ConnectionResetError):
            raise Closed() from None

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
        self._read(time.monotonic() + SECONDS)

    def _stream_error(self):
        for stanza in self.stanzas:
            if stanza.tag == "{http://etherx.jabber.org/streams}error":
                return stanza[0].tag.split("}")[1]

    def receive(self, seconds=SECONDS):
        """The next stanza."""
        deadline = time.monotonic() + seconds
        while not self.stanzas:
            self._read(deadline)
        return self.stanzas.pop(0)

    def receive_until(self, is_last, seconds=SECONDS):
        """Everything that arrives before the first stanza for which `is_last` holds."""
        deadline = time.monotonic() + seconds
        before = []
        while True:
            stanza = self.receive(deadline - time.monotonic())
            if is_last(stanza):
                return before
            before.append(stanza)

    def receive_marker(self, marker, seconds=SECONDS):
        return self.receive_until(lambda stanza: marker in stanza.attrib.get("id", ""), seconds)

    def close(self):
        """Ends the stream and waits until the server has ended its own, so that no session is left behind."""
        try:
            self.send("</stream:stream>")
            deadline = time.monotonic() + CLOSE_SECONDS
            while True:
                self._read(deadline)
        except (Closed, TimeoutError, OSError, ElementTree.ParseError):
            self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

"""A phone: it manages its stream (XEP-0198), says whether somebody looks at it (XEP-0352), loses its connection."""

import select
import socket
import struct
import time

from client import Login, Tcp, new_marker
from stream import SECONDS, Closed

STREAM_MANAGEMENT = "urn:xmpp:sm:3"
CSI = "urn:xmpp:csi:0"
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: what the server sent and nobody read is gone


class Connection(Login):
    received = 0  # bytes

    def _receive_bytes(self, deadline):
        data = super()._receive_bytes(deadline)
        self.received += len(data)
        return data


class Phone:
    """`got` has every stanza that it really has, over all its connections, in the order of arrival."""

    def __init__(self, server, address, password, resource="phone", transport=Tcp, is_resumable=True):
        self.server, self.address, self.password, self.transport = server, address, password, transport
        self.got = []
        self.handled = 0
        self.lost_streams = []
        self.stream = self._log_in()
        self.full = self.stream.bind(resource)
        if is_resumable:
            self._enable()
        self.send("<presence/>")
        self.synchronise()

    def _log_in(self):
        return Connection(self.server, self.address, self.password, transport=self.transport)

    def _enable(self):
        self.send(f"<enable xmlns='{STREAM_MANAGEMENT}' resume='true'/>")
        enabled = self.stream.receive()
        assert enabled.tag == f"{{{STREAM_MANAGEMENT}}}enabled", enabled.tag
        self.token = enabled.get("id")

    def send(self, xml):
        self.stream.send(xml)

    def say_inactive(self):
        self.send(f"<inactive xmlns='{CSI}'/>")

    def say_active(self):
        self.send(f"<active xmlns='{CSI}'/>")

    def _take(self, stanza):
        if stanza.tag == f"{{{STREAM_MANAGEMENT}}}r":
            self.send(f"<a xmlns='{STREAM_MANAGEMENT}' h='{self.handled}'/>")
        elif stanza.tag.startswith("{jabber:client}"):
            self.handled += 1
            self.got.append(stanza)

    def _take_all(self):
        while self.stream.stanzas:
            self._take(self.stream.stanzas.pop(0))

    def read(self):
        """Takes what has arrived already, without waiting; returns how many bytes that was."""
        before = self.stream.received
        try:
            while select.select([self.stream.socket], [], [], 0)[0]:
                self.stream.read_available()
        finally:  # also what came before the end of the stream
            self._take_all()
        return self.stream.received - before

    def wait_until(self, is_enough, seconds=SECONDS):
        """Reads until it has enough, or until the time is over; returns whether it has."""
        deadline = time.monotonic() + seconds
        self.read()
        while not is_enough(self) and (left := deadline - time.monotonic()) > 0:
            select.select([self.stream.socket], [], [], left)
            self.read()
        return is_enough(self)

    def synchronise(self, seconds=SECONDS):
        """Reads until the server has answered a ping sent now; returns whether it has. It wakes mod_csi_simple."""
        marker = new_marker()
        self.send(f"<iq type='get' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
        return self.wait_until(lambda phone: any(stanza.get("id") == marker for stanza in phone.got), seconds)

    def cut(self):
        """The connection is gone without a word, and with it what has not been read; the server learns of it."""
        self.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.stream.socket.close()

    def lose(self):
        """As `cut`, but the server does not learn of it: it goes on writing."""
        self.lost_streams.append(self.stream)

    def resume(self):
        """Takes the stream up again over a new connection."""
        self.stream = self._log_in()
        self.send(f"<resume xmlns='{STREAM_MANAGEMENT}' previd='{self.token}' h='{self.handled}'/>")
        answer = self.stream.receive()
        if answer.tag != f"{{{STREAM_MANAGEMENT}}}resumed":
            raise Closed(answer[0].tag.split("}")[1])

    def close(self):
        for stream in self.lost_streams:
            stream.socket.close()
        self.stream.close()

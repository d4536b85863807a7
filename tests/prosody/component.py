"""An external component (XEP-0114)."""

import hashlib

from client import RECEIPT, new_marker
from stream import Closed, Stream, connect

HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
          "xmlns:stream='http://etherx.jabber.org/streams' to='{}'>")


class Component(Stream):
    def __init__(self, server, name, secret):
        super().__init__(connect(server.ports["component"]))
        self.name = name
        stream_id = self.open(HEADER.format(name))["id"]
        self.send(f"<handshake>{hashlib.sha1((stream_id + secret).encode()).hexdigest()}</handshake>")
        if not self.receive().tag.endswith("}handshake"):
            raise Closed("not-authorized")

    def mark(self, sender, address):
        marker = new_marker()
        self.send(f"<message from='{sender}' to='{address}' id='{marker}'>{RECEIPT.format(marker)}</message>")
        return marker

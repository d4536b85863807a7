"""XMPP over HTTP (XEP-0124, XEP-0206), in the shape of a socket: what goes through it reads like one XML document."""

import http.client
import random
import re
import time

from network import LOOPBACK
from websocket import END, HEAD, STANZA

HTTPBIND = "http://jabber.org/protocol/httpbind"
OPENING = b"<open/>"
BODY = "<body xmlns='{}' rid='{}'{}>{}</body>"
NEW = (" to='{}' wait='0' hold='0' ver='1.6' content='text/xml; charset=utf-8' xml:lang='en' xmpp:version='1.0' "
       "xmlns:xmpp='urn:xmpp:xbosh'")
AGAIN = " sid='{}' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'"
SECONDS_BETWEEN = 0.005


class Bosh:
    """Used as the `transport` of a client. Asks again and again: it is for tests that wait for an answer at once."""

    name = "BOSH"
    header = OPENING.decode()
    end = f"<presence type='unavailable'/>{END}"

    @classmethod
    def connect(cls, server, host, source=None):
        return cls(server.ports["http"], host)

    def __init__(self, port, host):
        self.connection = http.client.HTTPConnection(LOOPBACK, port)
        self.host, self.sid, self.rid = host, None, random.randrange(2**20)
        self.waiting, self.deadline = b"", 0.0

    def _ask(self, attributes="", content=""):
        self.rid += 1
        attributes = attributes or f" sid='{self.sid}'"
        headers = {"Host": self.host, "Content-Type": "text/xml; charset=utf-8"}
        self.connection.request("POST", "/http-bind", BODY.format(HTTPBIND, self.rid, attributes, content).encode(), headers)
        answer = self.connection.getresponse().read().decode()
        if "type='terminate'" in answer.partition(">")[0]:
            raise ConnectionResetError(answer)
        if not self.sid:
            self.sid = re.search(r"\ssid='([^']+)'", answer)[1]
        inside = re.fullmatch(r"<body[^>]*[^/]>(.*)</body>", answer, re.DOTALL)
        self.waiting += inside[1].encode() if inside else b""

    def sendall(self, data):
        """Each call is one stanza. One that has a namespace of its own keeps it."""
        if data == OPENING:
            self.waiting = HEAD.format(id="1", version="1.0", **{"from": self.host}).encode()
            return self._ask(AGAIN.format(self.sid) if self.sid else NEW.format(self.host))
        if data.endswith(END.encode()):
            return self._ask(f" sid='{self.sid}' type='terminate'")
        self._ask(content=STANZA.sub(rb"<\1 xmlns='jabber:client'", data, count=1).decode())

    def send_as_it_is(self, data):
        """Without a namespace a stanza is in that of its wrapper."""
        self._ask(content=data)

    def recv(self, _):
        end = time.monotonic() + self.seconds
        while not self.waiting:
            if time.monotonic() > end:
                raise TimeoutError
            time.sleep(SECONDS_BETWEEN)
            self._ask()
        data, self.waiting = self.waiting, b""
        return data

    def settimeout(self, seconds):
        self.seconds = seconds

    def close(self):
        self.connection.close()

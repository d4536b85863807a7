"""The admin shell over one connection of its own: no prosodyctl is started for each command."""

import json
import socket
import time
from dataclasses import dataclass, field

from lua import quoted
from stream import SECONDS, Stream

HEADER = "<stream:stream xmlns='xmpp:prosody.im/admin' xmlns:stream='http://etherx.jabber.org/streams'>"
XMLNS = "{xmpp:prosody.im/admin}"


@dataclass
class Answer:
    """What a command printed, and the one line at its end; `seconds` is how long that took."""

    ok: bool
    text: str
    lines: list = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self):
        return "\n".join([*self.lines, self.text])


class Shell(Stream):
    def __init__(self, server):
        connected = socket.socket(socket.AF_UNIX)
        connected.settimeout(SECONDS)
        connected.connect(str(server.folder / "data" / "prosody.sock"))
        super().__init__(connected)
        self.lines = []
        self.open(HEADER)

    def start(self, line):
        """Sends a command without waiting; `finished` tells when there is an answer."""
        self.began = time.monotonic()
        self.lines = []
        escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        self.send(f"<repl-input width='1000' repl='0'>{escaped}</repl-input>")

    def finished(self):
        """The answer, if it has been read from the socket already."""
        while self.stanzas:
            stanza = self.stanzas.pop(0)
            text = stanza.text or ""
            if stanza.tag == f"{XMLNS}repl-result":
                is_error = stanza.get("type") == "error" or text.startswith("Error: ")
                return Answer(not is_error, text, self.lines, time.monotonic() - self.began)
            self.lines.append(text)
        return None

    def run(self, line, seconds=60):
        self.start(line)
        deadline = time.monotonic() + seconds
        while True:
            self._read(deadline)
            answer = self.finished()
            if answer:
                return answer

    def wasm(self, verb, *words, **flags):
        """`wasm VERB WORD… --flag=value…`; settings may be given as a table."""
        return self.run(command(verb, *words, **flags))

    def info(self, host, policy):
        """The lines of `wasm info` by their names."""
        answer = self.wasm("info", host, policy)
        assert answer.ok, answer
        return {line[:14].strip(): line[15:] for line in answer.lines if not line.startswith(" ")}


def command(verb, *words, **flags):
    arguments = [quoted(str(word)) for word in (*words, *map(flag, flags, flags.values()))]
    return f"wasm:{verb.replace('-', '_')}({', '.join(arguments)})"


def flag(name, value):
    written = f"--{name.replace('_', '-')}"
    if value is True:
        return written
    return f"{written}={json.dumps(value) if isinstance(value, dict) else value}"

"""How many of my users would this hit? A shadow of mandatory encryption tells, and what it tells is exactly what comes true."""

import re
from dataclasses import dataclass

import corpus
from client import Client, new_marker
from configuration import Host
from marking import HOST
from server import Server
from shell import Shell
from world import PASSWORD, bundled, shared_cache, wait_until_settled, with_wasm

OPTIONAL, MANDATORY = {"mode": "optional"}, {"mode": "mandatory"}
POLICY = "e2ee"
PEOPLE = ("alice", "bob", "carol", "dave")


@dataclass
class Line:
    sender: str
    recipient: str
    xml: str


def conversation():
    """The recorded and written stanzas between two users, each said by one of three people to the next."""
    rows = [row for name in ("e2ee.json", "captures.json") for row in corpus.load(name) if row["dir"] == "out"]
    rows = [row for row in rows if row["xml"].startswith("<message") and corpus.attribute(row["xml"], "type") != "groupchat"]
    assert len(rows) > 50
    # Dave says nothing that would be blocked: he must not be counted.
    return [Line(PEOPLE[number % 3], PEOPLE[(number + 1) % 3], row["xml"]) for number, row in enumerate(rows)]


def harmless():
    marker = new_marker()
    return f"<message to='alice@{HOST}' type='chat' id='{marker}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"


class Played:
    """The conversation through a server; `delivered` says line by line whether it arrived."""

    def __init__(self, server, lines):
        people = {name: Client(server, f"{name}@{HOST}", PASSWORD) for name in PEOPLE}
        self.delivered = []
        for line in lines:
            sender, recipient = people[line.sender], people[line.recipient]
            number = new_marker()
            xml = corpus.addressed(line.xml, recipient.full)
            xml = re.sub(r"""\sid=(?:'[^']*'|"[^"]*")""", "", xml.partition(">")[0] + ">", count=1) + xml.partition(">")[2]
            sender.send(xml.replace("<message", f"<message id='{number}'", 1))
            sender.synchronise()
            # A bounce goes to the sender; what arrives here is the message, even one of type error.
            arrived = [stanza for stanza in recipient.synchronise() if stanza.get("id") == number]
            self.delivered.append(bool(arrived))
        people["dave"].send(harmless())
        people["dave"].synchronise()
        for client in people.values():
            client.close()


def e2ee_server(version, settings):
    return Server(version, [Host(HOST, with_wasm(bundled(settings)), users=dict.fromkeys(PEOPLE, PASSWORD))], shared_cache())


def test_shadow_counts_what_would_be_blocked(version):
    lines = conversation()
    with e2ee_server(version, MANDATORY) as server:
        assert " running " in wait_until_settled(server)
        mandatory = Played(server, lines)
    with e2ee_server(version, OPTIONAL) as server:
        assert " running " in wait_until_settled(server)
        shell = Shell(server)
        answer = shell.wasm("shadow", HOST, POLICY, settings=MANDATORY, time=100)
        assert answer.ok, answer
        optional = Played(server, lines)
        diff = shell.wasm("diff", HOST, POLICY)
    blocked = [index for index, (now, then) in enumerate(zip(optional.delivered, mandatory.delivered)) if now and not then]
    assert len(blocked) > 10
    # With what is live, everything arrives that would without the shadow; nothing arrives only in mandatory mode.
    assert [index for index, (now, then) in enumerate(zip(optional.delivered, mandatory.delivered)) if then and not now] == []
    assert reported(diff, r"message: (?:pass|edit) -> (?:bounce|drop)(?:, .*)?") == len(blocked), diff
    # Everybody but Dave.
    assert users(diff) == len({lines[index].sender for index in blocked}) == len(PEOPLE) - 1, diff


def reported(diff, pattern):
    return sum(int(found) for found in re.findall(rf"^\s+(\d+)\s+{pattern}$", str(diff), re.MULTILINE))


def users(diff):
    return int(re.search(r"(\d+) users", str(diff))[1])

"""What a policy knows of the parties of a stanza, and how it sends one on: through the real library."""

import re

import pytest

from client import Client
from configuration import Host
from firewall_run import canonical
from places import TEST_GUESTS
from server import Server
from storage import put
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

HOST = "local.test"
USERS = ("alice", "bob", "carol", "elsewhere", "root")
ROSTER = {False: {"version": 1, "pending": {f"carol@{HOST}": True}}, f"alice@{HOST}": {"subscription": "to", "groups": {"Work": True}}}
FULL = {user: f"{user}@{HOST}/test" for user in USERS}


class Housing:
    """A server whose policy does these things with every message of one host; every user is connected."""

    def __init__(self, version, *effects, needs=(), home=HOST):
        settings = {"effects": list(effects), **({"needs": list(needs)} if needs else {})}
        policies = {"housing": {"path": str(TEST_GUESTS / "housing.wasm"), "settings": settings}}
        self.homes = {user: HOST if user == "elsewhere" else home for user in USERS}
        hosts = [Host(home, {"admins": [f"root@{home}"], **with_wasm(policies)}, users=dict.fromkeys(USERS, PASSWORD))]
        if home != HOST:
            hosts.append(Host(HOST, users={"elsewhere": PASSWORD}))
        self.server = Server(version, hosts, shared_cache())
        put(self.server, HOST, "roster", "bob", ROSTER)

    def __enter__(self):
        self.server.__enter__()
        assert "running" in wait_until_settled(self.server)
        self.clients = {user: Client(self.server, f"{user}@{home}", PASSWORD, "test") for user, home in self.homes.items()}
        return self

    def __exit__(self, *error):
        for client in self.clients.values():
            client.close()
        self.server.__exit__(*error)

    def send(self, sender, to, payload="<body>hello</body>", kind="chat"):
        """What everybody has got afterwards."""
        self.clients[sender].send(f"<message to='{to}' type='{kind}' id='row-1-'>{payload}</message>")
        arrived = self.clients[sender].synchronise()
        return {user: [canonical(stanza) for stanza in (arrived if user == sender else client.synchronise()) if stanza.tag.endswith("}message")]
                for user, client in self.clients.items()}


def message(sender, to, *children, kind="chat", **attributes):
    attributes |= {"from": sender, "id": "row-1-", "to": to, "type": kind}
    return "message", tuple(sorted(attributes.items())), "", children


HELLO = ("body", (), "hello", ())


def forwarded(inner, *more):
    wrapped = ("{urn:xmpp:forward:0}forwarded", (), "", (inner,))
    return "message", (("from", HOST), ("to", f"elsewhere@{HOST}")), "", (wrapped, *more)


def test_a_copy_comes_from_the_sender_and_is_not_sent_on_for_ever(version):
    with Housing(version, "copy") as housing:
        arrived = housing.send("alice", FULL["bob"])
    copy = message(FULL["alice"], f"elsewhere@{HOST}", HELLO)
    # Every copy of a copy is one, too: the second is the last.
    assert arrived == {"alice": [], "bob": [message(FULL["alice"], FULL["bob"], HELLO)], "carol": [], "elsewhere": [copy] * 2, "root": []}


@pytest.mark.parametrize("effects, copied", [(("strip", "copy"), ()), (("copy", "strip"), (HELLO,))])
def test_a_copy_has_the_edits_that_were_asked_for_before(version, effects, copied):
    with Housing(version, *effects, home="judged.test") as housing:
        arrived = housing.send("alice", "bob@judged.test/test")
    sender = "alice@judged.test/test"
    assert arrived["bob"] == [message(sender, "bob@judged.test/test")]
    assert arrived["elsewhere"] == [message(sender, f"elsewhere@{HOST}", *copied)]


def test_a_forwarded_message_is_inside_of_one_from_the_host(version):
    with Housing(version, "forward") as housing:
        arrived = housing.send("alice", FULL["bob"])
    inner = message(FULL["alice"], FULL["bob"], HELLO)
    assert forwarded(inner) in arrived["elsewhere"]
    assert len(arrived["elsewhere"]) == 2
    assert arrived["bob"] == [inner]


def test_a_report_says_why(version):
    with Housing(version, "report") as housing:
        arrived = housing.send("alice", FULL["bob"])
    report = ("{urn:xmpp:reporting:1}report", (("reason", "urn:xmpp:reporting:spam"),), "", (("{urn:xmpp:reporting:1}text", (), "why", ()),))
    assert forwarded(message(FULL["alice"], FULL["bob"], HELLO), report) in arrived["elsewhere"]


def test_an_answer_comes_from_the_recipient(version):
    with Housing(version, "answer") as housing:
        arrived = housing.send("alice", f"bob@{HOST}")
        assert arrived["alice"] == [message(f"bob@{HOST}", FULL["alice"], ("body", (), "Thanks.", ()))]
        error = housing.send("alice", f"bob@{HOST}", "<error type='cancel'/>", "error")
        assert error["alice"] == []


FACTS = [
    # sender, recipient, what the policy sees
    ("alice", f"bob@{HOST}", 'entry: Some(Entry { subscription: To, groups: ["Work"] }), has_asked: false, is_connected: false', "registered", "registered"),
    ("carol", FULL["bob"], "entry: None, has_asked: true, is_connected: true", "registered", "registered"),
    ("root", f"carol@{HOST}", "entry: None, has_asked: false, is_connected: false", "admin", "registered"),
    ("carol", f"root@{HOST}/gone", "entry: None, has_asked: false, is_connected: false", "registered", "admin"),
]


def test_a_policy_sees_how_they_stand(version):
    with Housing(version, "facts", needs=("standing", "roles")) as housing:
        for sender, to, standing, sender_role, recipient_role in FACTS:
            housing.send(sender, to)
        lines = re.findall(r"exempt=.*", housing.server.log())
    assert len(lines) == len(FACTS)
    for line, (_, _, standing, sender_role, recipient_role) in zip(lines, FACTS):
        assert standing in line, line
        assert f'sender=Some("prosody:{sender_role}") recipient=Some("prosody:{recipient_role}")' in line, line


def test_who_was_greeted_is_seen(version):
    with Housing(version, "facts", needs=("standing",)) as housing:
        housing.clients["bob"].send(f"<presence to='{FULL['carol']}'/>")
        housing.clients["bob"].synchronise()
        housing.send("carol", f"bob@{HOST}")
        housing.send("alice", f"bob@{HOST}")
        greeted = re.findall(r"is_greeted: (\w+)", housing.server.log())
    assert greeted == ["true", "false"]

"""Servers whose policy marks every message with its version, so that a recipient can tell who judged it, and how often."""

import itertools

from canaries import CANARY
from client import Client
from configuration import MODULES, Host
from places import RUNS, STAGE, TARGET, TEST_GUESTS
from server import Server
from shell import Shell
from world import COMPILE_SECONDS, PASSWORD, shared_cache, wait_until_settled, with_wasm

HOST = "local.test"
POLICY = "mark"
MARK = "{urn:test:mark}mark"
RUST = TEST_GUESTS / "marking.wasm"
JAVASCRIPT = TARGET / "javascript" / "marking.wasm"
USERS = ("alice", "bob", "carol", "dave")
JAVASCRIPT_LIMITS = {"milliseconds": 100, "memory": 64 * 1024 * 1024, "budget": 1_000}

_numbers = itertools.count(1)


def entry(version="one", path=RUST, **options):
    """An entry of wasm_policies."""
    settings = {"version": version, **options.pop("settings", {})}
    return {"path": str(path), "settings": settings, **options}


def marking_server(version, policies=None, options=None, users=USERS, stage=STAGE, **host_options):
    wasm = with_wasm(policies or {POLICY: entry()}, **host_options)
    modules = {"modules_enabled": [*MODULES, "loop_stall", "many_swaps"]}
    return Server(version, [Host(HOST, wasm, users=dict.fromkeys(users, PASSWORD))], {**shared_cache(), **modules, **(options or {})},
                  stage=stage)


def start(server, seconds=COMPILE_SECONDS):
    """Starts the server and waits until its policies are in force."""
    server.start()
    try:
        listing = wait_until_settled(server, seconds)
        assert " running " in listing, listing
    except BaseException:
        server.stop()
        raise
    return server


def variant(path, text, folder=RUNS):
    """The same component with other bytes: a custom section that nobody reads at its end."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{path.stem}-{text}.wasm"
    content = path.read_bytes() + custom_section(text.encode())
    if not copy.exists() or copy.read_bytes() != content:
        copy.write_bytes(content)
    return copy


def custom_section(name):
    assert len(name) < 127
    return bytes([0, len(name) + 1, len(name)]) + name


def log_in(server, *users):
    return [Client(server, f"{user}@{HOST}", PASSWORD) for user in users]


def message(to, number, text="hello"):
    return f"<message to='{to}' type='chat' id='{number}'><body>{text}</body></message>"


def marks(stanza):
    """The marks of a message, each as a table of its attributes."""
    return [dict(mark.attrib) for mark in stanza.findall(MARK)]


def exchange(sender, recipient, text="hello"):
    """Sends one message and returns it as it arrived, or None when it did not."""
    number = f"exchange-{next(_numbers)}"
    sender.send(message(recipient.full, number, text))
    sender.synchronise()
    arrived = [stanza for stanza in recipient.synchronise() if stanza.get("id") == number]
    assert len(arrived) <= 1
    return arrived[0] if arrived else None


def judged_by(sender, recipient):
    """The version that is in force, and what else its mark says."""
    arrived = exchange(sender, recipient)
    assert arrived is not None, "the message was not delivered"
    found = marks(arrived)
    assert len(found) == 1, found
    return found[0]


def delivers_canary(sender, recipient):
    return exchange(sender, recipient, CANARY) is not None


class Running:
    """A server with policies in force, the shell, and two people who talk; a context manager."""

    def __init__(self, version, policies=None, options=None, **host_options):
        self.server = marking_server(version, policies, options, **host_options)

    def __enter__(self):
        start(self.server)
        self.connect()
        return self

    def connect(self):
        self.shell = Shell(self.server)
        self.alice, self.bob = log_in(self.server, "alice", "bob")

    def restart(self):
        """Also after `server.kill()`."""
        self.server.stop()
        start(self.server)
        self.connect()

    def __exit__(self, *error):
        self.server.__exit__(*error)

    def swap(self, *words, **flags):
        return self.shell.wasm("swap", HOST, POLICY, *words, **flags)

    def identity(self, policy=POLICY):
        return self.shell.info(HOST, policy)["Generation"]

    def mark(self):
        """What the version in force writes; it judges the canary rightly besides."""
        assert not delivers_canary(self.alice, self.bob), "a canary was delivered"
        return judged_by(self.alice, self.bob)

    def errors(self):
        return [text for _, text in self.server.log_lines("error")]

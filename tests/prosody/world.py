"""Two servers on loopback that know each other: local.test runs mod_wasm, remote.test does not.

local.test   alice, bob, carol · rooms.local.test (with mod_wasm too) · bridge.local.test, an external component
remote.test  rose · rooms.remote.test
"""

import re
import time
from contextlib import ExitStack

from client import Client
from component import Component
from configuration import Host
from places import RUNS
from server import Server

STRICT = {"direct": "mandatory", "rooms": "mandatory", "strict": True}
PASSWORD = "secret"
SECRET = "component-secret"
LOCAL_ROOM = "room@rooms.local.test"
REMOTE_ROOM = "room@rooms.remote.test"
COMPILE_SECONDS = 90


def with_wasm(policies, **options):
    return {"modules_enabled": ["wasm"], "wasm_policies": policies, **options}


def bundled(settings=None):
    return {"e2ee": {"settings": STRICT if settings is None else settings}}


# Compiled policies are kept between servers; a test about compiling names a cache of its own.
def shared_cache():
    return {"wasm_cache_path": str(RUNS / "wasm-cache")}


def local_hosts(policies, **options):
    wasm = with_wasm(policies, **options)
    return [
        Host("local.test", wasm, users=dict.fromkeys(("alice", "bob", "carol"), PASSWORD)),
        Host("rooms.local.test", {"muc_room_locking": False, **wasm}, component="muc"),
        Host("bridge.local.test", {"component_secret": SECRET}, component=None),
    ]


def remote_hosts():
    return [
        Host("remote.test", users={"rose": PASSWORD}),
        Host("rooms.remote.test", {"muc_room_locking": False}, component="muc"),
    ]


def introduce(neighbours, *servers):
    """Each of the servers that were given these neighbours finds the hosts of all of them."""
    for server in servers:
        neighbours.update({host.name: server.ports["s2s"] for host in server.hosts})


def is_compiling(listing):
    """Whether a row (host, policy, state …) of `wasm list` has that state; reasons may contain the word too."""
    return re.search(r"^\W*\S+\s+\S+\s+compiling\s", listing, re.MULTILINE) is not None


def wait_until_settled(server, seconds=COMPILE_SECONDS):
    """Waits until no policy is being compiled any more; returns the listing."""
    deadline = time.monotonic() + seconds
    while True:
        listing = policy_list(server)
        if not is_compiling(listing):
            return listing
        if time.monotonic() > deadline:
            raise TimeoutError(f"still not settled:\n{listing}")
        time.sleep(0.1)


def wait_for_listing(server, condition, seconds=COMPILE_SECONDS):
    """Waits until the listing is as it should become: what runs goes on unchanged while something else is prepared."""
    deadline = time.monotonic() + seconds
    while not condition(listing := policy_list(server)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not become so:\n{listing}")
        time.sleep(0.1)
    return listing


def policy_list(server):
    return server.shell("wasm:list()") if server.version == "0.12" else server.shell("wasm", "list")


def policy_info(server, host, policy):
    return server.shell(f"wasm:info('{host}', '{policy}')") if server.version == "0.12" else server.shell(
        "wasm", "info", host, policy)


class World:
    def __init__(self, version, policies, options=None):
        neighbours = {}
        self.version = version
        self.local = Server(version, local_hosts(policies), {**shared_cache(), **(options or {})}, neighbours=neighbours)
        self.remote = Server(version, remote_hosts(), neighbours=neighbours)
        introduce(neighbours, self.local, self.remote)

    def __enter__(self):
        with ExitStack() as started:
            started.enter_context(self.local)
            started.enter_context(self.remote)
            listing = wait_until_settled(self.local)
            assert "running" in listing, listing
            self.connect()
            self.started = started.pop_all()
        return self

    def connect(self):
        self.alice = Client(self.local, "alice@local.test", PASSWORD)
        self.bob = Client(self.local, "bob@local.test", PASSWORD)
        self.rose = Client(self.remote, "rose@remote.test", PASSWORD)
        self.bridge = Component(self.local, "bridge.local.test", SECRET)
        for room in (LOCAL_ROOM, REMOTE_ROOM):
            for client, nick in ((self.alice, "alice"), (self.bob, "bob"), (self.rose, "rose")):
                client.join(room, nick)
        for client in (self.alice, self.bob, self.rose):
            client.synchronise()

    def keep_if(self, has_failed):
        """Leaves the servers' folders, with their logs, after a failure."""
        self.local.is_kept = self.remote.is_kept = bool(has_failed)

    def __exit__(self, *error):
        for stream in (self.alice, self.bob, self.rose, self.bridge):
            stream.close()
        self.started.__exit__(*error)

"""Two servers for rooms: local.test with the policy `rooms`, or without any, and remote.test, on which nobody decides."""

from contextlib import ExitStack

from client import Client
from configuration import Host
from server import Server
from world import PASSWORD, introduce, remote_hosts, shared_cache, wait_until_settled, with_wasm

USERS = ("alice", "bob", "carol", "dave")
ROOMS = "rooms.local.test"


def hosts(policies, **options):
    wasm = with_wasm(policies) if policies else {}
    return [
        Host("local.test", wasm, users=dict.fromkeys(USERS, PASSWORD)),
        Host(ROOMS, {**wasm, "muc_tombstones": False, **options}, component="muc"),
    ]


class RoomWorld:
    """`settings`: of the policy; None is Prosody alone. `options`: of the component with the rooms."""

    def __init__(self, version, settings, beside=None, **options):
        neighbours = {}
        policies = None if settings is None else {"rooms": {"settings": settings}, **(beside or {})}
        self.version = version
        self.local = Server(version, hosts(policies, **options), shared_cache(), neighbours=neighbours)
        self.remote = Server(version, remote_hosts(), neighbours=neighbours)
        introduce(neighbours, self.local, self.remote)

    def __enter__(self):
        with ExitStack() as started:
            started.enter_context(self.local)
            started.enter_context(self.remote)
            wait_until_settled(self.local)
            for user in USERS:
                setattr(self, user, started.enter_context(Client(self.local, f"{user}@local.test", PASSWORD)))
            self.rose = started.enter_context(Client(self.remote, "rose@remote.test", PASSWORD))
            self.started = started.pop_all()
        return self

    def __exit__(self, *error):
        self.started.__exit__(*error)

"""A server with phones and app servers: push.local.test and app.push.test may be registered with, other.test may not."""

import json

from app_server import AppServer
from clock import Clocked
from configuration import MODULES, Host
from server import Server
from shell import Shell
from world import PASSWORD, SECRET, shared_cache, wait_until_settled, with_wasm

SERVICE = "push.local.test"
SECOND = "app.push.test"
UNLISTED = "other.test"
SETTINGS = {"services": [SERVICE, "*.push.test"], "pause": 0}
APP_SECRET = "secret-of-the-app"
# All that Prosody can be told to say about a message.
PRESENT = {"push_notification_with_body": True, "push_notification_with_sender": True}
# A client that asks for it.
PAYLOAD = " include_payload='true'"
POLICY = "push"


def policies(**settings):
    return {POLICY: {"settings": {**SETTINGS, **settings}}}


class PushServer(Server):
    """`policies` None is a Prosody without mod_wasm."""

    is_broken = False

    def __init__(self, version, users, policies, modules=(), stage=None, **options):
        wasm = with_wasm(policies) if policies is not None else {}
        hosts = [
            Host("local.test", {**wasm, **options}, users=dict.fromkeys(users, PASSWORD)),
            Host("rooms.local.test", {"muc_room_locking": False}, component="muc"),
            *[Host(name, {"component_secret": SECRET}, component=None) for name in (SERVICE, SECOND, UNLISTED)],
        ]
        everywhere = {"modules_enabled": [*MODULES, "csi", "smacks", "offline", "mam", "cloud_notify", "push_census", *modules],
                      "default_archive_policy": True, "smacks_max_ack_delay": 1, "push_max_devices": 100_000, **shared_cache()}
        super().__init__(version, hosts, everywhere, **({"stage": stage} if stage else {}))
        self.policies = policies

    def __enter__(self):
        super().__enter__()
        self.admin = Shell(self)
        if self.policies is not None:
            listing = wait_until_settled(self)
            assert self.is_broken or "running" in listing, listing
        return self

    def __exit__(self, *error):
        self.admin.close()
        super().__exit__(*error)

    def app_server(self, name=SERVICE, **how):
        return AppServer(self, name, SECRET, **how)

    def census(self, host="local.test"):
        """What is kept in memory for pushes, by mod_push_census."""
        answer = self.admin.run(f"pushes:count('{host}')")
        assert answer.ok, answer
        return json.loads(answer.text[answer.text.index("{"):])

    def wake(self, user, host="local.test"):
        answer = self.admin.run(f"pushes:wake('{host}', '{user}')")
        assert answer.ok, answer


class ClockedPushServer(PushServer, Clocked):
    """One whose clock can be moved."""

"""A server as somebody runs it who wants everything: all bundled policies, and two guests that nobody wants.

local.test has a user for each session and an inactive phone for some, rooms.local.test a room for each ten of them.
"""

from canaries import CANARY
from configuration import MODULES, Host
from marking import HOST
from places import STAGE, TEST_GUESTS
from server import Server
from storage import put
from uploading import UPLOADS
from world import PASSWORD, STRICT, shared_cache, with_wasm

ROOMS = "rooms.local.test"
PINGER, UPLOADER = "pinger", "uploader"
# A chat state that one policy minds, and no other.
UNWANTED = "gone"
E2EE = STAGE / "lib" / "prosody" / "wasm" / "e2ee.wasm"
# No fewer than the soak makes.
UPLOADS_AN_HOUR = 3600
CONTACT = {"subscription": "both", "groups": {}}
USERS_OF_A_ROOM = 10


def user(number):
    return f"user{number}"


def room(number):
    return f"room{number // USERS_OF_A_ROOM}@{ROOMS}"


# It loops on each canary, and may not: somebody else refuses them.
AWKWARD = {"path": str(TEST_GUESTS / "misbehaving.wasm"), "on_error": "pass",
           "settings": {"how": "loop", "when": "decide", "only": CANARY}}
REFUSING = {"path": str(TEST_GUESTS / "scripted.wasm"), "settings": {"verdict": "bounce", "refuses": UNWANTED}}


def policies_of_users():
    return {
        "awkward": AWKWARD, "refusing": REFUSING, "e2ee": {"settings": STRICT}, "archive": {"settings": {"retention": "2d"}},
        "rooms": {}, "carbons": {}, "csi": {"on_error": "pass"}, "push": {}, "blocking": {}, "firewall": {"files": ["geoloc.pfw"]},
    }


def policies_of_rooms():
    return {"awkward": AWKWARD, "e2ee": {"settings": STRICT}, "archive": {"settings": {"retention": "2d"}}, "rooms": {}}


class SoakServer(Server):
    def __init__(self, version, sessions):
        users = dict.fromkeys([*map(user, range(sessions)), PINGER, UPLOADER], PASSWORD)
        modules = [*MODULES, "mam", "smacks", "csi", "cloud_notify", "cron", "loop_stall"]
        hosts = [
            Host(HOST, with_wasm(policies_of_users()), users=users),
            Host(ROOMS, {**with_wasm(policies_of_rooms()), "modules_enabled": ["muc_mam", "wasm"], "muc_room_locking": False}, component="muc"),
            Host(UPLOADS, with_wasm({"upload": {"settings": {"hourly": UPLOADS_AN_HOUR}}}), component="http_file_share"),
        ]
        # A run of half an hour at debug level is gigabytes.
        log = {"levels": {"min": "info"}, "to": "file"}
        super().__init__(version, hosts, {**shared_cache(), "modules_enabled": modules, "default_archive_policy": True})
        self.options["log"] = [{**log, "filename": str(self.log_path)}]
        self._introduce(sessions)

    # Each is a contact of the next one.
    def _introduce(self, sessions):
        for number in range(sessions):
            contacts = {f"{user((number + step) % sessions)}@{HOST}": CONTACT for step in (-1, 1)}
            put(self, HOST, "roster", user(number), contacts)

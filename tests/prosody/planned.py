"""A server with the configuration of a page of the documentation, and nothing but its ports and folders besides."""

import re

from configuration import Host, configuration
from places import PROJECT
from server import Server
from storage import put
from world import PASSWORD, shared_cache

HOST = "example.org"
ALICE, BOB = f"alice@{HOST}", f"bob@{HOST}"
PAGE = PROJECT / "docs" / "the-plan.md"
CONTACT = {"subscription": "both", "groups": {}}


def shown():
    """The configuration that the page has for copying."""
    return re.search(r"^```lua\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)[1]


class Planned(Server):
    """Alice and Bob are contacts: strangers have to wait."""

    def __init__(self, version):
        options = {"modules_enabled": None, **shared_cache()}
        super().__init__(version, [Host(HOST, users=dict.fromkeys(("alice", "bob"), PASSWORD))], options)
        put(self, HOST, "roster", "alice", {BOB: CONTACT})
        put(self, HOST, "roster", "bob", {ALICE: CONTACT})

    def write_configuration(self):
        everywhere = configuration(self, [], self.options)
        (self.folder / "prosody.cfg.lua").write_text(f"{everywhere}\n{shown()}")

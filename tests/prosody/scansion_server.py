"""A server with the configuration that Prosody's own scripts are written for, and mod_wasm in it or not."""

import re
import time
from collections import Counter

from configuration import Host, configuration
from lua import literal
from places import prosody_source
from scansion.player import Player
from scansion.script import read
from server import Server
from shell import Shell
from world import COMPILE_SECONDS, is_compiling, shared_cache

HOST = "localhost"
# What Prosody's file decides itself.
THEIRS = ("modules_enabled", "authentication", "storage", "certificates", "statistics", "statistics_interval", "loopback_s2s",
          "c2s_require_encryption", "allow_unencrypted_plain_auth", "c2s_stanza_size_limit", "s2s_stanza_size_limit",
          "component_stanza_size_limit")
# What is left out of it: what is decided here, and a module that takes away what scripts leave for their own second part.
LEFT_OUT = re.compile(r'"debug_reset";|^(?:admins|network_settings|log|pidfile) = .*$', re.MULTILINE)
# The others get by with what those before them left behind, which is the same each time.
WANT_A_RESET = ("pep_publish_subscribe",)
LIST = "modules_enabled = {"
RESET = """>local manager = require "core.hostmanager"
local names = {} for name in pairs(prosody.hosts) do names[#names + 1] = name end
for _, name in ipairs(names) do manager.deactivate(name) manager.activate(name) end"""


def scripts(version):
    return sorted((prosody_source(version) / "spec" / "scansion").glob("*.scs"))


class ScansionServer(Server):
    def __init__(self, version, modules=(), options=None):
        self.modules = list(modules)
        # How often each policy that runs was asked.
        self.calls = Counter()
        admins = (prosody_source(version) / "spec" / "scansion" / "admins.txt").read_text().split()
        super().__init__(version, [Host(HOST)], {**dict.fromkeys(THEIRS), "admins": admins, **shared_cache(), **(options or {})})

    def write_configuration(self):
        theirs = LEFT_OUT.sub("", (prosody_source(self.version) / "spec" / "scansion" / "prosody.cfg.lua").read_text())
        everywhere, *hosts = re.split(r"^(?=VirtualHost|Component)", theirs, flags=re.MULTILINE)
        parts = [self._with_modules(everywhere, ["admin_shell"]), configuration(self, [], self.options), *map(self._with_modules, hosts)]
        (self.folder / "prosody.cfg.lua").write_text("\n".join(parts))

    def _with_modules(self, part, others=()):
        """Components have none of the modules that are named for all hosts."""
        modules = [*others, *self.modules]
        if LIST in part:
            return part.replace(LIST, LIST + "".join(f" {literal(name)};" for name in modules), 1)
        return part if part.startswith("VirtualHost") else f"{part}\n{LIST} {literal(modules)[1:]}\n"

    def play(self, paths):
        """{ script: outcome }"""
        outcomes = {}
        for path in paths:
            if path.stem in WANT_A_RESET:
                self._count_calls()
                self.reset()
            outcomes[path.stem] = Player(self, read(path)).play()
        self._count_calls()
        return outcomes

    def reset(self):
        """All hosts are taken out and put back, and with them forget what they have in memory."""
        answer = self.admin.run(RESET)
        assert answer.ok, answer
        self.settle()

    def start(self):
        super().start()
        self.admin = Shell(self)
        self.settle()
        return self

    # Policies come into force later than their hosts, and deny until then.
    def settle(self):
        deadline = time.monotonic() + COMPILE_SECONDS
        while "wasm" in self.modules and is_compiling(listing := str(self.admin.wasm("list"))):
            if time.monotonic() > deadline:
                raise TimeoutError(f"still not settled:\n{listing}")
            time.sleep(0.01)

    # On all hosts together.
    def _count_calls(self):
        for row in (line.replace("|", " ").split() for line in (self.admin.wasm("list").lines if self.modules else ())):
            if len(row) > 3 and row[2] in ("running", "shadow"):
                self.calls[row[1]] += int(next(word for word in row[3:] if word.isdigit()))

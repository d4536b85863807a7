"""The configuration file of a throwaway Prosody."""

import os
from dataclasses import dataclass, field

from lua import assignments, literal, quoted
from network import LOOPBACK
from places import STAGE, TEST_MODULES, debian_modules

MODULES = ["roster", "saslauth", "disco", "ping", "iq", "message", "presence", "pep", "carbons", "blocklist",
           "dialback", "c2s", "s2s", "admin_shell", "http", "http_openmetrics", "loopback_s2s"]
LARGE = 64 * 1024 * 1024


@dataclass
class Host:
    """A VirtualHost, or with `component` a Component: "muc" is a room service, None an external component."""

    name: str
    options: dict = field(default_factory=dict)
    component: str | None = ""
    users: dict = field(default_factory=dict)

    def section(self):
        if self.component == "":
            head = f"VirtualHost {quoted(self.name)}"
        else:
            head = f"Component {quoted(self.name)}" + (f" {quoted(self.component)}" if self.component else "")
        options = assignments(self.options)
        return f"\n{head}\n" + "".join(f"\t{line}\n" for line in options.splitlines())


def configuration(server, hosts, options):
    """`options` overrides what is set here; a value of None leaves an option out."""
    folder, ports = server.folder, server.ports
    settings = {
        "daemonize": False,
        "run_as_root": True if os.getuid() == 0 else None,
        "pidfile": str(folder / "prosody.pid"),
        "data_path": str(folder / "data"),
        "certificates": str(folder),
        "plugin_paths": [str(server.stage / "lib" / "prosody" / "modules"), str(TEST_MODULES), str(debian_modules(server.version))],
        "modules_enabled": MODULES,
        "interfaces": [LOOPBACK],
        "c2s_ports": [ports["c2s"]],
        "s2s_ports": [ports["s2s"]],
        "component_ports": [ports["component"]],
        "http_ports": [ports["http"]],
        "https_ports": [],
        "c2s_direct_tls_ports": [],
        "s2s_direct_tls_ports": [],
        "legacy_ssl_ports": [],
        "c2s_require_encryption": False,
        "s2s_require_encryption": False,
        "s2s_secure_auth": False,
        "allow_unencrypted_plain_auth": True,
        "authentication": "internal_plain",
        "storage": "internal",
        "c2s_stanza_size_limit": LARGE,
        "s2s_stanza_size_limit": LARGE,
        "component_stanza_size_limit": LARGE,
        "loopback_s2s": server.neighbours,
        # With it, a small stanza behind another waits 40 ms for the client's acknowledgement.
        "network_settings": {"nagle": False},
        "statistics": "internal",
        "statistics_interval": "manual",
        "log": [{"levels": {"min": "debug"}, "to": "file", "filename": str(server.log_path)}],
        **options,
    }
    return assignments({name: value for name, value in settings.items() if value is not None}) + "".join(
        host.section() for host in hosts)

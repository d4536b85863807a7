"""The same hosts twice: one for each set of rule files, judged by mod_firewall or by the policy of that name."""

import http.server
import threading
from contextlib import contextmanager
from pathlib import Path

from configuration import MODULES, Host
from firewall_corpus import FORGER, LOCAL, REMOTE
from network import LOOPBACK
from places import PROJECT, debian_modules
from server import Server
from storage import put
from world import PASSWORD, SECRET, shared_cache, with_wasm

OWN = Path(__file__).resolve().parent / "rules"
BUNDLED = PROJECT / "guest-plugins" / "firewall" / "rules"
LIST_NAME = "blacklist.txt"
BAD_SERVERS = "listed.test\nspam.example\n"

# What mod_firewall ships, and in the version of it that is tried.
SHIPPED = {
    "blocking": ["spam-blocking.pfw"],
    "lists": ["spam-blocking.pfw", "spam-blocklists.pfw", "spam-strip-xhtml.pfw"],
    "simple": ["jabberspam-simple-blocklist.pfw"],
}
# Conditions and actions that mod_firewall for 0.12 does not know.
NEW = {"senders", "reports", "roles"}


def rule_sets(version):
    """{ name: paths }; each set has a host NAME.test of its own."""
    scripts = debian_modules(version) / "mod_firewall" / "scripts"
    sets = {name: [scripts / file for file in files] for name, files in SHIPPED.items()}
    sets |= {file.stem: [file] for file in sorted(OWN.glob("*.pfw")) if version != "0.12" or file.stem not in NEW}
    sets |= {file.stem: [file] for file in sorted(BUNDLED.glob("*.pfw"))}
    return sets


def uses_list(paths):
    return any("%LIST blocklist: https:" in path.read_text() for path in paths)


def by_mod_firewall(paths):
    return {"firewall_scripts": [str(path) for path in paths], "firewall_experimental_user_marks": True}


def by_policy(folder):
    """`folder` gets the list of bad servers: what mod_firewall asks the web for is a file to the policy."""
    (folder / LIST_NAME).write_text(BAD_SERVERS)

    def options(paths):
        files = [str(path) for path in paths] + ([str(folder / LIST_NAME)] if uses_list(paths) else [])
        return with_wasm({"firewall": {"files": files}})
    return options


def roster_of_alice(host):
    relations = {f"{name}@{host}": relation for name, relation in LOCAL.items()} | REMOTE
    entries = {jid: {"subscription": relation, "groups": {"Friends": True} if jid.startswith("bob@") else {}}
               for jid, relation in relations.items() if relation in ("both", "to", "from")}
    asked = {jid: True for jid, relation in relations.items() if relation == "asked"}
    return {False: {"version": 1, "pending": asked}, **entries}


MIRRORED = {"both": "both", "to": "from", "from": "to"}


def put_rosters(local, remote, hosts):
    for host in hosts:
        put(local, host, "roster", "alice", roster_of_alice(host))
        for name, relation in LOCAL.items():
            if relation in MIRRORED:
                put(local, host, "roster", name, {f"alice@{host}": {"subscription": MIRRORED[relation], "groups": {}}})
    for jid, relation in REMOTE.items():
        if relation in MIRRORED:
            user, server = jid.split("@")
            put(remote, server, "roster", user, {f"alice@{host}": {"subscription": MIRRORED[relation], "groups": {}} for host in hosts})


def judged_host(name, options):
    return Host(name, {"admins": [f"root@{name}"], **options}, users=dict.fromkeys(LOCAL, PASSWORD))


def local_server(version, hosts, list_server, neighbours=None, **options):
    modules = [*MODULES, "offline", "list_server"]
    settings = {"modules_enabled": modules, "list_server": list_server, **shared_cache(), **options}
    return Server(version, hosts, settings, neighbours=neighbours)


def remote_server(version, neighbours):
    servers = sorted({jid.split("@")[1] for jid in REMOTE})
    hosts = [Host(server, users={jid.split("@")[0]: PASSWORD for jid in REMOTE if jid.endswith(f"@{server}")}) for server in servers]
    return Server(version, [*hosts, Host(FORGER, {"component_secret": SECRET}, component=None)], neighbours=neighbours)


class ListServer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(BAD_SERVERS)))
        self.end_headers()
        self.wfile.write(BAD_SERVERS.encode())

    def log_message(self, *_):
        pass


@contextmanager
def serving_list():
    """The address of a server on this machine that has the list of bad servers under every path."""
    server = http.server.ThreadingHTTPServer((LOOPBACK, 0), ListServer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Nothing that comes over the network installs or changes a policy: with mod_wasm a server has no port, no command, no page and
no feature more than without it, and listens to no stanza but those that it judges."""

import http.client
import re
from pathlib import Path

from client import Client, new_marker
from configuration import MODULES, Host
from server import Server
from shell import Shell
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

HOST, ROOMS = "local.test", "rooms.local.test"
ALL_MODULES = [*MODULES, "adhoc", "mam", "offline", "cloud_notify", "csi", "smacks", "announce", "register_ibr"]
HEARD = re.compile(
    r"(pre-)?(message|presence|iq)/(bare|full|host)|presence/full|iq/host|iq/bare/http://jabber.org/protocol/pubsub:pubsub"
    r"|iq/self/urn:xmpp:mam:2:prefs|iq/host/urn:xmpp:http:upload:0:request|iq-get/host/urn:xmpp:http:upload:0:request"
    r"|iq-set/self/urn:xmpp:blocking:(un)?block|iq-set/self/urn:xmpp:push2:0:enable"
    r"|iq-set/(bare|host)/http://jabber.org/protocol/muc#owner:query")
# What is asked of anybody: what somebody might hope to find.
PAGES = ["/", "/wasm", "/wasm/", "/mod_wasm", "/mod_wasm/upload", "/admin", "/admin/wasm", "/plugins", "/policies", "/api/wasm",
         "/.well-known/wasm", "/metrics/wasm"]
POLICIES = ["e2ee", "archive", "blocking", "push", "rooms", "csi", "upload", "carbons", "firewall"]
METHODS = ["GET", "POST", "PUT", "DELETE"]
EVENTS = (">local names = {} for name in pairs(prosody.hosts['HOST'].events._event_map) do names[#names + 1] = tostring(name) end "
          "return table.concat(names, ' ')")


def listening(server):
    """How many sockets the server listens on, of all families."""
    inodes = set()
    for descriptor in Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            inodes.add(re.sub(r"\D", "", str(descriptor.readlink())))
        except FileNotFoundError:
            pass
    rows = [line.split() for table in ("tcp", "tcp6", "udp", "udp6")
            for line in Path(f"/proc/{server.process.pid}/net/{table}").read_text().splitlines()[1:]]
    return sum(row[9] in inodes and row[3] in ("0A", "07") for row in rows)


def asked(client, to, payload):
    marker = new_marker()
    client.send(f"<iq type='get' to='{to}' id='{marker}'>{payload}</iq>")
    answer = []
    client.receive_until(lambda stanza: stanza.get("id") == marker and not answer.append(stanza))
    found = {(element.tag, element.get("var") or element.get("node") or element.get("jid") or "") for element in answer[0].iter()}
    return answer[0].get("type"), found


def status_of(server, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=20)
    connection.request(method, path, body=b"\0asm\x0d\0\1\0" if method in ("POST", "PUT") else None, headers={"Host": HOST})
    status = connection.getresponse().status
    connection.close()
    return status


def seen_of(server):
    """What an administrator's client, a browser and the system see of it."""
    with Client(server, f"admin@{HOST}", PASSWORD) as client:
        questions = [f"<query xmlns='http://jabber.org/protocol/disco#{kind}'{node}/>" for kind in ("info", "items")
                     for node in ("", " node='http://jabber.org/protocol/commands'")]
        answers = {(to, question): asked(client, to, question) for to in (HOST, ROOMS, client.bare) for question in questions}
    pages = {(method, path): status_of(server, method, path) for path in PAGES for method in METHODS}
    return {"sockets": listening(server), "answers": answers, "pages": pages}


def events_of(server):
    shell = Shell(server)
    return {(host, name) for host in (HOST, ROOMS) for name in shell.run(EVENTS.replace('HOST', host)).text.split()}


def test_nothing_more_is_there_than_without(version):
    seen, events = {}, {}
    for wasm in ({}, with_wasm(dict.fromkeys(POLICIES, {}))):
        hosts = [Host(HOST, {"admins": [f"admin@{HOST}"], **wasm}, users={"admin": PASSWORD}),
                 Host(ROOMS, {"muc_room_locking": False, **wasm}, component="muc")]
        with Server(version, hosts, {**shared_cache(), "modules_enabled": ALL_MODULES}) as server:
            if wasm:
                assert "running" in wait_until_settled(server)
            seen[bool(wasm)], events[bool(wasm)] = seen_of(server), events_of(server)
    assert seen[True] == seen[False]
    assert len(events[False]) > 50
    new = {name for _, name in events[True] - events[False] if re.match("(pre-)?(message|presence|iq)", name)}
    assert [name for name in new if not HEARD.fullmatch(name)] == []


ELSEWHERE = ["http://127.0.0.1:1/policy.wasm", "https://policies.example/e2ee.wasm", "file:///etc/hostname", "//server/share/x.wasm"]


def test_a_policy_is_a_file_of_this_machine():
    policies = {f"place{number}": {"path": place} for number, place in enumerate(ELSEWHERE)}
    with Server("13.0", [Host(HOST, with_wasm(policies), users={"admin": PASSWORD})], shared_cache()) as server:
        rows = [row for row in wait_until_settled(server).splitlines() if HOST in row]
        assert len(rows) == len(ELSEWHERE) and all("failed" in row and "no such file" in row for row in rows), rows

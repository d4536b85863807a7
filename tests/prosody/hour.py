"""An hour of everything that people do on a server: each thing they write and each name has a word of its own."""

import socket

import corpus
from client import Client, new_marker
from component import Component
from configuration import MODULES, Host
from people import ELSEWHERE, fail_to_log_in

PASSWORD = "password-of-them-all"
SECRET = "component-secret"
ROOM = "tea@rooms.local.test"
OMEMO = next(row["xml"] for row in corpus.load("captures.json") if row["id"] == "omemo-slixmpp-025-c2s-message")
OTR = next(row["xml"] for row in corpus.load("captures.json") if row["id"] == "otr-profanity-013-c2s-message")

# What people write outside ciphertext.
MESSAGES = [
    "<body>CANARY-PLAIN</body>",
    "<body>CANARY-TAGGED \t  \t\t\t\t \t \t \t    \t\t  \t </body>",
    "<subject>CANARY-SUBJECT</subject><body>x</body>",
    "<body>x</body><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>CANARY-HTML</p></body></html>",
    "<body>https://files.invalid/CANARY-ADDRESS</body><x xmlns='jabber:x:oob'><url>https://files.invalid/CANARY-ADDRESS</url></x>",
    "<body>CANARY-KEEP-THIS</body><store xmlns='urn:xmpp:hints'/>",
    "<body>CANARY-CORRECTED</body><replace xmlns='urn:xmpp:message-correct:0' id='1'/>",
    "<x xmlns='jabber:x:conference' jid='tea@rooms.local.test' reason='CANARY-INVITATION'/>",
    "<body>?OTRv23? CANARY-QUERY</body>",
]
WRITTEN = ["CANARY-", "?OTR:", "This message is OMEMO encrypted", "STATUS-OF-ALDONZA"]


def hosts(policies, remote_log=None):
    wasm = {"wasm_policies": policies, "default_archive_policy": True}
    users = dict.fromkeys(("aldonza", "balthazar", "calliope"), PASSWORD)
    rooms = {"modules_enabled": ["wasm", "muc_mam"], "muc_room_locking": False, "muc_room_default_persistent": True,
             "muc_room_cache_size": 1, **wasm}
    return [
        Host("local.test", {"modules_enabled": ["wasm"], **wasm}, users=users),
        Host("rooms.local.test", rooms, component="muc"),
        Host("upload.local.test", {"http_file_share_base_url": "http://127.0.0.1/share/"}, component="http_file_share"),
        Host("push.local.test", {"component_secret": SECRET}, component=None),
    ]


def modules(version):
    return [*MODULES, "mam", "smacks", "offline", "wasm_retention", *(["cloud_notify"] if version == "13.0" else [])]


def log_in(server, user, resource="phone"):
    return Client(server, f"{user}@local.test", PASSWORD, resource, source=ELSEWHERE)


def say(client, to, inside, kind="chat"):
    client.send(f"<message to='{to}' type='{kind}' id='{new_marker()}'>{inside}</message>")


def say_all(client, to, kind="chat"):
    for inside in MESSAGES:
        say(client, to, inside, kind)
    for xml in (OTR, OMEMO):
        client.send(corpus.addressed(xml, to).replace("type='chat'", f"type='{kind}'").replace('type="chat"', f'type="{kind}"'))


def ask_for_upload(client):
    client.send("<iq to='upload.local.test' type='get' id='slot'>"
                "<request xmlns='urn:xmpp:http:upload:0' filename='NAME-OF-A-FILE.png' size='100'/></iq>")


def ask_for_pushes(client):
    client.send("<iq type='set' id='push'><enable xmlns='urn:xmpp:push:0' jid='push.local.test' node='device-1'/></iq>")


def vanish(client):
    """Goes as a phone does in a tunnel: messages that it did not acknowledge come back after a while."""
    client.socket.shutdown(socket.SHUT_RDWR)
    client.socket.close()


def live(server, go_to):
    """`go_to(hours)` moves the clock. Returns what the app server for pushes was told."""
    app_server = Component(server, "push.local.test", SECRET)
    with log_in(server, "calliope") as calliope:
        ask_for_pushes(calliope)
        calliope.synchronise()
    for quarter in range(4):
        go_to(quarter / 4)
        quarter_of_an_hour(server)
    app_server.send("<iq from='push.local.test' to='local.test' type='get' id='last'><ping xmlns='urn:xmpp:ping'/></iq>")
    pushed = app_server.receive_marker("last")
    app_server.close()
    return pushed


def quarter_of_an_hour(server):
    fail_to_log_in(server)
    with log_in(server, "aldonza") as aldonza, log_in(server, "balthazar") as balthazar:
        aldonza.send("<presence><status>STATUS-OF-ALDONZA</status></presence>")
        aldonza.send("<presence to='balthazar@local.test' type='subscribe'/>")
        balthazar.send("<presence to='aldonza@local.test' type='subscribed'/>")
        tunnel = log_in(server, "balthazar", "watch")
        tunnel.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
        for to in (balthazar.bare, tunnel.full, "calliope@local.test", "nobody@local.test"):
            say_all(aldonza, to)
        vanish(tunnel)
        say_all(balthazar, "aldonza@local.test")
        for room in (ROOM, "coffee@rooms.local.test"):
            aldonza.join(room, "Al")
            say_all(aldonza, room, "groupchat")
            aldonza.send(f"<presence type='unavailable' to='{room}/Al'/>")
        ask_for_upload(aldonza)
        for client in (balthazar, aldonza):
            client.synchronise()

"""What people do on a server in a day, so that its logs and its folders can be searched for them."""

from contextlib import suppress

from client import HEADER, Client, new_marker
from configuration import MODULES, Host
from lua import quoted
from stream import Closed, Stream, connect

PASSWORD = "secret-of-them-all"
ELSEWHERE = "127.0.0.77"
RESOURCE = "Zoe&apos;s old phone"
# Who and where they are. None of it stands in a log for another reason.
TRACES = ["aldonza", "balthazar", "calliope", "dulcinea", "eustace", "Zoe", "old phone", "127.0.0.1", ELSEWHERE]
ROOM = "tea@rooms.local.test"
# Lines in which Prosody writes one of them without a domain, or what somebody sent.
NAMES_ALONE = ["Archive query by <jid> id=", "Reserving <jid> for <jid>", "Refreshed for <jid>: <jid>",
               "<jid> requested voice in <jid>", "<jid> responded to a voice request in <jid>", "<jid> did not grant voice",
               'bytes: "<text>"']


def hosts(**options):
    upload = {"http_file_share_base_url": "http://127.0.0.1/share/"}
    return [
        Host("local.test", {"allow_registration": True, "modules_enabled": ["wasm"], "wasm_policies": {}, **options},
             users=dict.fromkeys(("aldonza", "balthazar"), PASSWORD)),
        Host("rooms.local.test", {"muc_room_locking": False}, component="muc"),
        Host("upload.local.test", upload, component="http_file_share"),
    ]


def remote_hosts():
    return [Host("remote.test", users={"dulcinea": PASSWORD})]


def modules(version):
    more = ["register_ibr", "register_limits", "mam", "smacks", "limits", "offline"]
    return [*MODULES, *more, *(["cloud_notify"] if version == "13.0" else [])]


def live_a_day(server, names):
    """`names` are the accounts registered today: each can be registered once."""
    aldonza = Client(server, "aldonza@local.test", PASSWORD, RESOURCE, source=ELSEWHERE)
    balthazar = Client(server, "balthazar@local.test", PASSWORD)
    fail_to_log_in(server)
    break_xml(server)
    for name in names:
        register(server, name)
    befriend(aldonza, balthazar)
    publish(aldonza)
    for address in ("balthazar@local.test", "dulcinea@remote.test", "nobody-calliope@local.test"):
        aldonza.send(f"<message to='{address}' type='chat' id='{new_marker()}'><body>hello</body></message>")
    read_archive(aldonza)
    meet(aldonza, balthazar)
    ask_for_upload(aldonza)
    ask_for_pushes(aldonza)
    for client in (balthazar, aldonza):
        client.synchronise()
        client.close()


def fail_to_log_in(server):
    for name in ("balthazar", "eustace"):
        try:
            Client(server, f"{name}@local.test", "wrong", source=ELSEWHERE)
        except Closed:
            continue
        raise AssertionError(f"{name} is in without a password")


def register(server, name):
    with Stream(connect(server.ports["c2s"], ELSEWHERE)) as stream:
        stream.open(HEADER.format("local.test"))
        stream.receive()
        stream.send(f"<iq type='set' id='register'><query xmlns='jabber:iq:register'><username>{name}</username>"
                    f"<password>{PASSWORD}</password></query></iq>")
        answer = stream.receive()
        assert answer.get("type") == "result", answer[-1].attrib


def befriend(one, other):
    one.send(f"<presence to='{other.bare}' type='subscribe'/>")
    other.send(f"<presence to='{one.bare}' type='subscribed'/>")
    one.send("<iq type='set' id='block'><block xmlns='urn:xmpp:blocking'><item jid='eustace@remote.test'/></block></iq>")


def publish(client):
    client.send("<iq type='set' id='publish'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='http://jabber.org/protocol/nick'><item><nick xmlns='http://jabber.org/protocol/nick'>Zoe"
                "</nick></item></publish></pubsub></iq>")


def break_xml(server):
    with Stream(connect(server.ports["c2s"], ELSEWHERE)) as stream:
        stream.open(HEADER.format("local.test"))
        stream.receive()
        stream.send("<nick>Zoe</nock>")
        with suppress(Closed):
            while True:
                stream.receive()


def read_archive(client):
    client.send("<iq type='set' id='history'><query xmlns='urn:xmpp:mam:2'/></iq>")


def meet(one, other):
    """In a room, where the one keeps a nickname for the other, who asks for voice in vain."""
    one.join(ROOM, "Zoe")
    one.send(f"<iq to='{ROOM}' type='set' id='keep'><query xmlns='http://jabber.org/protocol/muc#admin'>"
             f"<item affiliation='member' jid='{other.bare}' nick='Zoe the younger'/></query></iq>")
    one.synchronise()
    other.join(ROOM, "Zoe the younger")
    for client in (other, one):
        client.send(f"<message to='{ROOM}'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
                    "<value>http://jabber.org/protocol/muc#request</value></field></x></message>")


def ask_for_upload(client):
    client.send("<iq to='upload.local.test' type='get' id='slot'>"
                "<request xmlns='urn:xmpp:http:upload:0' filename='picture.png' size='100'/></iq>")


def ask_for_pushes(client):
    client.send("<iq type='set' id='push'><enable xmlns='urn:xmpp:push:0' jid='push.remote.test' node='device'/></iq>")


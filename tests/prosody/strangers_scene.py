"""Bob, whom strangers write to: rose on another server, carol on his own. Alice is his contact, olaf the operator."""

from contextlib import ExitStack

from canaries import ping, written
from client import Client, new_marker
from clock import Clocked
from configuration import MODULES, Host
from server import Server
from side_door_scene import contacts
from side_door_stanzas import archived, ask
from storage import put
from world import PASSWORD, introduce, shared_cache, wait_until_settled, with_wasm

BOB, ALICE, CAROL, OLAF, ROSE = "bob@local.test", "alice@local.test", "carol@local.test", "olaf@local.test", "rose@remote.test"
STRANGERS = ["rose", "carol"]


class Scene:
    """`settings` are those of the policy; `server` may be another class of server."""

    def __init__(self, version, settings, server=Server, **options):
        neighbours = {}
        users = dict.fromkeys(("alice", "bob", "carol", "olaf"), PASSWORD)
        wasm = with_wasm({"blocking": {"settings": settings}}, admins=[OLAF], **options)
        everywhere = {"modules_enabled": [*MODULES, "mam", "offline", "smacks"], "default_archive_policy": True, **shared_cache()}
        self.version = version
        self.local = server(version, [Host("local.test", wasm, users=users),
                                      Host("rooms.local.test", {"muc_room_locking": False}, component="muc")],
                            everywhere, neighbours=neighbours)
        self.remote = Server(version, [Host("remote.test", users={"rose": PASSWORD}),
                                       Host("rooms.remote.test", {"muc_room_locking": False}, component="muc")], neighbours=neighbours)
        introduce(neighbours, self.local, self.remote)
        put(self.local, "local.test", "roster", "bob", contacts([ALICE]))
        put(self.local, "local.test", "roster", "alice", contacts([BOB]))

    def __enter__(self):
        with ExitStack() as started:
            started.enter_context(self.local)
            started.enter_context(self.remote)
            listing = wait_until_settled(self.local)
            assert "running" in listing, listing
            self.bob, self.alice, self.carol, self.olaf = (self.log_in(address) for address in (BOB, ALICE, CAROL, OLAF))
            self.rose = self.log_in(ROSE, self.remote)
            self.started = started.pop_all()
        return self

    def __exit__(self, *error):
        for client in (self.bob, self.alice, self.carol, self.olaf, self.rose):
            client.close()
        self.started.__exit__(*error)

    def log_in(self, address, server=None):
        return Client(server or self.local, address, PASSWORD)

    def write(self, stranger, words, to=BOB, payload="<body>{}</body>"):
        """Somebody writes these words, a message each; returns what he got back until all of it was dealt with."""
        client = getattr(self, stranger)
        for word in words:
            client.send(f"<message to='{to}' type='chat' id='{new_marker()}'>{payload.format(word)}</message>")
        return self.settle(stranger)

    def settle(self, stranger):
        client = getattr(self, stranger)
        return client.synchronise() + ping(client, "local.test")

    def arrived(self, client=None):
        """What bob got since he was asked last: texts of people, and what the server told him."""
        stanzas = [stanza for stanza in (client or self.bob).synchronise() if stanza.tag == "{jabber:client}message"]
        told = [stanza.findtext("{*}body") for stanza in stanzas if stanza.get("from") == "local.test"]
        texts = [stanza for stanza in stanzas if stanza.get("from") != "local.test"]
        return texts, told

    def answer(self, stranger):
        """Bob agrees, by writing back."""
        self.bob.send(f"<message to='{getattr(self, stranger).bare}' type='chat'><body>hello yourself</body></message>")

    def block(self, address, report=""):
        ask(self.bob, None, f"<block xmlns='urn:xmpp:blocking'><item jid='{address}'>{report}</item></block>")

    def unblock(self, address):
        ask(self.bob, None, f"<unblock xmlns='urn:xmpp:blocking'><item jid='{address}'/></unblock>")

    def archive(self):
        return "".join(written(stanza).decode() for stanza in archived(self.bob))


def bodies(stanzas):
    return [stanza.findtext("{*}body") for stanza in stanzas]


def errors(stanzas):
    """The conditions of the errors among these."""
    return [error[0].tag.split("}")[1] for stanza in stanzas for error in stanza.findall("{jabber:client}error")]

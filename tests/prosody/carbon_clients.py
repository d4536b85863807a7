"""Several devices of two people, with a real client library (slixmpp) and its carbons (XEP-0280)."""

import asyncio
import logging

import corpus
from configuration import Host
from network import LOOPBACK
from server import Server
from slixmpp import ClientXMPP
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from world import PASSWORD, SECRET, shared_cache, with_wasm

SECONDS = 20
# Of each person, the first is the one that talks and is talked to; the watch has not enabled carbons.
RESOURCES = ("main", "other", "watch")
PEOPLE = ("alice", "bob")
ROOMS, BRIDGE = "rooms.test", "bridge.test"
logging.getLogger("slixmpp").setLevel(logging.CRITICAL)


def server_with(version, policies):
    """One VirtualHost, home.test, with these policies or without mod_wasm; a room service and a bridge beside it."""
    options = with_wasm(policies) if policies else {}
    return Server(version, [
        Host("home.test", options, users=dict.fromkeys(PEOPLE, PASSWORD)),
        Host(ROOMS, {"muc_room_locking": False}, component="muc"),
        Host(BRIDGE, {"component_secret": SECRET}, component=None),
    ], shared_cache())


class CarbonClient(ClientXMPP):
    def __init__(self, server, user, resource):
        super().__init__(f"{user}@home.test/{resource}", PASSWORD)
        self.port = server.ports["c2s"]
        self.enable_direct_tls = self.enable_starttls = False
        self.enable_plaintext = True
        for plugin in ("xep_0045", "xep_0199", "xep_0280"):
            self.register_plugin(plugin)
        self.plugin["feature_mechanisms"].unencrypted_plain = True
        # As the library reports them: what came for this device, and copies of what others sent and got.
        self.direct, self.sent_copies, self.received_copies = [], [], []
        self.add_event_handler("carbon_sent", lambda stanza: self.sent_copies.append(stanza["carbon_sent"]))
        self.add_event_handler("carbon_received", lambda stanza: self.received_copies.append(stanza["carbon_received"]))
        self.register_handler(Callback("every message", MatchXPath("{jabber:client}message"), self._take))

    def _take(self, stanza):
        names = {child.tag for child in stanza.xml}
        if not names & {"{urn:xmpp:carbons:2}sent", "{urn:xmpp:carbons:2}received"}:
            self.direct.append(stanza)

    async def log_in(self, priority, carbons):
        started = asyncio.get_running_loop().create_future()
        self.add_event_handler("session_start", lambda _: started.set_result(None), disposable=True)
        self.connect(LOOPBACK, self.port)
        await asyncio.wait_for(started, SECONDS)
        if carbons:
            await self.plugin["xep_0280"].enable()
        self.send_presence(ppriority=priority)
        await self.settle()

    async def settle(self):
        """Returns when the server has taken all that was sent, and this device has all that the server sent."""
        await self.plugin["xep_0199"].ping("home.test", timeout=SECONDS)
        await asyncio.sleep(0)


class Devices:
    """All of them, logged in: `devices["alice", "main"]`."""

    def __init__(self, server):
        self.clients = {(user, resource): CarbonClient(server, user, resource) for user in PEOPLE for resource in RESOURCES}

    def __getitem__(self, name):
        return self.clients[name]

    async def log_in(self):
        for (_, resource), client in self.clients.items():
            await client.log_in(5 if resource == "main" else 0, resource != "watch")
        for user in PEOPLE:
            await self[user, "main"].plugin["xep_0045"].join_muc_wait(f"room@{ROOMS}", user, maxstanzas=0, timeout=SECONDS)

    async def log_out(self):
        for client in self.clients.values():
            await client.disconnect()

    def forget(self):
        for client in self.clients.values():
            for seen in (client.direct, client.sent_copies, client.received_copies):
                seen.clear()

    async def send(self, xml, to):
        """Sends a stanza from Alice's main device, exactly as it is written."""
        self.forget()
        self["alice", "main"].send_raw(corpus.addressed(xml, to))
        await self.settle()

    # She is the first to ask: what the server has taken from her is with every other device before their answers.
    async def settle(self):
        for client in self.clients.values():
            await client.settle()


async def logged_in(server):
    devices = Devices(server)
    await devices.log_in()
    return devices

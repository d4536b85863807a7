"""A real client with OMEMO (slixmpp, slixmpp-omemo). Keys live as long as the process."""

import asyncio
import logging
import sys

from network import LOOPBACK
from omemo.storage import Just, Nothing, Storage
from slixmpp import JID, ClientXMPP
from slixmpp.plugins import register_plugin
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from slixmpp_omemo import XEP_0384

SECONDS = 20
logging.getLogger("slixmpp").setLevel(logging.CRITICAL)
logging.getLogger("omemo").setLevel(logging.CRITICAL)


class Memory(Storage):
    def __init__(self):
        super().__init__()
        self.values = {}

    async def _load(self, key):
        return Just(self.values[key]) if key in self.values else Nothing()

    async def _store(self, key, value):
        self.values[key] = value

    async def _delete(self, key):
        self.values.pop(key, None)


class Omemo(XEP_0384):
    """Trusts every key it sees first: the demo has no one to compare fingerprints."""

    name = "xep_0384"

    def plugin_init(self):
        super().plugin_init()

    @property
    def storage(self):
        return self.xmpp.memory

    @property
    def _btbv_enabled(self):
        return True

    async def _prompt_manual_trust(self, manually_trusted, identifier):
        raise RuntimeError("every key is trusted on first sight")


register_plugin(Omemo)


class OmemoClient(ClientXMPP):
    """`memory`: what a device of the same keys had in memory when it went."""

    PLUGINS = ("xep_0045", "xep_0199", "xep_0280", "xep_0313")

    def __init__(self, server, address, password, resource="demo", memory=None, plugins=()):
        super().__init__(f"{address}/{resource}", password)
        self.memory = memory or Memory()
        self.port = server.ports["c2s"]
        self.enable_direct_tls = self.enable_starttls = False
        self.enable_plaintext = True
        self.arrived = asyncio.Queue()
        for plugin in (*self.PLUGINS, *plugins):
            self.register_plugin(plugin)
        self.register_plugin("xep_0384", module=sys.modules[__name__])
        self.plugin["feature_mechanisms"].unencrypted_plain = True
        # The "message" event of slixmpp is only for those with a body.
        every_message = MatchXPath("{jabber:client}message")
        self.register_handler(Callback("every message", every_message, self.arrived.put_nowait))

    async def log_in(self):
        """Returns when the account is online and its OMEMO keys are published."""
        published = asyncio.get_running_loop().create_future()
        self.add_event_handler("omemo_initialized", published.set_result, disposable=True)
        self.add_event_handler("session_start", lambda _: self.send_presence(), disposable=True)
        self.connect(LOOPBACK, self.port)
        await asyncio.wait_for(published, SECONDS)

    async def encrypted(self, recipient, text, room=None):
        """A message stanza which only `recipient` can read, in a room if one is given."""
        message = self.make_message(mto=room or recipient, mbody=text, mtype="groupchat" if room else "chat")
        stanza, errors = await self.plugin["xep_0384"].encrypt_message(message, JID(recipient))
        if stanza is None or errors:
            raise RuntimeError(f"could not encrypt: {errors}")
        return stanza

    async def decrypted(self, stanza):
        """The text of a message, decrypted if need be."""
        if self.plugin["xep_0384"].is_encrypted(stanza):
            stanza, _ = await self.plugin["xep_0384"].decrypt_message(stanza)
        return stanza["body"]

    async def archived(self):
        """The messages in the archive of the account."""
        results = self.plugin["xep_0313"].iterate()
        return [result["mam_result"]["forwarded"]["stanza"] async for result in results]

    async def log_out(self):
        await self.disconnect()

"""A real client (slixmpp) that tells where it is (XEP-0080), at its own account (XEP-0163)."""

import asyncio
import logging

from network import LOOPBACK
from slixmpp import ClientXMPP
from slixmpp.exceptions import IqError
from slixmpp.plugins.xep_0080 import Geoloc
from slixmpp.stanza import Error

SECONDS = 20
ELSEWHERE = "urn:example:elsewhere"
logging.getLogger("slixmpp").setLevel(logging.CRITICAL)
# It knows the defined conditions but this one (RFC 6120 §8.3.3.12), and waits for ever when it is answered so.
Error.conditions = Error.conditions | {"policy-violation"}


class GeolocClient(ClientXMPP):
    PLUGINS = ("xep_0030", "xep_0060", "xep_0163", "xep_0080", "xep_0118")

    def __init__(self, server, address, password):
        super().__init__(f"{address}/phone", password)
        self.port = server.ports["c2s"]
        self.enable_direct_tls = self.enable_starttls = False
        self.enable_plaintext = True
        for plugin in self.PLUGINS:
            self.register_plugin(plugin)
        self.plugin["feature_mechanisms"].unencrypted_plain = True

    async def log_in(self):
        online = asyncio.get_running_loop().create_future()
        self.add_event_handler("session_start", online.set_result, disposable=True)
        self.connect(LOOPBACK, self.port)
        await asyncio.wait_for(online, SECONDS)
        self.send_presence()

    async def tell(self, way):
        """Publishes. -> None if that is done, else the condition and the text of the error"""
        try:
            await way(self)
            return None
        except IqError as error:
            return error.condition, error.text


def geoloc(client):
    return client.plugin["xep_0080"].publish_location(lat=52.5, lon=13.4, text="at home")


def geoloc_elsewhere(client):
    place = Geoloc()
    place["lat"], place["lon"] = 52.5, 13.4
    return client.plugin["xep_0163"].publish(place, node=ELSEWHERE)


def tune(client):
    return client.plugin["xep_0118"].publish_tune(title="Yes", artist="No")


def told(server, address, password, ways):
    """What a client is answered that publishes in these ways, one after the other."""
    async def talk():
        client = GeolocClient(server, address, password)
        await client.log_in()
        answers = [await asyncio.wait_for(client.tell(way), SECONDS) for way in ways]
        await client.disconnect()
        return answers
    return asyncio.run(talk())

"""Two real clients with OMEMO (slixmpp) who are not contacts, and who leave who may read their keys to the server's default."""

import asyncio
from xml.etree import ElementTree

from omemo_client import OmemoClient

MUC = "http://jabber.org/protocol/muc"
OPTIONS = "{http://jabber.org/protocol/pubsub}publish-options"
INSTANT = f"<query xmlns='{MUC}#owner'><x xmlns='jabber:x:data' type='submit'/></query>"
SECONDS = 20


class Mate(OmemoClient):
    """Publishes keys as anything else: without saying who may read them."""

    def __init__(self, server, address, password, **options):
        super().__init__(server, address, password, **options)
        self.add_filter("out", without_access_model)

    async def enter(self, room):
        await self.plugin["xep_0045"].join_muc_wait(room, self.boundjid.user, maxstanzas=0, timeout=SECONDS)

    async def make_ready(self, room):
        """What clients send for a new room that they do not want to configure (XEP-0045 §10.1.2)."""
        request = self.make_iq_set(ito=room)
        request.append(ElementTree.fromstring(INSTANT))
        await request.send(timeout=SECONDS)

    def invite(self, room, address):
        self.plugin["xep_0045"].invite(room, address)

    def others_in(self, room):
        """The addresses of the others, as far as the room shows them."""
        plugin = self.plugin["xep_0045"]
        shown = {plugin.get_jid_property(room, nick, "jid") for nick in plugin.get_roster(room)}
        return {jid.bare if hasattr(jid, "bare") else str(jid).split("/")[0] for jid in shown if jid} - {self.boundjid.bare}

    async def write(self, room, text):
        """Encrypts for everybody whom the room shows; returns why that is not possible, if it is not."""
        from slixmpp import JID

        others = self.others_in(room)
        if not others:
            return "the room shows nobody"
        message = self.make_message(mto=room, mbody=text, mtype="groupchat")
        try:
            stanza, errors = await self.plugin["xep_0384"].encrypt_message(message, {JID(other) for other in others})
        except Exception as error:  # the library raises whatever it pleases
            return type(error).__name__
        if stanza is None or errors:
            return "no keys"
        stanza.send()
        return None

    async def read(self, room, author):
        """The next encrypted text of somebody in the room."""
        while True:
            stanza = await asyncio.wait_for(self.arrived.get(), SECONDS)
            is_his = stanza["from"].full == f"{room}/{author}" and stanza["type"] == "groupchat"
            if is_his and self.plugin["xep_0384"].is_encrypted(stanza):
                return await self.decrypted(stanza)


def without_access_model(stanza):
    """A filter of slixmpp for what is sent."""
    for options in stanza.xml.iter(OPTIONS) if hasattr(stanza, "xml") else ():
        for form in options:
            for field in [field for field in form if field.get("var") == "pubsub#access_model"]:
                form.remove(field)
    return stanza


async def talk(people, room):
    """Everybody writes once; returns (who, what came of it) for each: why it was not sent, or what each other has read."""
    results = {}
    for author in people:
        name = author.boundjid.user
        failure = await author.write(room, f"from {name}")
        results[name] = failure or [await mate.read(room, name) for mate in people if mate is not author]
    return results


async def meet(people, room):
    """The first makes the room and invites the others, who enter."""
    host, *guests = people
    await host.enter(room)
    await host.make_ready(room)
    for guest in guests:
        host.invite(room, guest.boundjid.bare)
        await host.plugin["xep_0199"].ping(host.boundjid.host, timeout=SECONDS)
        await guest.enter(room)
    for mate in people:
        await mate.plugin["xep_0199"].ping(mate.boundjid.host, timeout=SECONDS)


async def gather(server, addresses, password, room):
    mates = [Mate(server, address, password) for address in addresses]
    try:
        for mate in mates:
            await mate.log_in()
        await meet(mates, room)
        return await talk(mates, room)
    finally:
        for mate in mates:
            await mate.log_out()

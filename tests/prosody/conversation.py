"""The conversation of the demo: what is sent, and what has to come of it."""

import asyncio
from dataclasses import dataclass
from xml.etree import ElementTree

from client import new_marker

ROOM = "tea@rooms.localhost"
OTR_QUERY = "?OTRv23?"


@dataclass
class Fate:
    """What the recipient saw (decrypted, and the body as it was), and what the sender was told."""

    stanza_id: str
    arrived: str | None = None
    body: str | None = None
    told: str | None = None


@dataclass
class Line:
    way: str
    sent: str
    play: object
    verdict: str
    expected: object


# What each kind of line expects of its fate.
def refused(fate):
    return fate.arrived is None and bool(fate.told)


def arrives(text):
    return lambda fate: fate.arrived == text


def arrives_without(text, wanted):
    return lambda fate: fate.arrived == wanted and fate.body is not None and text not in fate.body


# Pings go the way of the stanzas, so that after both answers nothing is under way any more.
async def settle(*clients):
    for client in clients:
        await client.plugin["xep_0199"].ping("localhost", timeout=20)
    await asyncio.sleep(0)


def emptied(queue):
    stanzas = []
    while not queue.empty():
        stanzas.append(queue.get_nowait())
    return stanzas


async def exchange(sender, recipient, stanza):
    for client in (sender, recipient):
        emptied(client.arrived)
    stanza.send()
    await settle(sender, recipient)
    return await fate_of(stanza["id"], emptied(recipient.arrived), emptied(sender.arrived), recipient)


async def fate_of(stanza_id, arrived, returned, recipient):
    fate = Fate(stanza_id)
    for stanza in arrived:
        if stanza["type"] not in ("error", "headline"):
            fate.arrived, fate.body = await described(recipient, stanza), stanza["body"]
    for stanza in returned:
        if stanza["type"] == "error":
            fate.told = stanza["error"]["text"]
        elif stanza["type"] == "headline":
            fate.told = stanza["body"]
    return fate


async def described(recipient, stanza):
    text = await recipient.decrypted(stanza)
    if text:
        return text
    names = [child.tag.split("}")[1] for child in stanza.xml]
    return ", ".join(f"<{name}/>" for name in names if name != "delay")


def plain(sender, recipient, text, extra=""):
    def stanza(people):
        return people[sender].make_message(mto=f"{recipient}@localhost", mbody=text, mtype="chat")
    return lambda people: exchange(people[sender], people[recipient], with_extra(stanza(people), extra))


def with_extra(stanza, extra):
    if extra:
        stanza.append(ElementTree.fromstring(extra))
    return stanza


def omemo(sender, recipient, text, body=None, extra=""):
    async def play(people):
        stanza = await people[sender].encrypted(f"{recipient}@localhost", text)
        if body:
            stanza["body"] = body
        return await exchange(people[sender], people[recipient], with_extra(stanza, extra))
    return play


def to_room(sender, recipient, text):
    async def play(people):
        stanza = people[sender].make_message(mto=ROOM, mbody=text, mtype="groupchat")
        return await exchange(people[sender], people[recipient], stanza)
    return play


def from_bridge(recipient, text):
    async def play(people):
        client, bridge = people[recipient], people["bridge"]
        emptied(client.arrived)
        stanza_id, marker = new_marker(), new_marker()
        bridge.send(f"<message from='anne@{bridge.name}' to='{client.boundjid.full}' type='chat' id='{stanza_id}'>"
                    f"<body>{text}</body></message>"
                    f"<iq from='anne@{bridge.name}' to='localhost' type='get' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
        returned = await asyncio.to_thread(bridge.receive_marker, marker)
        await settle(client)
        fate = await fate_of(stanza_id, emptied(client.arrived), [], client)
        fate.told = next((stanza.findtext("{*}error/{*}text") for stanza in returned if stanza.get("type") == "error"), None)
        return fate
    return play


COMPOSING = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
CORRECTION = "<replace xmlns='urn:xmpp:message-correct:0' id='message-1'/>"
INVITATION = f"<x xmlns='jabber:x:conference' jid='{ROOM}' reason='we gossip about Carol'/>"
PICTURE = "<x xmlns='jabber:x:oob'><url>https://files.localhost/us-two.jpg</url></x>"

LINES = [
    Line("alice → bob", "plaintext: “Lunch at noon?”",
         plain("alice", "bob", "Lunch at noon?"), "bounce", refused),
    Line("alice → bob", "OMEMO: “Lunch at noon?”",
         omemo("alice", "bob", "Lunch at noon?"), "pass", arrives("Lunch at noon?")),
    Line("bob → alice", "chat state: composing",
         plain("bob", "alice", None, COMPOSING), "pass", arrives("<composing/>")),
    Line("bob → alice", "OMEMO: “Yes! The usual place?”",
         omemo("bob", "alice", "Yes! The usual place?"), "pass", arrives("Yes! The usual place?")),
    Line("alice → bob", "OMEMO: “Yes”, beside it in the clear: “psst, the usual place”",
         omemo("alice", "bob", "Yes", body="psst, the usual place"), "edit", arrives_without("psst", "Yes")),
    Line("bob → alice", "plaintext correction: “Better at one”",
         plain("bob", "alice", "Better at one", CORRECTION), "bounce", refused),
    Line("alice → bob", "OTR query with human text: “?OTRv23? Alice wants a private chat”",
         plain("alice", "bob", f"{OTR_QUERY} Alice wants a private chat"), "edit", arrives(OTR_QUERY)),
    Line("alice → bob", "a picture’s address in the clear",
         plain("alice", "bob", None, PICTURE), "bounce", refused),
    Line("anne → bob", "plaintext from another network: “Hello”",
         from_bridge("bob", "Hello"), "bounce", refused),
    Line("alice → room", "plaintext: “Tea is ready”, to a room (optional there)",
         to_room("alice", "bob", "Tea is ready"), "pass", arrives("Tea is ready")),
]

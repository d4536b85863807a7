"""Messages, and whether they are copied to other devices: by Prosody alone, and with the policy."""

from dataclasses import dataclass

import corpus

PRIVATE = "<private xmlns='urn:xmpp:carbons:2'/>"
BODY = "<body>hello</body>"
OTR_BODY = "<body>?OTR:AAIDAAAAAAEAAAABAAAAwA==.</body>"
NOT_FOUND = "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
CHAT_STATE = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
# Labels of the captures.
OMEMO = ("omemo1", "omemo1-keytransport")
OTR = ("otr-query", "otr-ake-v2", "otr-ake-v3", "otr-data-v2", "otr-data-v3", "otr-fragment", "plain-otr-whitespace-tag")


@dataclass
class Row:
    name: str
    xml: str
    alone: bool
    policy: bool


def message(inside, kind="chat"):
    return f"<message type='{kind}'>{inside}</message>"


WRITTEN = [
    Row("plaintext", message(BODY), True, True),
    Row("plaintext of type normal", message(BODY, "normal"), True, True),
    Row("private", message(BODY + PRIVATE), False, False),
    Row("no-copy", message(BODY + "<no-copy xmlns='urn:xmpp:hints'/>"), False, False),
    Row("OTR and private", message(OTR_BODY + PRIVATE), False, False),
    Row("OTR error", message("<body>?OTR Error: You transmitted an unreadable encrypted message.</body>"), True, False),
    Row("OTR of type normal", message(OTR_BODY, "normal"), True, False),
    Row("chat state", message(CHAT_STATE), True, True),
    Row("headline", message(BODY, "headline"), False, False),
    Row("error from a device", message(NOT_FOUND, "error"), False, False),
]
# From somebody's bare address, on whose behalf their server speaks.
BOUNCES = [
    Row("bounce", message(NOT_FOUND, "error"), True, True),
    Row("bounce with OTR", message(OTR_BODY + NOT_FOUND, "error"), True, False),
]


def captured(*labels):
    """What real clients wrote. Prosody alone looks at the type of a message, and at whether it has a body."""
    for row in corpus.load("captures.json"):
        if row["label"] in labels:
            is_copied = corpus.attribute(row["xml"], "type") == "chat"
            yield Row(row["id"], row["xml"], is_copied, is_copied and row["label"] not in OTR)

"""The corpora: stanzas as text, with what must become of them. Their addresses are placeholders (b@x, a@r, r@muc.x)."""

import json
import re
import xml.etree.ElementTree as ElementTree

from places import CORPUS

NAMESPACE = "{jabber:client}"
CIPHERTEXTS = {
    "{eu.siacs.conversations.axolotl}encrypted", "{urn:xmpp:omemo:1}encrypted", "{urn:xmpp:omemo:2}encrypted",
    "{urn:xmpp:openpgp:0}openpgp", "{jabber:x:encrypted}x",
}
# The canary of the hand-written rows, and what it is in base64.
CANARIES = ("SECRET", "U0VDUkVU")
ADDRESS_ATTRIBUTE = re.compile(r"""\s(?:to|from)\s*=\s*(?:'[^']*'|"[^"]*")""")
ADDRESS = re.compile(r"""(?<=['"])([\w.-]+@[\w.-]+)(/[^'"]*)?(?=['"])""")
OTR_TOKEN = re.compile(r"^\?OTR\S*")


def load(name):
    path = CORPUS / name
    return json.loads(path.read_text()) if path.exists() else []


def addressed(xml, to, sender=None, inner=None):
    """The stanza with new addresses in its first tag, and those of `inner` exchanged inside it."""
    head, tag_end, rest = xml.partition(">")
    empty = "/" if head.endswith("/") else ""
    head = ADDRESS_ATTRIBUTE.sub("", head.rstrip("/"))
    addresses = f" to='{to}'" + (f" from='{sender}'" if sender else "")
    rest = ADDRESS.sub(lambda found: (inner or {}).get(found[1], found[0]), rest)
    return f"{head}{addresses}{empty}{tag_end}{rest}"


def attribute(xml, name):
    """An attribute of the first tag."""
    found = re.search(rf"""\s{name}\s*=\s*['"]([^'"]*)['"]""", xml.partition(">")[0])
    return found and found[1]


def parsed(xml):
    """As a receiving client sees it: without a namespace of its own, a stanza is in the stream's."""
    return ElementTree.fromstring(f"<stream xmlns='jabber:client'>{xml}</stream>")[0]


def canonical(element):
    return ElementTree.canonicalize(ElementTree.tostring(element, encoding="unicode"), rewrite_prefixes=True)


def payloads(stanza):
    return sorted(canonical(child) for child in stanza if child.tag in CIPHERTEXTS)


def ciphertexts(stanza):
    """What must arrive byte for byte: encrypted payloads, and OTR messages, which are bodies."""
    bodies = [body.text for body in stanza.findall(f"{NAMESPACE}body") if OTR_TOKEN.match(body.text or "")]
    return payloads(stanza) + sorted(bodies)


def canaries(xml):
    """Texts of this row that nobody may receive unless the row is allowed."""
    found = [canary for canary in CANARIES if canary in xml]
    for body in re.findall(r"<body[^>]*>([^<]*)</body>", xml):
        text = OTR_TOKEN.sub("", body).strip()
        if len(text) > 5 and text not in found:
            found.append(text)
    return found


def carries(stanza, texts):
    written = ElementTree.tostring(stanza, encoding="unicode")
    return [text for text in texts if text in written]

"""Whether a stanza is what a script expects.

What is expected has to be there; more may be, except below an element with scansion:strict="true". Children may come in any
order. {scansion:any} stands for any value of an attribute or text, {scansion:capture:NAME} besides names it.
"""

import re
import xml.etree.ElementTree as ElementTree

ANY = "{scansion:any}"
SCANSION = "{urn:test:scansion}"
_CAPTURE = re.compile(r"\{scansion:capture:(.+)\}")


def expected(xml):
    """The stanzas of a step."""
    return list(ElementTree.fromstring(f"<stanzas xmlns='jabber:client' xmlns:scansion='urn:test:scansion'>{xml}</stanzas>"))


def matches(wanted, found, captured):
    """Puts what is captured into a table, which is of use only if it matches."""
    strict = wanted.get(f"{SCANSION}strict") == "true"
    text = _text(wanted) or ("" if strict else ANY)
    attributes = {name: value for name, value in wanted.attrib.items() if not name.startswith(SCANSION)}
    return (wanted.tag == found.tag
            and all(name in found.attrib and _is(value, found.attrib[name], captured) for name, value in attributes.items())
            and _is(text, _text(found), captured)
            and _have_children(wanted, list(found), captured)
            and not (strict and (len(found.attrib) > len(attributes) or len(found) > len(wanted))))


def _is(wanted, found, captured):
    capture = _CAPTURE.fullmatch(wanted)
    if capture:
        captured[capture[1]] = found
    return bool(capture) or wanted in (ANY, found)


def _text(element):
    return (element.text or "").strip()


def _have_children(wanted, remaining, captured):
    for child in wanted:
        found = next((other for other in remaining if matches(child, other, captured)), None)
        if found is None:
            return False
        remaining.remove(found)
    return True

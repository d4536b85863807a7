"""A stanza without what differs from run to run: made-up names, moments, the order of children."""

import re

# Made up by a server, or by the clock, unless the script has them.
_ATTRIBUTES = ("id", "stamp", "timestamp", "username", "password", "sessionid", "seconds", "url", "ver")
_TEXTS = ("first", "last", "header", "query")


def comparable(stanza, said):
    """As nested tuples; `said` is the text of the script."""
    attributes = sorted((name, "…" if name in _ATTRIBUTES and not re.search(f"""['"]{re.escape(value)}['"]""", said) else value)
                        for name, value in stanza.attrib.items())
    text = (stanza.text or "").strip()
    if re.sub("{.*}", "", stanza.tag) in _TEXTS and f">{text}<" not in said:
        text = "…"
    return stanza.tag, tuple(attributes), text, tuple(sorted(comparable(child, said) for child in stanza))

"""The one notification that may leave, written out; only its random id is taken from the one that was recorded."""

import xml.etree.ElementTree as ElementTree

import corpus
from phone import OPTIONS
from push_server import APP_SECRET, SERVICE

TEXT = "New Message!"


def field(name, value, kind):
    return f"<field type='{kind}' var='{name}'><value>{value}</value></field>"


def notification(push, node, text=TEXT, beside="", service=SERVICE, options=OPTIONS.format(APP_SECRET)):
    """`text` is None for a notification without one; `beside` what else stands beside the form."""
    form = field("FORM_TYPE", "urn:xmpp:push:summary", "hidden") + field("message-count", "1", "text-single")
    if text is not None:
        form += field("last-message-body", text, "text-single")
    return (f"<iq type='set' id='{push.id}' from='local.test' to='{service}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
            f"<publish node='{node}'><item><notification xmlns='urn:xmpp:push:0'><x xmlns='jabber:x:data' type='form'>{form}</x>{beside}"
            f"</notification></item></publish>" + (f"<publish-options>{options}</publish-options>" if options else "") + "</pubsub></iq>")


def is_exactly(push, expected):
    """The same bytes; the attributes of a tag come in an order of their own in each process."""
    return sorted(push.text) == sorted(expected) and corpus.canonical(push.stanza) == corpus.canonical(ElementTree.fromstring(expected))

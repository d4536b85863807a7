"""A phone: registers with an app server, and then is away in one of the ways in which phones are."""

import socket

from client import Client, new_marker
from storage import put
from world import PASSWORD

PUSH = "urn:xmpp:push:0"
OPTIONS = ("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>"
           "<field var='secret'><value>{}</value></field></x>")


class Phone(Client):
    def __init__(self, server, user, resource="phone", **options):
        self.server = server
        super().__init__(server, f"{user}@local.test", PASSWORD, resource, **options)

    def ask(self, payload, to=None):
        """Sends an IQ and returns its answer."""
        marker = new_marker()
        self.send(f"<iq type='set' id='{marker}'" + (f" to='{to}'" if to else "") + f">{payload}</iq>")
        answers = []
        self.receive_until(lambda stanza: stanza.get("id") == marker and (answers.append(stanza) or True))
        return answers[0]

    def enable(self, service, node, inside="", to=None, attributes=""):
        return self.ask(f"<enable xmlns='{PUSH}' jid='{service}' node='{node}'{attributes}>{inside}</enable>", to)

    def disable(self, service, node=None):
        which = f" node='{node}'" if node else ""
        return self.ask(f"<disable xmlns='{PUSH}' jid='{service}'{which}/>")

    def manage_stream(self):
        """From here on Prosody keeps what the phone does not acknowledge; and it never does."""
        self.synchronise()
        self.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
        self.receive_until(lambda stanza: stanza.tag == "{urn:xmpp:sm:3}enabled")


def registered_before(server, user, service, node):
    """A registration from before the server started, when nobody asked a policy."""
    put(server, "local.test", "cloud_notify", user, {f"{service}<{node}": {"jid": service, "node": node, "timestamp": 1_600_000_000}})


def error_text(answer):
    return answer.findtext("{*}error/{*}text") or ""


def leave(phone):
    phone.close()


def hibernate(phone):
    phone.manage_stream()
    phone.socket.shutdown(socket.SHUT_RDWR)
    phone.socket.close()


def fall_silent(phone):
    phone.manage_stream()


def become_inactive(phone):
    phone.send("<inactive xmlns='urn:xmpp:csi:0'/>")
    phone.synchronise()


def stay_awake(phone):
    phone.synchronise()


# How a phone is when something happens. Silent: it is connected, but has not acknowledged anything for too long.
STATES = {"gone": leave, "hibernating": hibernate, "silent": fall_silent, "inactive": become_inactive, "awake": stay_awake}

"""One server and the devices of two people on it, for tests that are not asynchronous themselves."""

import asyncio
from contextlib import ExitStack

import corpus
from canaries import ping
from carbon_clients import BRIDGE, logged_in, server_with
from component import Component
from world import SECRET, wait_until_settled

BOB_MAIN, BOB = "bob@home.test/main", "bob@home.test"


class Run:
    """One server with its devices, and the event loop on which they live."""

    def __init__(self, version, policies):
        self.version, self.policies = version, policies
        self.server = server_with(version, policies)

    def __enter__(self):
        with ExitStack() as stack:
            stack.enter_context(self.server)
            if self.policies:
                assert "running" in wait_until_settled(self.server)
            self.runner = stack.enter_context(asyncio.Runner())
            self.devices = self.await_(logged_in(self.server))
            stack.callback(lambda: self.await_(self.devices.log_out()))
            self.bridge = stack.enter_context(Component(self.server, BRIDGE, SECRET))
            self.stack = stack.pop_all()
        return self

    def await_(self, coroutine):
        return self.runner.run(coroutine)

    def __exit__(self, *error):
        self.stack.__exit__(*error)

    def send(self, xml, to):
        """From Alice's main device."""
        self.await_(self.devices.send(xml, to))

    def send_from_elsewhere(self, xml, to):
        self.devices.forget()
        # The stream of a component has a namespace of its own.
        self.bridge.send(corpus.addressed(xml.replace(" xmlns='jabber:client'", ""), to, f"anne@{BRIDGE}"))
        ping(self.bridge, "home.test", f" from='anne@{BRIDGE}'")
        self.await_(self.devices.settle())

    def copies(self, user):
        """What this person's other device got of what they sent, and of what they received."""
        other = self.devices[user, "other"]
        return [contents(copy.xml) for copy in other.sent_copies], [contents(copy.xml) for copy in other.received_copies]

    def arrived(self):
        """What came for Bob's main device."""
        return [stanza.xml for stanza in self.devices["bob", "main"].direct]


def contents(stanza):
    """What a message says. `<private/>` is for the server, which takes it out."""
    return sorted(corpus.canonical(child) for child in stanza if not child.tag.endswith("}private"))

"""A server with phones on it, and an external component that speaks for all their contacts."""

import time
from contextlib import ExitStack, suppress

from canaries import ping
from client import RECEIPT
from component import Component
from configuration import MODULES, Host
from csi_phone import Phone
from server import Server
from shell import Shell
from steps import step
from stream import Closed
from world import PASSWORD, SECRET, shared_cache, wait_until_settled, with_wasm

CONTACTS, ROOMS = "contacts.test", "rooms.test"
# The settings of a host, as docs/csi.md advises.
POLICY = with_wasm({"csi": {"on_error": "pass"}})
BESIDE_SIMPLE = {**POLICY, "modules_enabled": ["wasm", "csi_simple"]}
CONTACT = f"contact@{CONTACTS}/desk"
ENTER = "<presence {} to='{}/{}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"


class Scene:
    """`hosts` are the settings of each host by its name, `users` the names of the accounts on each of them."""

    def __init__(self, version, hosts, users, neighbours=None, **options):
        accounts = {host: dict.fromkeys(users[host], PASSWORD) for host in hosts}
        self.server = Server(version, [
            *(Host(name, settings, users=accounts[name]) for name, settings in hosts.items()),
            Host(ROOMS, component="muc"), Host(CONTACTS, {"component_secret": SECRET}, component=None),
        ], {"modules_enabled": [*MODULES, "csi", "smacks", "websocket", "offline"], "consider_websocket_secure": True,
            "muc_room_locking": False, **shared_cache(), **options}, neighbours=neighbours)
        self.heard = []  # what the contacts got

    def __enter__(self):
        with ExitStack() as self.stack:
            self.stack.enter_context(self.server)
            self.begin()
            self.stack = self.stack.pop_all()
        return self

    def begin(self):
        """What is there from the start; again after a restart of the server."""
        self.listing = wait_until_settled(self.server)
        self.shell = self.stack.enter_context(Shell(self.server))
        self.contacts = self.stack.enter_context(Component(self.server, CONTACTS, SECRET))

    def __exit__(self, *error):
        self.stack.__exit__(*error)

    def keep_if(self, has_failed):
        """Leaves the server's folder, with its log, after a failure."""
        self.server.is_kept = bool(has_failed)

    def phone_of(self, address, **options):
        phone = Phone(self.server, address, PASSWORD, **options)
        self.stack.callback(phone.close)
        return phone

    def restart(self):
        self.server.stop()
        with suppress(Closed):
            while True:
                self.heard.append(self.contacts.receive())
        self.server.start()
        self.begin()

    def settle(self):
        """When it returns, the server has done all that was asked of it, and has written what it wrote for that."""
        for _ in range(3):
            self.heard += ping(self.contacts, ROOMS, f" from='anybody@{CONTACTS}'")

    def fall_asleep(self, phone):
        """mod_csi_simple lets everything pass for a while after it has written something; waits until it holds again."""
        while "flushing" in str(self.shell.run(f"> prosody.full_sessions['{phone.full}'].state")):
            time.sleep(0.001)  # an idle server looks at its timers

    def send(self, *stanzas):
        for stanza in stanzas:
            self.contacts.send(stanza)
        self.settle()


def message(inside, number, to, kind="chat", sender=CONTACT):
    return f"<message from='{sender}' to='{to}' type='{kind}' id='m{number}'>{inside}{step(number)}</message>"


def receipt(number, to):
    """What can wait."""
    return message(RECEIPT.format(f"s{number}"), number, to)


def hello(number, to):
    """What cannot."""
    return message("<body>hello</body>", number, to)


def presence(number, to):
    return f"<presence from='{CONTACT}' to='{to}'>{step(number)}</presence>"

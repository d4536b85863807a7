"""Plays all rows of resumption_rows at once: inactive, cut, resumed, and what is sent to the phones all along."""

import time
from contextlib import ExitStack

from canaries import ping
from component import Component
from configuration import MODULES, Host
from phone import Phone
from resumption_rows import CONTACTS, LAST, LOCAL_ROOMS, REMOTE_ROOMS, STAGES
from server import Server
from steps import steps
from world import PASSWORD, SECRET, shared_cache, wait_until_settled

# mod_csi_simple goes back to holding this long after it has written something.
RESUME_DELAY = 0.5
# Who is stuck is so for ever; a busy machine needs more than the second that people would notice.
PROMPTLY = 4
ENTER = "<presence {} to='{}/{}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
CSI_MODULES = [*MODULES, "csi", "smacks", "websocket", "offline"]


def options(**more):
    return {"modules_enabled": CSI_MODULES, "consider_websocket_secure": True, "csi_resume_inactive_delay": RESUME_DELAY,
            "muc_room_locking": False, **shared_cache(), **more}


class Play:
    """`hosts` are the options of each host by its name; `rows` says what is played on them."""

    def __init__(self, version, hosts, rows, **more):
        neighbours = {}
        self.rows = rows
        self.heard = []  # what the contacts got
        users = {host: {row.user: PASSWORD for row in rows if row.host == host} for host in hosts}
        self.local = Server(version, [
            *(Host(name, settings, users=users[name]) for name, settings in hosts.items()),
            Host(LOCAL_ROOMS, component="muc"), Host(CONTACTS, {"component_secret": SECRET}, component=None),
        ], options(**more), neighbours=neighbours)
        self.remote = Server(version, [Host("remote.test"), Host(REMOTE_ROOMS, {"muc_room_locking": False}, component="muc")],
                             neighbours=neighbours)
        for server in (self.local, self.remote):
            neighbours.update({host.name: server.ports["s2s"] for host in server.hosts})

    def __enter__(self):
        with ExitStack() as stack:
            stack.enter_context(self.local)
            stack.enter_context(self.remote)
            self.listing = wait_until_settled(self.local)
            self.contacts = stack.enter_context(Component(self.local, CONTACTS, SECRET))
            for row in self.rows:
                row.phone = Phone(self.local, row.bare, PASSWORD, transport=row.transport)
                stack.callback(row.phone.close)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        self.stack.__exit__(*error)

    def keep_if(self, has_failed):
        """Leaves the servers' folders, with their logs, after a failure."""
        self.local.is_kept = self.remote.is_kept = bool(has_failed)

    def settle(self):
        """When it returns, the server has done all that was asked of it, and has written what it wrote for that."""
        for _ in range(2):
            self.heard += ping(self.contacts, LOCAL_ROOMS, f" from='anybody@{CONTACTS}'")

    def enter_rooms(self):
        for row in self.rows:
            if row.room:
                self.contacts.send(ENTER.format(f"from='{row.contact}'", row.room, "contact"))
                row.phone.send(ENTER.format("", row.room, "phone"))
        for row in self.rows:
            assert not row.room or row.phone.wait_until(row.is_in_its_room), row

    def ask(self):
        """The phones send what is answered later."""
        for row in self.rows:
            if row.kind.name == "iq-result":
                for number in range(1, LAST + 1):
                    row.phone.send(f"<iq type='get' to='{row.contact}' id='question-{number}'><query xmlns='urn:example:question'/></iq>")

    def send(self, stage):
        for number in STAGES[stage]:
            for row in self.rows:
                self.contacts.send(row.stanza(number))
        self.settle()

    def run(self):
        self.enter_rooms()
        self.ask()
        self.become_inactive()
        self.send("held")
        self.look_at_phones()
        self.go()
        self.send("gone")
        self.come_back()
        self.expect("gone")
        self.send("resumed")
        self.expect("resumed")
        time.sleep(2 * RESUME_DELAY)
        self.send("later")
        self.expect("later")
        self.speak()
        self.become_active()

    def look_at_phones(self):
        for row in self.rows:
            row.phone.read()
            row.woken_by = steps(row.phone.got)

    def become_inactive(self):
        for row in self.rows:
            row.phone.synchronise()
            row.phone.say_inactive()
        self.settle()
        time.sleep(2 * RESUME_DELAY)  # until mod_csi_simple holds

    def go(self):
        for row in self.rows:
            (row.phone.cut if row.is_noticed else row.phone.lose)()
        self.settle()

    def come_back(self):
        for row in self.rows:
            row.phone.resume()
        self.settle()

    def expect(self, stage):
        """Without a word from the phones."""
        deadline = time.monotonic() + PROMPTLY
        for row in self.rows:
            if not row.phone.wait_until(row.has(STAGES[stage][-1]), max(0, deadline - time.monotonic())):
                row.stuck_in.append(stage)

    def speak(self):
        """Everybody in a room says something there, and hears it."""
        for row in self.rows:
            if row.room:
                row.phone.send(f"<message to='{row.room}' type='groupchat'><body>still here</body></message>")
        for row in self.rows:
            if row.room and not row.is_stuck:
                row.is_outside = not row.phone.wait_until(row.hears_itself, PROMPTLY)
        self.settle()
        for row in self.rows:
            row.is_outside |= any(row.is_departure(stanza) for stanza in self.heard)

    def become_active(self):
        """What comes now that did not come before is too late, but tells what there was."""
        for row in self.rows:
            row.phone.say_active()
        self.settle()
        for row in self.rows:
            row.phone.read()

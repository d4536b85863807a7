"""Plays all rows of resumption_rows at once: inactive, cut, resumed, and what is sent to the phones all along."""

import time

from configuration import Host
from csi_scene import ENTER, Scene
from resumption_rows import LAST, REMOTE_ROOMS, STAGES
from server import Server
from steps import steps
from world import introduce

# mod_csi_simple goes back to holding this long after it has written something.
RESUME_DELAY = 0.5
# Who is stuck is so for ever; a busy machine needs more than the second that people would notice.
PROMPTLY = 4


class Play(Scene):
    """`hosts` are the settings of each host by its name; `rows` says what is played on them."""

    def __init__(self, version, hosts, rows, **options):
        self.rows = rows
        neighbours = {}
        users = {host: [row.user for row in rows if row.host == host] for host in hosts}
        super().__init__(version, hosts, users, neighbours, csi_resume_inactive_delay=RESUME_DELAY, **options)
        self.remote = Server(version, [Host("remote.test"), Host(REMOTE_ROOMS, {"muc_room_locking": False}, component="muc")],
                             neighbours=neighbours)
        introduce(neighbours, self.server, self.remote)

    def begin(self):
        self.stack.enter_context(self.remote)
        super().begin()
        for row in self.rows:
            row.phone = self.phone_of(row.bare, transport=row.transport)

    def keep_if(self, has_failed):
        self.server.is_kept = self.remote.is_kept = bool(has_failed)

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

    def send_all(self, stage):
        self.send(*(row.stanza(number) for number in STAGES[stage] for row in self.rows))

    def run(self):
        self.enter_rooms()
        self.ask()
        self.become_inactive()
        self.send_all("held")
        self.look_at_phones()
        self.go()
        self.send_all("gone")
        self.come_back()
        self.expect("gone")
        self.send_all("resumed")
        self.expect("resumed")
        time.sleep(2 * RESUME_DELAY)
        self.send_all("later")
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

"""How often a day's stanzas wake an inactive phone, and what it has in the end.

A step is one stanza, sent and wholly processed by the server; a wake-up is a step at which the phone's socket gets any
bytes. The steps are as minutes apart: mod_csi_simple, which lets everything pass for some seconds after each flush, is
told not to, and waited for.
"""

from dataclasses import dataclass, fields

from client import Client
from csi_scene import ENTER, POLICY, Scene
from day import CONTACT_COUNT, NICK, OWNER, ROOM_COUNT, contact_address, nick, room_address
from steps import steps
from world import PASSWORD

COLUMNS = {
    "mod_csi alone": {},
    "mod_csi_simple": {"modules_enabled": ["csi_simple"]},
    "policy csi": POLICY,
}


NAMES = {"wake_ups": "wake-ups", "superseded": "left out for a newer one"}


@dataclass
class Figures:
    wake_ups: int = 0
    stanzas_while_inactive: int = 0
    bytes_while_inactive: int = 0
    stanzas_on_activity: int = 0
    bytes_on_activity: int = 0
    superseded: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0

    def rows(self):
        return {NAMES.get(field.name, field.name.replace("_", " ")): getattr(self, field.name) for field in fields(self)}


class Pocket(Scene):
    """The phone in its owner's pocket, her laptop, and her contacts."""

    def __init__(self, version, settings):
        user, host = OWNER.split("@")
        super().__init__(version, {host: settings}, {host: [user]}, csi_resume_inactive_delay=0)

    def begin(self):
        super().begin()
        self.laptop = self.stack.enter_context(Client(self.server, OWNER, PASSWORD, "laptop"))
        self.phone = self.phone_of(OWNER)
        self.enter_rooms()

    def enter_rooms(self):
        for number in range(CONTACT_COUNT):
            self.contacts.send(ENTER.format(f"from='{contact_address(number)}'", room_address(number % ROOM_COUNT), nick(number)))
        for number in range(ROOM_COUNT):
            self.phone.send(ENTER.format("", room_address(number), NICK))
        self.phone.send("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
        self.phone.synchronise()

    def settle(self):
        self.laptop.synchronise()
        super().settle()

    def read(self):
        """Bytes that have come for the phone; an acknowledgement that it is asked for belongs to what asked for it."""
        total = 0
        while more := self.phone.read():
            total += more
            self.settle()
        if total:
            self.fall_asleep(self.phone)
        return total

    def play(self, events):
        self.settle()
        self.read()
        self.phone.got.clear()
        self.phone.say_inactive()
        self.settle()
        figures = Figures()
        for event in events:
            (self.laptop if event.is_sent_by_owner else self.contacts).send(event.xml)
            self.settle()
            more = self.read()
            figures.bytes_while_inactive += more
            figures.wake_ups += more > 0
        figures.stanzas_while_inactive = len(self.phone.got)
        self.phone.say_active()
        self.settle()
        figures.bytes_on_activity = self.read()
        figures.stanzas_on_activity = len(self.phone.got) - figures.stanzas_while_inactive
        self.judge(figures, events)
        return figures

    def judge(self, figures, events):
        arrived = steps(self.phone.got)
        newest = {events[number].key: number for number in sorted(arrived)}
        missing = set(range(len(events))) - set(arrived)
        excused = {number for number in missing if events[number].key is not None and newest.get(events[number].key, -1) > number}
        figures.superseded, figures.lost = len(excused), len(missing - excused)
        figures.doubled = len(arrived) - len(set(arrived))
        figures.out_of_order = sum(number < max(arrived[:place + 1]) for place, number in enumerate(arrived))


def measure(version, column, events):
    with Pocket(version, COLUMNS[column]) as pocket:
        assert not COLUMNS[column].get("wasm_policies") or "running" in pocket.listing, pocket.listing
        return pocket.play(events)

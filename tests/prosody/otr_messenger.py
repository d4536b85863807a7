"""The first scenario again, with a messenger that people use at Bob's laptop: mcabber."""

from mcabber import Mcabber
from otr_device import Device, settle
from otr_scenarios import COLUMNS, outcome, talk
from world import PASSWORD

NAME = "Bob’s laptop runs mcabber"
# mcabber talks OTR only with those in its roster.
CONTACT = "<iq type='set' id='contact'><query xmlns='jabber:iq:roster'><item jid='{}'/></query></iq>"


def play_with_mcabber(server, version, column):
    """Plays it in one version of OTR and says what went wrong."""
    host, carbons = COLUMNS[column]
    alice, bob = f"alice@{host}", f"bob@{host}"
    with Device(server, alice, PASSWORD, "desk", bob, [version], carbons, priority=5) as desk, \
            Device(server, bob, PASSWORD, "phone", alice, [version], carbons, priority=5) as phone:
        phone.send(CONTACT.format(alice))
        with Mcabber(server, bob, PASSWORD, "laptop", phone, carbons) as laptop:
            desk.start()
            # It has always answered before the next device has its turn.
            settle([laptop, desk, laptop, phone])
            talk(desk, phone, laptop)
            found = outcome(desk, phone)
            found.add("mcabber shows ciphertexts: {}", sum(text.startswith("?OTR") for _, text in laptop.history(alice)))
    return found

"""A phone that is inactive loses its connection and takes its stream up again: it gets everything, once and in order,
without saying again that it is active; by itself, and beside mod_csi_simple."""

import xml.etree.ElementTree as ElementTree
from collections import namedtuple

import pytest

from client import Tcp
from conftest import THREE_VERSIONS
from csi_scene import BESIDE_SIMPLE, POLICY
from resumption import Play
from resumption_rows import KINDS, LAST, Row, rows
from steps import step

HOSTS = {"alone.test": POLICY, "beside.test": BESIDE_SIMPLE}
# What Prosody does by itself. 0.12 is not changed any more.
SIMPLE = {"simple.test": {"modules_enabled": ["csi_simple"]}}
MATRIX = rows(*HOSTS)


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def played(request):
    """The rows by their addresses, with what became of them."""
    with Play(request.param, HOSTS, rows(*HOSTS)) as play:
        assert play.listing.count("running") == len(HOSTS), play.listing
        play.run()
        yield {row.bare: row for row in play.rows}
        play.keep_if(request.session.testsfailed)


@pytest.mark.parametrize("address", [row.bare for row in MATRIX])
def test_everything_arrives(played, address):
    assert played[address].complaints() == {}


@pytest.mark.parametrize("address", [row.bare for row in MATRIX])
def test_it_was_asleep(played, address):
    row = played[address]
    assert row.woken_by == ([1, 2, 3] if row.kind.wakes else [])


def test_without_the_policy_a_phone_is_stuck():
    with Play("0.12", SIMPLE, rows(*SIMPLE)) as play:
        play.run()
        assert [row.bare for row in play.rows if "later" not in row.stuck_in] == []


ARRIVED = [
    ("message", range(1, LAST + 1), {}),
    ("message", [*range(1, LAST), 5, LAST], {"doubled": [5], "after a newer one": [5]}),
    ("message", [1, 2, 3, 5, 4, *range(6, LAST + 1)], {"after a newer one": [4]}),
    ("message", range(2, LAST + 1), {"lost": [1]}),
    ("presence", [3, 6, LAST], {}),
    ("presence", [3, 6, 11], {"lost": [LAST]}),
    ("presence", [6, LAST, 11], {"after a newer one": [11]}),
]


@pytest.mark.parametrize("kind, arrived, complaints", ARRIVED)
def test_what_is_complained_of(kind, arrived, complaints):
    row = Row("alone.test", next(known for known in KINDS if known.name == kind), Tcp, True)
    row.phone = namedtuple("Phone", "got")([ElementTree.fromstring(f"<message>{step(number)}</message>") for number in arrived])
    assert row.complaints() == complaints

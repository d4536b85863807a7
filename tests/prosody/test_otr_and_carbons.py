"""Do carbons break OTR? Private conversations with libotr and with a real messenger: docs/carbons.md says what follows."""

import pytest
from conftest import THREE_VERSIONS
from otr_scenarios import COLUMNS, carbons_server, is_ready
from otr_table import ROWS, table
from places import PROJECT, STAGE

pytestmark = pytest.mark.skipif(not (STAGE / "lib/prosody/wasm/carbons.wasm").exists(), reason="the policy `carbons` is not built")

WORKS = "works"
# OTR 2 does not tell one device of a person from another: whoever is quicker gets the conversation.
TAKEN = "the phone reads 0 of 2, in the clear: 2, unreadable: 8, failed handshakes: 1"
# OTR 3 makes a session with each.
DIVIDED = "the phone reads 1 of 2, unreadable: 6, for another session: 6, sessions: 2"
DIVIDED_BY_PHONE = "the phone reads 1 of 2, unreadable: 7, for another session: 4, sessions: 2"

# For each row: carbons off, on, and on with the policy.
EXPECTED = [
    (WORKS, TAKEN, WORKS),
    (WORKS, TAKEN, WORKS),
    (WORKS, TAKEN, WORKS),
    (WORKS, "unreadable: 8, failed handshakes: 1", WORKS),
    (WORKS, "no end: 20 error replies and 20 handshakes until the test gives up", WORKS),
    (WORKS, "the phone reads 0 of 2, in the clear: 2, unreadable: 18, failed handshakes: 1", WORKS),
    (WORKS, "unreadable: 9", WORKS),
    # Here the server itself delivers to both devices.
    ("the phone reads 0 of 2, in the clear: 2, unreadable: 1", TAKEN, "the phone reads 0 of 2, in the clear: 2, unreadable: 1"),
    ("the phone reads 0 of 2, in the clear: 2, unreadable: 2, failed handshakes: 1", TAKEN,
     "the phone reads 0 of 2, in the clear: 2, unreadable: 2, failed handshakes: 1"),
    (WORKS, "Alice reads 0 of 2, in the clear: 2, unreadable: 14, sessions: 0, failed handshakes: 1", WORKS),
    (WORKS, "the phone reads 0 of 2, in the clear: 2, unreadable: 4, failed handshakes: 2, mcabber shows ciphertexts: 2", WORKS),

    (WORKS, DIVIDED, WORKS),
    (WORKS, DIVIDED, WORKS),
    (WORKS, DIVIDED, WORKS),
    (WORKS, DIVIDED_BY_PHONE, WORKS),
    (WORKS, DIVIDED_BY_PHONE, WORKS),
    (WORKS, "the phone reads 1 of 2, unreadable: 14, for another session: 12, sessions: 2", WORKS),
    (WORKS, "unreadable: 9", WORKS),
    ("the phone reads 1 of 2, sessions: 2", DIVIDED, "the phone reads 1 of 2, sessions: 2"),
    ("the phone reads 1 of 2, for another session: 6, sessions: 2", DIVIDED,
     "the phone reads 1 of 2, for another session: 6, sessions: 2"),
    (WORKS, "unreadable: 19, for another session: 4", WORKS),
    (WORKS, "unreadable: 2, for another session: 2, sessions: 2, mcabber shows ciphertexts: 4", WORKS),
]


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def server(request):
    with carbons_server(request.param) as server:
        assert is_ready(server)
        yield server


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", range(len(ROWS)))
def test_every_cell(server, number, column):
    row = ROWS[number]
    wanted = dict(zip(COLUMNS, EXPECTED[number], strict=True))[column]
    assert str(row.play(server, column=column)) == wanted, f"OTR {row.version}: {row.name}"


def test_the_page_has_this_table():
    assert table(EXPECTED) in (PROJECT / "docs" / "carbons.md").read_text()

"""Every stanza of the corpora through real connections: what must not arrive does not arrive, ciphertext does."""

import pytest

import corpus
from routes import routes, travel


def cases(name):
    return [pytest.param(row, route, id=f"{row['id']}-{route}") for row in corpus.load(name) for route in routes(row)]


@pytest.mark.parametrize("row, route", cases("e2ee.json"))
def test_written_by_hand(world, row, route):
    check(row, travel(world, route, row["xml"]))


@pytest.mark.parametrize("row, route", cases("captures.json"))
def test_captured_from_clients(world, row, route):
    check(row, travel(world, route, row["xml"]))


def test_large_body_beside_ciphertext(world):
    for row in corpus.load("e2ee.json"):
        if row["id"] == "L03":
            large = {**row, "xml": row["xml"].replace("x" * 40, "x" * 250_000)}
            check(large, travel(world, "to-local", large["xml"]))


def check(row, outcome):
    {"ALLOW": check_allowed, "BLOCK": check_blocked, "STRIP": check_stripped}[row["expect"]](row, outcome)


def check_allowed(row, outcome):
    assert len(outcome.arrived) == 1, f"{len(outcome.arrived)} stanzas arrived; returned: {outcome.error_text()}"
    assert corpus.ciphertexts(outcome.arrived[0]) == corpus.ciphertexts(corpus.parsed(outcome.sent))
    assert not outcome.errors()


def check_blocked(row, outcome):
    assert [corpus.canonical(stanza) for stanza in outcome.arrived] == []
    check_nothing_returned_or_explained(row, outcome)


def check_stripped(row, outcome):
    texts = corpus.canaries(row["xml"])
    for stanza in outcome.arrived:
        assert corpus.carries(stanza, texts) == []
        assert corpus.payloads(stanza) == corpus.payloads(corpus.parsed(outcome.sent))
    if not outcome.arrived:
        check_nothing_returned_or_explained(row, outcome)


def check_nothing_returned_or_explained(row, outcome):
    if corpus.attribute(row["xml"], "type") == "error":
        assert outcome.errors() == [], "an error must not be answered by an error"
    else:
        assert outcome.error_text(), "the sender got no error with a text"

"""Stanzas far too deep or far too wide: refused, while the server goes on and its memory does not grow."""

import pytest

from canaries import CANARY
from client import Client
from stream import Closed
from world import PASSWORD

CIPHERTEXT_LOOK = "<encrypted xmlns='eu.siacs.conversations.axolotl'/>"
ROUNDS = 8
GROWTH_KILOBYTES = 16 * 1024


def deep(levels):
    return "<a>" * levels + CANARY + "</a>" * levels


def wide(elements):
    return "<a/>" * elements + f"<body>{CANARY}</body>"


SHAPES = {"36000-deep": deep(36_000), "60000-wide": wide(60_000), "1000-deep": deep(1_000),
          "60000-texts": f"<body>{CANARY}</body>" + "x<a/>" * 30_000}


@pytest.mark.parametrize("shape", SHAPES)
def test_is_refused(world, shape):
    send_and_expect_refusal(world, SHAPES[shape])
    for _ in range(2):
        send_and_expect_refusal(world, SHAPES[shape])
    before = world.local.resident_kilobytes()
    for _ in range(ROUNDS):
        send_and_expect_refusal(world, SHAPES[shape])
    assert world.local.resident_kilobytes() - before < GROWTH_KILOBYTES
    assert world.local.alive
    world.alice.synchronise()


# Prosody may refuse by itself and close the stream; that is a refusal too. So each time a client of its own sends it.
def send_and_expect_refusal(world, content):
    with Client(world.local, "carol@local.test", PASSWORD, "hostile") as carol:
        try:
            carol.send(f"<message to='{world.bob.full}' type='chat' id='hostile'>{CIPHERTEXT_LOOK}{content}</message>")
            answers = carol.synchronise()
        except Closed:
            answers = None
    arrived = [stanza for stanza in world.bob.synchronise() if stanza.get("id") == "hostile"]
    assert arrived == []
    assert answers is None or any(stanza.get("type") == "error" for stanza in answers), "neither refused nor closed"

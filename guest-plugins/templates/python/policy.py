"""A policy for Prosody: a message with too many exclamation marks is refused."""

from typing import Any

from prosody_policy import MessagePolicy, log
from prosody_policy.content import stanza
from prosody_policy.decision import Decision, Passage, StanzaKind, Want, pass_, refuse


class NoShouting(MessagePolicy):
    def __init__(self, settings: dict[str, Any]) -> None:
        """The operator's settings. The same as in settings.schema.json."""
        self.limit = int(settings["limit"])

    def wants(self) -> list[Want]:
        return [Want(StanzaKind.MESSAGE)]

    def decide(self, passage: Passage) -> Decision:
        body = stanza().child("body")
        marks = body.text.count("!") if body else 0
        # Say what you counted, never what was written.
        log.debug(f"exclamation marks: {marks}")
        return refuse("shouting", "Please do not shout.") if marks > self.limit else pass_("calm")

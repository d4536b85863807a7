"""What is decided about, and what is answered."""

from __future__ import annotations

from wit_world.imports.types import (
    Bounce,
    Decision,
    Direction,
    ErrorCondition,
    ErrorType,
    Party,
    Passage,
    StanzaKind,
    Verdict_Bounce,
    Verdict_Drop,
    Verdict_Pass,
)

from .want import Want

__all__ = [
    "Bounce",
    "Decision",
    "Direction",
    "ErrorCondition",
    "ErrorType",
    "Party",
    "Passage",
    "StanzaKind",
    "Want",
    "drop",
    "pass_",
    "refuse",
]


def pass_(reason: str) -> Decision:
    """Deliver it. The reason is a short word of `a-z 0-9 -` for logs and replays."""
    return Decision(Verdict_Pass(), reason)


def drop(reason: str) -> Decision:
    """Do not deliver it, and tell nobody."""
    return Decision(Verdict_Drop(), reason)


def refuse(
    reason: str,
    text: str,
    error_type: ErrorType = ErrorType.MODIFY,
    condition: ErrorCondition = ErrorCondition.POLICY_VIOLATION,
) -> Decision:
    """Do not deliver it, and tell the sender this."""
    return Decision(Verdict_Bounce(Bounce(error_type, condition, text)), reason)

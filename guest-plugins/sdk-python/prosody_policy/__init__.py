"""Write a policy for the Prosody XMPP server.

A policy is a class with settings and decisions. What it imports of this package is what it may do, and is what the operator
is asked to allow: `from prosody_policy import log` lets it write to the server's log.
"""

from .policy import (
    ArchivePolicy,
    BlocklistPolicy,
    CarbonsPolicy,
    DeliveryPolicy,
    HasExemptions,
    KeepsState,
    KeysPolicy,
    MessagePolicy,
    Needs,
    Policy,
    PushPolicy,
    RoomPolicy,
    ShowsSamples,
    UploadPolicy,
)

__all__ = [
    "ArchivePolicy",
    "BlocklistPolicy",
    "CarbonsPolicy",
    "DeliveryPolicy",
    "HasExemptions",
    "KeepsState",
    "KeysPolicy",
    "MessagePolicy",
    "Needs",
    "Policy",
    "PushPolicy",
    "RoomPolicy",
    "ShowsSamples",
    "UploadPolicy",
]

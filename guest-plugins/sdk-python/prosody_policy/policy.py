"""What an author implements: `Policy` for the life of a policy, and one class for each hook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wit_world.exports import (
        archive_policy,
        blocklist_policy,
        carbons_policy,
        delivery_policy,
        exemptions,
        keys_policy,
        message_policy,
        needs,
        push_policy,
        room_policy,
        samples,
        upload_policy,
    )
    from wit_world.imports.types import Decision, Passage

    from .decision import Want


class Policy(ABC):
    """A policy, made from the operator's settings."""

    @abstractmethod
    def __init__(self, settings: dict[str, Any]) -> None:
        """Reads the settings. An exception refuses them; its text is shown to the operator."""


class MessagePolicy(Policy):
    """Decides about messages, presence and IQs on their way."""

    @abstractmethod
    def wants(self) -> list[Want]:
        """Which stanzas it wants to see. Asked once."""

    @abstractmethod
    def decide(self, passage: Passage) -> Decision:
        """What is to happen to the current stanza."""


class ArchivePolicy(Policy):
    """Decides what is kept: in archives, in the history of rooms, for users who are offline."""

    def retention(self) -> int | None:
        """How many hours what is kept may be kept; `None` for no limit of its own. Asked once."""
        return None

    @abstractmethod
    def keep(self, keeping: archive_policy.Keeping) -> archive_policy.Ruling:
        """What is to be kept of the current message, with the edits that were asked for."""


class CarbonsPolicy(Policy):
    """Decides which messages are copied to a user's other devices."""

    @abstractmethod
    def copy(self, passage: Passage) -> carbons_policy.Ruling:
        """Who gets a copy of the current message: one that the user sent if the passage is outgoing."""


class DeliveryPolicy(Policy):
    """Decides what wakes a client that said that it is inactive."""

    @abstractmethod
    def deliver(self, delivery: delivery_policy.Delivery) -> delivery_policy.Ruling:
        """When the current stanza is delivered to it, with the edits that were asked for."""


class PushPolicy(Policy):
    """Decides who may notify sleeping devices, and what he learns by it."""

    @abstractmethod
    def register(self, registration: push_policy.Registration) -> push_policy.AdmissionRuling:
        """May a device be registered? The current stanza is the request."""

    @abstractmethod
    def notify(self, notification: push_policy.Notification) -> push_policy.Ruling:
        """What the service is told about the current stanza."""


class UploadPolicy(Policy):
    """Decides who may upload what, looks at what is uploaded, and says for how long it is kept."""

    @abstractmethod
    def request(self, request: upload_policy.SlotRequest) -> upload_policy.SlotRuling:
        """May the file be uploaded?"""

    @abstractmethod
    def inspect(self, piece: upload_policy.Piece) -> upload_policy.ContentRuling:
        """May the file go on, of which a piece has come?"""

    @abstractmethod
    def expires(self) -> upload_policy.Expiry:
        """For how long files are kept. Asked once."""


class RoomPolicy(Policy):
    """Decides how rooms may be configured."""

    @abstractmethod
    def settle(self, room: room_policy.Room) -> room_policy.Ruling:
        """How is the room to be configured, with the edits of the form that were asked for?"""


class KeysPolicy(Policy):
    """Decides who may read OMEMO keys besides those whom their owner allows."""

    @abstractmethod
    def read(self, reading: keys_policy.Reading) -> keys_policy.Ruling:
        """May they be read?"""


class BlocklistPolicy(Policy):
    """Decides about changes of block lists."""

    @abstractmethod
    def permit(self, change: blocklist_policy.Change) -> blocklist_policy.Ruling:
        """May the list be changed?"""


class Needs(Policy):
    """A policy whose settings decide which facts it looks at."""

    @abstractmethod
    def needed(self) -> needs.Facts:
        """Those it needs; the others are empty. Asked once."""


class HasExemptions(Policy):
    """A policy that lets some stanzas pass whatever they say."""

    @abstractmethod
    def exempt(self) -> list[exemptions.Exemption]:
        """Those about which it need not be asked. Asked once."""


class ShowsSamples(Policy):
    """A policy that shows that it works before it is put into force."""

    @abstractmethod
    def show(self) -> list[samples.Sample]:
        """Stanzas with what is to become of them under its settings. The host refuses it when one comes out otherwise."""


class KeepsState(Policy):
    """A policy that hands its state over when it is replaced."""

    @abstractmethod
    def save(self) -> bytes:
        """The state to hand over."""

    @abstractmethod
    def restore(self, version: str, state: bytes) -> None:
        """Takes it over; `version` is the sha256 of the component that saved it. An exception keeps the predecessor."""

"""Which stanzas a policy wants to see."""

from __future__ import annotations

from dataclasses import dataclass, field

from wit_world.imports.types import Direction, StanzaKind


@dataclass
class Want:
    """One kind of stanza."""

    kind: StanzaKind
    direction: Direction | None = None
    """Only this direction; both when `None`."""
    namespaces: list[str] = field(default_factory=list)
    """Only stanzas with a direct child in one of these namespaces; every stanza when empty."""

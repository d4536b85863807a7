"""How the recipient of the current stanza stands to its sender. Permission: `standing`."""

from wit_world.imports.standing import Acquaintance, Entry, between

__all__ = ["Acquaintance", "Entry", "between"]

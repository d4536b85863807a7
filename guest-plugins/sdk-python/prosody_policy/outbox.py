"""Messages from the server to the two parties of the current stanza. Permission: `outbox`."""

from wit_world.imports.outbox import notify, reply

__all__ = ["notify", "reply"]

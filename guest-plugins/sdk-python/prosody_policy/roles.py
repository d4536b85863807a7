"""The roles that Prosody gives to people. Permission: `roles`."""

from wit_world.imports.roles import recipient, sender

__all__ = ["recipient", "sender"]

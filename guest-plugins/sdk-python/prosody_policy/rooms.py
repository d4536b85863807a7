"""What the server knows about the rooms of the two parties. Permission: `rooms`."""

from wit_world.imports.rooms import is_exempt, is_shared

__all__ = ["is_exempt", "is_shared"]

"""The time: coarse on purpose. Permission: `clock`."""

from wit_world.imports.clock import now

__all__ = ["now"]

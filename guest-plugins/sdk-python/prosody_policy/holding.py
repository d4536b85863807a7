"""Keeps messages back until somebody says that he wants them. Permission: `holding`."""

from wit_world.imports.holding import discard, hold, release

__all__ = ["discard", "hold", "release"]

"""Tells the operator something. Permission: `operator`."""

from wit_world.imports.operator import tell

__all__ = ["tell"]

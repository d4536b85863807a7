"""Block lists where the server does not look itself. Permission: `blocklist`."""

from wit_world.imports.blocklist import is_blocked

__all__ = ["is_blocked"]

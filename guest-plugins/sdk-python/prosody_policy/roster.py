"""What the local user's roster says of the other party. Permission: `roster`."""

from wit_world.imports.roster import Subscription, contact

__all__ = ["Subscription", "contact"]

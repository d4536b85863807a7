"""The outside of the current stanza: who, to whom, which payloads. Permission: `envelope`."""

from wit_world.imports.envelope import Payload, attribute, payloads

__all__ = ["Payload", "attribute", "payloads"]

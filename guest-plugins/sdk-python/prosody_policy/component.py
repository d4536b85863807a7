"""From an author's class to a component's exports. `prosody-wasm build` writes the module that calls this."""

from __future__ import annotations

import json
from typing import Any

from componentize_py_types import Err

from .absent import take_away
from .failure import reported
from .policy import Policy

# The names of the contract, and what they are called in a class that may have several.
_METHODS = {
    "ArchivePolicy": {"retention": "retention", "decide": "keep"},
    "BlocklistPolicy": {"permit": "permit"},
    "CarbonsPolicy": {"decide": "copy"},
    "DeliveryPolicy": {"decide": "deliver"},
    "Exemptions": {"exempt": "exempt"},
    "KeysPolicy": {"read": "read"},
    "MessagePolicy": {"wants": "wants", "decide": "decide"},
    "Needs": {"needed": "needed"},
    "PushPolicy": {"register": "register", "notify": "notify"},
    "RoomPolicy": {"settle": "settle"},
    "Samples": {"show": "show"},
    "State": {"save": "save", "restore": "restore"},
    "UploadPolicy": {"request": "request", "inspect": "inspect", "expires": "expires"},
}

_policy: Policy


def lifecycle(policy: type[Policy]) -> type:
    """The export `lifecycle`."""

    class Lifecycle:
        def configure(self, settings: str) -> None:
            global _policy
            take_away()
            try:
                _policy = policy(json.loads(settings))
            except Exception as error:
                raise Err(_text(error)) from error

    return Lifecycle


def hook(name: str) -> type:
    """The export of a hook: asks the policy that was configured."""
    return type(name, (), {theirs: _asking(ours) for theirs, ours in _METHODS[name].items()})


def _asking(method: str) -> Any:
    answer = reported(lambda *given: getattr(_policy, method)(*given))
    if method != "restore":
        return lambda _self, *given: answer(*given)

    def restore(_self: Any, version: str, state: bytes) -> None:
        try:
            answer(version, state)
        except Exception as error:
            raise Err(_text(error)) from error

    return restore


def _text(error: Exception) -> str:
    """A missing setting is a `KeyError`, whose text is no more than its name."""
    return f"there is no setting {error}" if isinstance(error, KeyError) else str(error) or type(error).__name__

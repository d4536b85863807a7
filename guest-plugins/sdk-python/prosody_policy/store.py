"""A small map that belongs to the policy and survives a restart. Permission: `store`. Values are kept as JSON."""

from __future__ import annotations

import json
from typing import Any

from componentize_py_types import Err
from wit_world.imports import store as _store


class StoreFull(Exception):
    """The store refused a write: the key or the value is too long, or the policy's share or that of the call is used up."""


def get(key: str) -> Any:
    """The value of a key, or `None`."""
    value = _store.get(key)
    return None if value is None else json.loads(value)


def set(key: str, value: Any) -> None:
    """Sets a key to a value that JSON can say, of at most 64 KiB."""
    try:
        _store.set(key, json.dumps(value).encode())
    except Err as refusal:
        raise StoreFull(f"the store refused {key}: {refusal.value.name.lower()}") from refusal


def delete(key: str) -> None:
    """Removes a key, if it is there."""
    _store.delete(key)

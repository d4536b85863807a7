"""Changes to the current stanza, made if the decision is to pass it. Permission: `edits`. Elements or node numbers name a
place."""

from __future__ import annotations

from typing import Protocol

from wit_world.imports import edits as _edits


class _HasNode(Protocol):
    node: int


def _node(place: _HasNode | int) -> int:
    return place if isinstance(place, int) else place.node


def remove(place: _HasNode | int) -> None:
    """Removes a node with everything inside."""
    _edits.remove(_node(place))


def set_text(place: _HasNode | int, text: str) -> None:
    """Replaces everything inside an element by this text."""
    _edits.set_text(_node(place), text)


def set_attribute(place: _HasNode | int, name: str, value: str) -> None:
    """Sets an attribute of an element."""
    _edits.set_attribute(_node(place), name, value)


def remove_attribute(place: _HasNode | int, name: str) -> None:
    """Removes an attribute of an element, if it is there."""
    _edits.remove_attribute(_node(place), name)


def append(
    place: _HasNode | int, name: str, namespace: str = "", attributes: dict[str, str] | None = None, text: str = ""
) -> None:
    """Appends an element inside another; without a namespace it has its parent's."""
    _edits.append(_node(place), _edits.Element(name, namespace, list((attributes or {}).items()), text))

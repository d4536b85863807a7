"""The inside of the current stanza. Permission: `content`."""

from __future__ import annotations

from wit_world.imports import content as _content

from .snapshot import Snapshot

CLIENT = "jabber:client"
"""The namespace of streams: that of `body`, `subject` and `thread`."""


class _Stanza:
    """The snapshot is taken when a name or a list of children is asked for: single look-ups are cheaper."""

    def __init__(self) -> None:
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        self._snapshot = self._snapshot or Snapshot(_content.snapshot())
        return self._snapshot


class Element:
    """An element of the current stanza. It means nothing after the call in which it was got."""

    def __init__(self, stanza: _Stanza, node: int) -> None:
        self._stanza = stanza
        self.node = node
        """Its number in document order; that of the stanza itself is 0."""

    def child(self, name: str, namespace: str = CLIENT) -> Element | None:
        """The first child with this name and namespace."""
        node = _content.child(self.node, name, namespace)
        return None if node is None else Element(self._stanza, node)

    def attribute(self, name: str) -> str | None:
        """An attribute. The name of a namespaced one is its namespace, the character U+0001 and its local name."""
        return _content.attribute(self.node, name)

    @property
    def text(self) -> str:
        """The text directly inside, joined, without that of its children."""
        return _content.text(self.node)

    @property
    def name(self) -> str:
        """Its name, without prefix."""
        return self._stanza.snapshot().name(self.node)

    @property
    def namespace(self) -> str:
        """Its effective namespace."""
        return self._stanza.snapshot().namespace(self.node)

    @property
    def children(self) -> list[Element]:
        """The elements directly inside, in document order."""
        return [Element(self._stanza, node) for node in self._stanza.snapshot().children(self.node)]


def stanza() -> Element:
    """The current stanza."""
    return Element(_Stanza(), 0)


def xml() -> str:
    """The current stanza as XML text."""
    return _content.xml()

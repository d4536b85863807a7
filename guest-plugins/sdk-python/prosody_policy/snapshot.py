"""Reads the format of wit/README.md: where names and namespaces are, and what is inside of what."""

from __future__ import annotations

from struct import unpack_from

_HEADER = 16
_NODE = 32
_ATTRIBUTE = 16
_NONE = 0xFFFFFFFF


class Snapshot:
    """A stanza in one list of bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        _, nodes, attributes, _ = unpack_from("<4I", data)
        self._strings = _HEADER + nodes * _NODE + attributes * _ATTRIBUTE

    def name(self, node: int) -> str:
        """The name of an element."""
        _, _, start, length, *_ = self._words(node)
        return self._string(start, length)

    def namespace(self, node: int) -> str:
        """The effective namespace of an element."""
        _, _, _, _, start, length, *_ = self._words(node)
        return self._string(start, length)

    def children(self, node: int) -> list[int]:
        """The elements directly inside."""
        children = []
        end = self._words(node)[1]
        inside = node + 1
        while inside < end:
            _, after, _, _, namespace, *_ = self._words(inside)
            if namespace != _NONE:
                children.append(inside)
            inside = after
        return children

    def _words(self, node: int) -> tuple[int, ...]:
        return unpack_from("<8I", self._data, _HEADER + node * _NODE)

    def _string(self, start: int, length: int) -> str:
        start += self._strings
        return self._data[start : start + length].decode()

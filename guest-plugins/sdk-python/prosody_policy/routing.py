"""Sends the current stanza elsewhere, and answers in the name of its recipient. Permission: `routing`."""

from __future__ import annotations

from wit_world.imports import routing as _routing
from wit_world.imports.routing import answer, copy

__all__ = ["answer", "copy", "forward"]


def forward(to: str, report: str | None = None, text: str = "") -> None:
    """Sends it inside of a message from this host (XEP-0297), with a report of this reason (XEP-0377) if there is one."""
    _routing.forward(to, None if report is None else _routing.Report(report, text))

"""What becomes of an exception in an author's code: lines in the log, if the policy may write there, and then a trap, which
is judged by the operator's `on_error`."""

from __future__ import annotations

from collections.abc import Callable
from os.path import basename, dirname
from types import TracebackType
from typing import Any

_OURS = dirname(__file__)
_write: Callable[[str], None] | None = None


def report_to(write: Callable[[str], None]) -> None:
    """Called by the module `log`, which a policy imports that may write to the log."""
    global _write
    _write = write


def reported(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, with exceptions that are reported."""

    def guarded(*given: Any) -> Any:
        try:
            return function(*given)
        except Exception as error:
            _report(error)
            raise

    return guarded


def _report(error: Exception) -> None:
    """The host withholds a line that repeats the stanza. A message may do so; the place is a line of its own, and stays."""
    if _write:
        _write(f"failed at {_place(error)}")
        _write(f"{type(error).__name__}: {error}")


def _place(error: Exception) -> str:
    """Where it happened, such as "policy.py:12 (decide)"; functions of this package are left out."""
    place = "an unknown line"
    # The module `traceback` would look for the source, and there are no files.
    step: TracebackType | None = error.__traceback__
    while step:
        code = step.tb_frame.f_code
        if dirname(code.co_filename) != _OURS:
            place = f"{basename(code.co_filename)}:{step.tb_lineno} ({code.co_name})"
        step = step.tb_next
    return place

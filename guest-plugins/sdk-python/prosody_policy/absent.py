"""What Python has elsewhere and a policy has not. Without this, each of these would be a trap without a word."""

from __future__ import annotations

import sys
import time
from importlib.machinery import BuiltinImporter, FrozenImporter
from typing import Any, NoReturn


class _Late:
    """There are no files from which a module could be loaded any more."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> NoReturn:
        raise ImportError(f"{name} is imported too late: import it at the top of the file")


class _Silent:
    """What is printed would go nowhere."""

    def write(self, _: str) -> NoReturn:
        raise OSError("a policy prints nothing: from prosody_policy import log")

    def flush(self) -> None:
        pass


def _clock() -> NoReturn:
    raise OSError("a policy has no time.time(): from prosody_policy.clock import now")


def take_away() -> None:
    """Called when everything has been imported."""
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, _Late]  # type: ignore[list-item]
    sys.stdout = sys.stderr = _Silent()  # type: ignore[assignment]
    time.time = _clock

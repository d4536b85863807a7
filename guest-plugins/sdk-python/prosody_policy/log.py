"""Lines for the server's log. Permission: `log`. The host withholds a line that repeats text of the current stanza."""

from wit_world.imports.log import Level, write

from .failure import report_to

__all__ = ["debug", "error", "info", "warn"]

report_to(lambda line: write(Level.ERROR, line))


def debug(line: str) -> None:
    """For whoever debugs the policy."""
    write(Level.DEBUG, line)


def info(line: str) -> None:
    """Normal and rare."""
    write(Level.INFO, line)


def warn(line: str) -> None:
    """Something the operator should look at."""
    write(Level.WARN, line)


def error(line: str) -> None:
    """Something that does not work."""
    write(Level.ERROR, line)

"""Text for a terminal: steps with elapsed time, an aligned table; plain when the output is not a terminal."""

import shutil
import sys
import textwrap
import time
from contextlib import contextmanager

COLOURS = {"red": 31, "green": 32, "yellow": 33, "dim": 2, "bold": 1}
PLAIN_WIDTH = 132
GAP = "  "


def is_terminal():
    return sys.stdout.isatty()


def coloured(text, colour):
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if is_terminal() and colour and text else text


def width():
    return shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns if is_terminal() else PLAIN_WIDTH


@contextmanager
def step(what):
    """Says what is being done, then how long it took. Yields a function that shows progress on a terminal."""
    started = time.monotonic()

    def progress():
        if is_terminal():
            print(f"\r· {what} … {time.monotonic() - started:.0f} s ", end="", flush=True)

    progress()
    try:
        yield progress
    except BaseException:
        print(start_of_line() + coloured(f"✗ {what}", "red"), flush=True)
        raise
    print(f"{start_of_line()}{coloured('✓', 'green')} {what} ({time.monotonic() - started:.1f} s)", flush=True)


def start_of_line():
    return "\r\x1b[K" if is_terminal() else ""


def table(columns, rows):
    """`columns`: (title, weight, alignment); those of weight 0 are as wide as their content, the others share the rest."""
    widths = [max(len(title), *(longest_line(row[index]) for row in rows)) for index, (title, _, _) in enumerate(columns)]
    spare = width() - sum(widths) - len(GAP) * (len(columns) - 1)
    weights = [weight for _, weight, _ in columns]
    if spare < 0:
        flexible = sum(size for size, weight in zip(widths, weights) if weight) + spare
        widths = [max(16, flexible * weight // sum(weights)) if weight else size for size, weight in zip(widths, weights)]
    titles = [(title, "bold") for title, _, _ in columns]
    rule = ["─" * size for size in widths]
    lines = [*cells(titles, widths, columns), GAP.join(rule)]
    for row in rows:
        lines += cells(row, widths, columns)
    return "\n".join(lines)


def longest_line(cell):
    return max((len(line) for line in cell[0].splitlines()), default=0)


def cells(row, widths, columns):
    wrapped = [[piece for line in text.splitlines() for piece in textwrap.wrap(line, size) or [""]] or [""]
               for (text, _), size in zip(row, widths)]
    for number in range(max(map(len, wrapped))):
        pieces = []
        for (_, colour), lines, size, (_, _, alignment) in zip(row, wrapped, widths, columns):
            text = lines[number] if number < len(lines) else ""
            padding = " " * (size - len(text))
            pieces.append(padding + coloured(text, colour) if alignment == "right" else coloured(text, colour) + padding)
        yield GAP.join(pieces).rstrip()

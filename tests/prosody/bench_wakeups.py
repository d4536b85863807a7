"""What an inactive phone is woken for in a day, with Prosody's own modules and with the policy: a table for docs/csi.md."""

import argparse

from day import day
from wakeups import COLUMNS, measure

STANZAS = 1000


def table(version, events):
    figures = {column: measure(version, column, events).rows() for column in COLUMNS}
    print(f"| Prosody {version}, {len(events)} stanzas | {' | '.join(figures)} |")
    print(f"|---|{'--:|' * len(figures)}")
    for row in next(iter(figures.values())):
        print(f"| {row} | {' | '.join(f'{column[row]:,}' for column in figures.values())} |")
    print()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", action="append", help="13.0, 13.0.7 or 0.12; can be given more than once")
    parser.add_argument("--stanzas", type=int, default=STANZAS)
    arguments = parser.parse_args()
    for chosen in arguments.version or ["13.0"]:
        table(chosen, day(arguments.stanzas))

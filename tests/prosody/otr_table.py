"""`make otr-table`: plays everything about OTR and carbons, and prints the table of docs/carbons.md."""

import argparse
from dataclasses import dataclass
from functools import partial

from otr_messenger import NAME, play_with_mcabber
from otr_scenarios import COLUMNS, SCENARIOS, carbons_server, is_ready, play


@dataclass
class Row:
    """`play(server, column=…)` gives what stands in a cell."""

    version: int
    name: str
    play: object


ROWS = [row for version in (2, 3) for row in (
    *(Row(version, scenario.name, partial(play, scenario=scenario)) for scenario in SCENARIOS if scenario.version == version),
    Row(version, NAME, partial(play_with_mcabber, version=version)),
)]


def table(cells_of_rows):
    """Markdown; the cells of each row are in the order of the columns."""
    lines = ["| OTR | situation | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 2) + "|"]
    for row, cells in zip(ROWS, cells_of_rows, strict=True):
        lines.append(f"| {row.version} | {row.name} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", default="13.0", help="of Prosody: 13.0, 13.0.7 or 0.12")
    with carbons_server(parser.parse_args().version) as server:
        if not is_ready(server):
            raise SystemExit("the policy `carbons` does not run: see `wasm list`")
        print(table([[row.play(server, column=column) for column in COLUMNS] for row in ROWS]))


if __name__ == "__main__":
    main()

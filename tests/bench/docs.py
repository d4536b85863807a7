#!/usr/bin/env python3
"""Writes what the last `make bench` found into docs/performance.md, between its markers, and the plots that it shows."""

import json
import re
import shutil
import sys
from pathlib import Path

from figures import compared, number, spread
from goals import GOALS
from plots import svg

PROJECT = Path(__file__).resolve().parents[2]
RESULTS = PROJECT / "target/bench/results.json"
INSTRUCTIONS = PROJECT / "tests/bench/instructions.json"
PAGE = PROJECT / "docs/performance.md"
PLOTS = PROJECT / "docs/plots"
NOT_MEASURED = "Not measured.\n"
MARKED = re.compile(r"(<!-- (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head, rows):
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(row):
    ratio = compared(row)
    return f"{number(row['median'])} {row['unit']} ({spread(row)})" + (f", {ratio}" if ratio else "")


def plots_of(rows):
    """{ name: SVG }: one for each unit of a group, unless there is next to nothing to compare."""
    plots = {}
    for unit in dict.fromkeys(row["unit"] for row in rows):
        fitting = [row for row in rows if row["unit"] == unit]
        if len(fitting) >= 3:
            group, number_of = rows[0]["group"], len(plots) + 1
            name = f"{group}.svg" if number_of == 1 else f"{group}-{number_of}.svg"
            plots[name] = svg(f"{group}, {unit}", fitting)
    return plots


def of_group(rows):
    """Plots, then cases down and what is compared across."""
    sections = [f"![{name.removesuffix('.svg')}](plots/{name})\n" for name in plots_of(rows)]
    for whats, cases in tables(rows):
        lines = [[case, *(cell(found[what]) if what in found else "" for what in whats)] for case, found in cases.items()]
        sections.append(table(["", *whats], lines))
    return "\n".join(sections)


def tables(rows):
    """[({ what, … }, { case: { what: row } })]: cases that have something to compare in common are one table."""
    found = []
    for case in dict.fromkeys(row["case"] for row in rows):
        of_case = {row["what"]: row for row in rows if row["case"] == case}
        whats, cases = next((entry for entry in found if entry[0].keys() & of_case.keys()), ({}, {}))
        if not cases:
            found.append((whats, cases))
        whats.update(dict.fromkeys(of_case))
        cases[case] = of_case
    return found


def goals(rows):
    lines = []
    for goal in GOALS:
        figure = goal.figure(rows)
        measured = "–" if figure is None else f"{number(figure)} {goal.unit}"
        met = "–" if figure is None else "yes" if figure <= goal.limit else "**no**"
        lines.append([goal.text, f"≤ {goal.limit:g} {goal.unit}", measured, met])
    return table(["", "goal", "measured", "met"], lines)


def machine(results):
    versions = ", ".join(f"{name} {version}" for name, version in results["machine"].items() if name not in ("processor", "cores"))
    return f"{results['machine']['processor']}, {results['machine']['cores']} cores; {versions}.\n"


def instructions():
    kinds = json.loads(INSTRUCTIONS.read_text())
    return "".join(table([kind, "instructions"], [[case, f"{count:,}"] for case, count in counts.items()])
                   for kind, counts in kinds.items())


def filled(page, results):
    """The page with all that is between markers made anew, and { name: SVG } of its plots."""
    rows = results["rows"]
    written = {"goals": goals(rows), "machine": machine(results), "instructions": instructions()}
    groups = {group: [row for row in rows if row["group"] == group] for group in dict.fromkeys(row["group"] for row in rows)}
    written |= {group: of_group(fitting) for group, fitting in groups.items()}
    page = MARKED.sub(lambda match: f"{match[1]}{written.get(match[2], NOT_MEASURED)}{match[3]}", page)
    return page, {name: plot for fitting in groups.values() for name, plot in plots_of(fitting).items() if f"plots/{name}" in page}


def main():
    results = json.loads(RESULTS.read_text())
    if tried := [group for group, run in results["runs"].items() if run["quick"]]:
        print(f"only tried, with QUICK=1, and not measured: {', '.join(tried)}", file=sys.stderr)
        return 1
    page, plots = filled(PAGE.read_text(), results)
    PAGE.write_text(page)
    shutil.rmtree(PLOTS, ignore_errors=True)
    PLOTS.mkdir()
    for name, plot in plots.items():
        (PLOTS / name).write_text(plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())

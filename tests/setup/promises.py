#!/usr/bin/env python3
"""Each promise of the project with the tests that hold it and what they found, as a page.   promises.py RESULTS [PAGE]

RESULTS is the folder that `make test` leaves: what cargo printed, and JUnit files of pytest. A promise whose test did not
run, or failed, is an error: a test that was renamed must not take a promise along.
"""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PROMISES = PROJECT / "tests" / "promises.json"
# What cargo says before the tests of a program, and of each test; what busted says at its end.
RUNNING = re.compile(r"^ +Running .*/deps/(\w+)-[0-9a-f]+\)$")
TEST = re.compile(r"^test (\S+)(?: - .*)? \.\.\. (\w+)$")
BUSTED = re.compile(r"[1-9]\d* success\w* / 0 failures / 0 errors / 0 pending")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
HEADER = """# What is promised, and how it is tested

Made by `make promises` from `tests/promises.json` and the last run of `make test`, which fails when one of these tests does not
run. What each promise means, to whom it is made and where it ends is in [SECURITY.md](../SECURITY.md). A figure is what that
run measured or counted, on a machine with two cores.

"""


class Unreadable(Exception):
    """A file that is not what it should be, in a sentence."""


class Results:
    """What ran: names of tests, whether they passed, and the figures that they noted."""

    def __init__(self, folder):
        self.live = [case for path in sorted(folder.glob("*.xml")) for case in cases(path)]
        self.native = [found for path in sorted(folder.glob("*.log")) for found in native(path)]
        lua = folder / "test-lua.log"
        self.lua_passed = lua.exists() and BUSTED.search(COLOURS.sub("", text(lua)))

    def of(self, reference):
        """-> ([passed or not, of each case], [figures]) of a test that is named as FILE or FILE::NAME."""
        file, _, name = reference.partition("::")
        if file.endswith(".py"):
            return self._of_pytest(Path(file).stem, name)
        if file.endswith(".lua"):
            is_there = (f'it("{name}' if name else "it(") in (PROJECT / file).read_text()
            return [bool(self.lua_passed)] if is_there else [], []
        return self._of_cargo(Path(file), name), []

    def _of_pytest(self, module, name):
        cases = [case for case in self.live if case.get("classname", "").rsplit(".", 1)[-1] == module
                 and (not name or case.get("name", "").split("[")[0] == name) and case.find("skipped") is None]
        figures = [entry.get("value") for case in cases for entry in case.iter("property") if entry.get("name") == "figure"]
        return [case.find("failure") is None and case.find("error") is None for case in cases], figures

    def _of_cargo(self, file, name):
        module = file.stem if file.stem not in ("mod", "lib", "main", "tests") else file.parent.name
        program = program_of(file)
        return [status == "ok" for found, path, status in self.native
                if found == program and module in path.split("::") and (not name or path.split("::")[-1] == name)]


def text(path):
    try:
        return path.read_text(errors="replace")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error


def cases(path):
    """The cases of a JUnit file. Whoever wrote it may have been stopped in the middle."""
    try:
        return list(ElementTree.fromstring(text(path)).iter("testcase"))
    except ElementTree.ParseError as error:
        raise Unreadable(f"{path} is no whole JUnit file ({error}): the tests that wrote it were stopped; run them again") from error


def native(log):
    """-> [(program, test, status)] of what cargo printed"""
    program, found = None, []
    for line in text(log).splitlines():
        if running := RUNNING.match(line):
            program = running[1]
        elif test := TEST.match(line):
            found.append((program, *test.groups()))
    return found


def program_of(file):
    """The program in which the tests of a Rust file are."""
    if file.parts[:2] == ("tests", "sandbox"):
        return "sandbox"
    package = next(folder for folder in file.parents if (PROJECT / folder / "Cargo.toml").exists())
    return re.search(r'^name = "(.+)"', (PROJECT / package / "Cargo.toml").read_text(), re.M)[1].replace("-", "_")


def row(promise, results):
    """-> (a row of the table, [what is wrong])"""
    wrong, links, figures, count = [], [], list(promise.get("figures", [])), 0
    for reference in promise["tests"]:
        passed, found = results.of(reference)
        if not passed or not all(passed):
            wrong.append(f"{promise['id']}: {reference} {'failed' if passed else 'did not run'}")
        count += len(passed)
        figures += [figure for figure in found if figure not in figures]
        file, _, name = reference.partition("::")
        links.append(f"[{name or Path(file).name}](../{file})")
    figures = figures or [f"{count} case{'s' if count != 1 else ''}"]
    return f"| {promise['id']} | {promise['promise']} | {', '.join(links)} | {'; '.join(figures)} |", wrong


def promised():
    try:
        return json.loads(text(PROMISES))
    except ValueError as error:
        raise Unreadable(f"{PROMISES} is not JSON: {error}") from error


def main(folder, page=None):
    try:
        results = Results(Path(folder))
        rows = [row(promise, results) for promise in promised()]
    except Unreadable as unreadable:
        print(f"error: {unreadable}")
        return 1
    table = ["| | promise | tests | figure |", "|---|---|---|---|", *(line for line, _ in rows)]
    wrong = [sentence for _, sentences in rows for sentence in sentences]
    if page and not wrong:
        Path(page).write_text(HEADER + "\n".join(table) + "\n")
    print("\n".join(wrong) or f"{len(rows)} promises, each held by a test that ran")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""What an author does, in each language: make a project, install what it is built with, build it, try it."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from places import PROJECT, STAGE, TARGET

TOOLS = TARGET / "languages"
# Python's component has 18 MB, and other tests compile beside it.
SECONDS = 600


def install_nothing(_folder):
    pass


def install_packages(folder):
    """As package.json says, from what `make languages` fetched."""
    subprocess.run(["npm", "install", "--offline", "--cache", TOOLS / "npm", "--no-audit", "--no-fund"], cwd=folder, check=True,
                   stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)


def install_environment(folder):
    (folder / ".venv").symlink_to(TOOLS / "python")


INSTALL = {"rust": install_nothing, "js": install_packages, "python": install_environment, "c": install_nothing}
# What looks at types before anything runs, where that is not the compiler.
TYPE_CHECKS = {"js": [TOOLS / "javascript/node_modules/.bin/tsc", "--project", "jsconfig.json"], "python": [TOOLS / "python/bin/mypy"]}
LANGUAGES = list(INSTALL)


def environment():
    return {**os.environ, "CARGO": str(PROJECT / "tests" / "setup" / "guest-cargo.sh"), "CARGO_TARGET_DIR": str(TOOLS / "rust")}


class Author:
    """A project in one language, built in an empty folder. `seconds` says how long each step took."""

    def __init__(self, language, folder):
        self.language = language
        self.folder = Path(folder) / "no-shouting"
        self.component = self.folder / "build" / "no-shouting.wasm"
        self.seconds = {}
        self.run("new", "no-shouting", "--lang", language, folder=folder)
        self._timed("install", lambda: INSTALL[language](self.folder))
        self.run("build")

    def run(self, *arguments, folder=None, expected=0):
        """Runs `prosody-wasm`, and returns what it prints."""
        command = [STAGE / "bin" / "prosody-wasm", *arguments]
        result = self._timed(arguments[0], lambda: subprocess.run(
            command, cwd=folder or self.folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=SECONDS))
        assert result.returncode == expected, f"{self.language}: {arguments}\n{result.stdout}\n{result.stderr}"
        return result.stdout + result.stderr

    def check_types(self):
        if command := TYPE_CHECKS.get(self.language):
            result = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
            assert result.returncode == 0, result.stdout + result.stderr

    def answers(self, cases):
        """What comes of other cases than the project's own."""
        for own in (self.folder / "cases").iterdir():
            own.unlink()
        shutil.copy(cases, self.folder / "cases")
        lines = map(json.loads, self.run("test", "--json").splitlines())
        return [(line["case"], line["came"], line["differences"]) for line in lines if "case" in line]

    def _timed(self, step, work):
        began = time.monotonic()
        result = work()
        self.seconds[step] = time.monotonic() - began
        return result

    def summary(self):
        steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in self.seconds.items())
        return f"{self.language}: {self.component.stat().st_size} bytes; {steps}"

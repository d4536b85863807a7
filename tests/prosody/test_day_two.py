"""docs/day-two.md shows what the commands print, one after the other, on a server with the configuration of docs/the-plan.md."""

import os
import re
import subprocess

import pytest

from places import PROJECT, STAGE
from planned import HOST, Planned
from plaintext import is_refused
from world import wait_until_settled

PAGE = PROJECT / "docs" / "day-two.md"


def commands():
    """(command, the lines that are shown of what it prints), in the order of the page."""
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).+\n)*)", "".join(blocks), re.MULTILINE):
        yield command, shown.splitlines()


def pattern(line):
    """Columns are as wide as what stands in them."""
    parts = [r"\s+".join(map(re.escape, re.split(r"\s+", part))) for part in line.split("…")]
    return ".*".join(parts)


@pytest.fixture(scope="module")
def planned():
    with Planned("13.0") as server:
        wait_until_settled(server)
        yield server
        server.is_kept = False


def here(command, server):
    """The command with the places of this server."""
    places = {"/var/lib/prosody": server.folder / "data", "/var/log/prosody/prosody.log": server.log_path,
              "/usr/lib/prosody/wasm": STAGE / "lib/prosody/wasm", "/tmp/failures.json": server.folder / "failures.json",
              ":5280/": f":{server.ports['http']}/"}
    for shown, real in places.items():
        command = command.replace(shown, str(real))
    return command


def run(server, command):
    wait_until_settled(server)
    is_refused(server, HOST)  # somebody writes, so that there is something to compare
    environment = {**os.environ, "PATH": f"{server.folder}:{STAGE}/bin:/usr/bin:/bin"}
    return subprocess.run(["sh", "-c", here(command, server)], cwd=server.folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("command, shown", [pytest.param(*each, id=each[0]) for each in commands()])
def test_it_prints_what_is_shown(planned, command, shown):
    result = run(planned, command)
    assert result.returncode == 0 and shown, result.stdout + result.stderr
    for line in shown:
        assert any(re.fullmatch(pattern(line), printed) for printed in result.stdout.splitlines()), result.stdout

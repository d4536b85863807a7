"""docs/audit.md shows what the program prints, runs and knows."""

import os
import re
import subprocess

import corpus
from auditing import PAGE, PLAINTEXT, audit, page, report
from client import Client
from configuration import Host
from places import STAGE
from server import Server
from world import PASSWORD


def quiet_server():
    """A server that keeps nothing of what it passes on, and does not write down for whom."""
    users = dict.fromkeys(("alice", "bob"), PASSWORD)
    log = [{"levels": {"min": "warn"}, "to": "file", "filename": "quiet.log"}]
    return Server("13.0", [Host("local.test", users=users)], {"log": log})


def without_numbers(text):
    return re.sub(r"\d+", "N", text)


def test_the_page_shows_a_clean_run_and_a_line_for_cron():
    with quiet_server() as server:
        with Client(server, "alice@local.test", PASSWORD) as alice, Client(server, "bob@local.test", PASSWORD) as bob:
            alice.send(corpus.addressed(PLAINTEXT, bob.bare))
            alice.synchronise()
        server.stop()
        places = [server.folder / "data", server.folder / "quiet.log"]
        clean = audit(*places)
        assert clean.returncode == 0, clean.stdout
        assert without_numbers(clean.stdout) in map(without_numbers, page("text"))
        line, = page("crontab")
        *_, command = line.split(maxsplit=6)
        command = command.replace("/var/lib/prosody", str(places[0])).replace("/var/log/prosody/prosody.log", str(places[1]))
        environment = {**os.environ, "PATH": f"{STAGE}/bin:/usr/bin:/bin"}
        run = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=60)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def rows_of(heading):
    """What the table under a heading of the page names in its first column."""
    section = PAGE.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)


def test_the_page_names_every_kind_and_field(tmp_path):
    complaint = audit(tmp_path, "--allow", "colour").stderr
    assert complaint.split("there are ")[1].split("\n")[0].split(", ") == rows_of("What is found")
    (tmp_path / "local%2etest").mkdir()
    assert sorted(report(tmp_path)) == sorted(rows_of("For programs"))

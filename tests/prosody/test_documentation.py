"""The documentation says what is true: its commands run, its targets and options exist."""

import os
import re
import subprocess

import pytest

from configuration import MODULES, Host
from places import CORPUS, PROJECT, STAGE
from server import Server
from world import shared_cache, wait_until_settled

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
PLACES = {"HOST": "local.test", "POLICY": "e2ee", "CORPUS": str(CORPUS / "e2ee.json"),
          "DATA_DIR": "data", "LOG": "prosody.log"}


def commands():
    """Every line of every block that is marked as `sh`."""
    # Those about signatures want a component and the keys of the line before: test_signatures.py.
    for page in filter(lambda page: page.name != "signatures.md", PAGES):
        for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            # What reads a database runs in test_audit.py, which has one; what wants a stopped server in test_privacy_lists.py.
            for line in filter(lambda line: "DATABASE_URL" not in line and "--write" not in line, block.splitlines()):
                yield pytest.param(line, id=f"{page.name}: {line}")


def filled(line):
    return re.sub(r"\b(" + "|".join(PLACES) + r")\b", lambda match: PLACES[match[0]], line)


@pytest.mark.parametrize("line", list(commands()))
def test_commands_run(world, line):
    if line.startswith("make "):
        targets = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
        assert line.split()[1] in targets
        return
    if world.version != "13.0" and line.startswith("prosodyctl"):
        pytest.skip("said for 13.0; on 0.12 the commands have another form")
    wait_until_settled(world.local)
    environment = {**os.environ, "PATH": f"{world.local.folder}:{STAGE}/bin:/usr/bin:/bin"}
    result = subprocess.run(["sh", "-c", filled(line)], cwd=world.local.folder, env=environment,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    # A replay under other settings than the corpus was written for differs from it, and an audit of this server,
    # which logs everything, has findings; both say so.
    answers_no = line.startswith(("prosody-wasm replay", "prosody-wasm audit")) and result.returncode == 1
    assert result.returncode == 0 or answers_no, result.stdout + result.stderr
    assert "Error" not in result.stdout, result.stdout


def test_every_local_link_leads_somewhere():
    for page in PAGES:
        for link in re.findall(r"\]\((?!http|#)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_option_and_state_is_known():
    sources = [*(PROJECT / "lua-shim" / "mod_wasm").glob("*.lua"), *(PROJECT / "host" / "module" / "src").glob("*.rs")]
    code = "".join(path.read_text() for path in sources)
    page = (PROJECT / "docs" / "operators.md").read_text()
    for option in re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE):
        assert option in code, option


def test_every_hook_has_a_page_with_a_tested_example():
    hooks = re.findall(r"^interface (\w+)-policy", (PROJECT / "wit" / "v0.1" / "hooks.wit").read_text(), re.MULTILINE)
    tested = re.findall(r"docs/hooks/(\w+)\.md", (PROJECT / "tests" / "guests" / "lib.rs").read_text())
    pages = {path.stem: path.read_text() for path in (PROJECT / "docs" / "hooks").glob("*.md")}
    assert sorted(pages) == sorted(hooks) == sorted(tested)
    examples = {hook: re.findall(r"^```rust\n(.*?)^```", page, re.MULTILINE | re.DOTALL) for hook, page in pages.items()}
    assert {hook: [len(each.splitlines()) <= 40 for each in found] for hook, found in examples.items()} == dict.fromkeys(hooks, [True])


def block_of(page, language):
    """The first block of a page in this language."""
    return re.search(rf"^```{language}\n(.*?)^```", (PROJECT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)[1]


class Copied(Server):
    """A server whose configuration is the one of docs/keeping.md, beside what every server of these tests needs."""

    def write_configuration(self):
        super().write_configuration()
        path = self.folder / "prosody.cfg.lua"
        everywhere, hosts = path.read_text().split("\nVirtualHost", 1)
        shown, components = block_of("keeping.md", "lua").split("\nComponent", 1)
        needed = "".join(f'"{module}"; ' for module in MODULES)
        shown = shown.replace("modules_enabled = {", f"modules_enabled = {{ {needed}")
        path.write_text(f"{everywhere}\n{shown}\nVirtualHost{hosts}\nComponent{components}")


def test_the_configuration_to_copy_runs(version):
    options = {"modules_enabled": None, **shared_cache()}  # named by the page
    with Copied(version, [Host("local.test", users={"alice": "secret"})], options) as server:
        listing = wait_until_settled(server)
        rows = [line.split()[:3] for line in listing.splitlines() if "running" in line]
        rows = sorted([word for word in row if word != "|"] for row in rows)
        hosts = ["local.test", "rooms.example.org"]
        assert rows == [[host, policy, "running"] for host in hosts for policy in ("archive", "carbons", "e2ee")]
        assert server.log_lines("error") == []

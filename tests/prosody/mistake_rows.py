"""Mistakes of authors and operators, one row each; what is said of them is in tests/golden/mistakes."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from canaries import CANARY
from places import RUNS, STAGE, TEST_GUESTS

BUNDLED = STAGE / "lib" / "prosody" / "wasm" / "e2ee.wasm"


@dataclass
class Mistake:
    """`component` is a file, a name without a folder, or text from tests/mistakes; None: not a matter of a component."""

    name: str
    component: object = None
    settings: dict = field(default_factory=dict)
    # Options of the policy and of the host, in the server.
    entry: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)
    # What `check` is told besides the settings.
    flags: list = field(default_factory=list)
    # Does an operator meet it, too? Then a server is asked as well, after so many messages.
    is_operators: bool = True
    # Is no memory made executable, as under systemd's MemoryDenyWriteExecute?
    is_hardened: bool = False
    messages: int = 0


def text(name, **more):
    return Mistake(name, Path(f"{name}.wat"), **more)


def mistaken(name, how, **more):
    return Mistake(name, TEST_GUESTS / "mistaken.wasm", {"mistake": how}, **more)


def misbehaving(name, how, when="decide", only="", **more):
    return Mistake(name, TEST_GUESTS / "misbehaving.wasm", {"how": how, "when": when, "only": only}, **more)


def configured(name, settings=None, **more):
    """A mistake in the configuration of a policy that has none itself."""
    return Mistake(name, BUNDLED, settings or {}, **more)


# ── files that hosts make before they are asked ──────────────────────────────────────────────────────────────────


def made(name, make):
    path = RUNS / "mistakes" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        make(path)
    return path


def sparse(path):
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)


NOT_WASM = made("not-wasm.wasm", lambda path: path.write_text("<html>404 Not Found</html>"))
TRUNCATED = made("truncated.wasm", lambda path: path.write_bytes((TEST_GUESTS / "scripted.wasm").read_bytes()[:20_000]))
TOO_BIG = made("too-big.wasm", sparse)
FOLDER = made("folder.wasm", Path.mkdir)
OPEN_CACHE = made("open-cache", lambda path: (path.mkdir(), path.chmod(0o777)))
FILE_FOR_CACHE = made("file", lambda path: path.write_text("not a folder"))

MISTAKES = [
    # What an author built.
    text("core-module"), text("no-hook"), text("no-lifecycle"), text("wrong-signature"), text("unknown-import"),
    text("newer-contract"), text("wasi"), text("wasi-python"), text("asynchronous"), text("invalid-text"),
    text("no-post-return", messages=80),
    Mistake("not-wasm", NOT_WASM), Mistake("truncated", TRUNCATED), Mistake("too-big", TOO_BIG),
    # What it does when it runs.
    mistaken("panic-in-configure", "panics-in-configure"), mistaken("error-in-configure", "refuses"),
    misbehaving("loop-in-configure", "loop", "configure"), misbehaving("too-slow-when-tried", "loop"),
    misbehaving("recursion", "recurse"), misbehaving("too-much-memory", "grow"), misbehaving("too-many-calls", "host-calls"),
    misbehaving("edit-of-nothing", "edit-nowhere"), mistaken("panic-when-tried", "unwraps"),
    mistaken("own-sample-fails", "wrong-sample"), mistaken("too-long-a-text", "says-too-much"),
    mistaken("index-out-of-bounds", "counts-on-few-elements", messages=1),
    misbehaving("panic-in-decide", "panic", only=CANARY, messages=1),
    misbehaving("loop-in-decide", "loop", only=CANARY, messages=1),
    # What an operator wrote.
    configured("setting-misspelt", {"dirct": "mandatory"}), configured("setting-with-another-value", {"direct": "mandatry"}),
    configured("not-granted", flags=["--grants", "content"], entry={"grants": ["content"]}),
    configured("grant-misspelt", flags=["--grants", "contents"], entry={"grants": ["contents"]}),
    configured("memory-not-executable", is_operators=False, is_hardened=True),
    Mistake("policy-misspelt", "e2e"), Mistake("folder-for-file", FOLDER),
    configured("another-hash", entry={"sha256": "0" * 64}),
    configured("option-misspelt", entry={"setings": {}}), configured("mode-misspelt", entry={"mode": "shadwo"}),
    configured("limit-too-large", entry={"limits": {"memory": 1 << 30}}),
    Mistake("table-misspelt", options={"wasm_policys": {"e2ee": {}}}),
    configured("compiler-missing", options={"wasm_compiler": "/nonexistent/prosody-wasm",
                                            "wasm_cache_path": str(RUNS / "mistakes" / "no-cache")}),
    configured("cache-not-writable", options={"wasm_cache_path": str(FILE_FOR_CACHE / "cache")}),
    configured("cache-open-to-others", options={"wasm_cache_path": str(OPEN_CACHE)}),
]


def command(mistake):
    """The words of `prosody-wasm check`, for rows that it can say something about."""
    settings = ["--settings", json.dumps(mistake.settings)] if mistake.settings else []
    return ["check", str(mistake.component), *settings, *mistake.flags]


def is_checked(mistake):
    """What stands in the configuration alone is nothing that `check` is told."""
    return mistake.component is not None and (not mistake.entry or mistake.flags) and not mistake.options

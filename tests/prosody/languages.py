"""What is different between the languages of policies: how a project gets its tools, and what looks at its types."""

import subprocess

from places import TARGET

TOOLS = TARGET / "languages"
SECONDS = 300


def run(folder, *command):
    result = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"


def nothing(_folder):
    """The compiler of the language does it."""


def install_packages(folder):
    """As package.json says, from what `make languages` fetched."""
    run(folder, "npm", "install", "--offline", "--cache", TOOLS / "npm", "--no-audit", "--no-fund")


def install_environment(folder):
    (folder / ".venv").symlink_to(TOOLS / "python")


def check_javascript(folder):
    run(folder, TOOLS / "javascript/node_modules/.bin/tsc", "--project", "jsconfig.json")


def check_python(folder):
    run(folder, TOOLS / "python/bin/mypy")


INSTALL = {"rust": nothing, "js": install_packages, "python": install_environment, "c": nothing}
CHECK_TYPES = {"rust": nothing, "js": check_javascript, "python": check_python, "c": nothing}
SOURCES = {"js": "policy.js", "python": "policy.py", "c": "policy.c"}
# An error in the author's code, by (what stands there, what is put before it, the place that is named). Rust: test_author_rust.py.
FAILURES = {
    "js": ("    const marks", "    if (body.includes('morning!!!')) null.x;\n", "failed at policy.js:20"),
    "python": ("        marks =", "        if body and 'morning!!!' in body.text: raise ValueError('told to')\n", "failed at policy.py:20 (decide)"),
    "c": ("    int64_t marks", "    if (text_contains(body, TEXT(\"morning!!!\"))) FAIL(\"told to\");\n", "failed at policy.c:19"),
}

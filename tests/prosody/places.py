"""Where the parts of a checkout are."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TARGET = PROJECT / "target"
STAGE = Path(os.environ.get("MOD_WASM_STAGE", TARGET / "stage" / "usr"))
RUNS = TARGET / "tests"
CORPUS = Path(os.environ.get("MOD_WASM_CORPUS", PROJECT / "tests" / "corpus"))
TEST_GUESTS = TARGET / "wasm32-unknown-unknown" / "guest" / "examples"
TEST_MODULES = Path(__file__).resolve().parent / "modules"


def unpacked_prosody(version):
    return TARGET / "prosody" / version


def debian_modules(version):
    """Modules of Debian's prosody-modules: what this version's own package lacks."""
    return TARGET / "prosody-modules" / ("0.12" if version == "0.12" else "13.0")


def prosody_source(version):
    """With Prosody's own tests: specs for busted, scripts for scansion."""
    return TARGET / "prosody-source" / version


def has_source(version):
    return (prosody_source(version) / "spec" / "scansion").is_dir()


def is_unpacked(version):
    return (unpacked_prosody(version) / ".unpacked").exists()

"""Ways to break an installation or a configuration. Each takes a Setup and changes it before the server starts."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from places import RUNS, STAGE

CORE_MODULE = b"\0asm\1\0\0\0"
EMPTY_COMPONENT = b"\0asm\x0d\0\1\0"


@dataclass
class Setup:
    """A copy of the installed tree, which may be spoilt, and the options that name its parts; `name` is the policy."""

    policies: object
    name: str = "e2ee"
    options: dict = field(default_factory=dict)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="broken-", dir=RUNS)))

    def __post_init__(self):
        self.stage = self.folder / "usr"
        shutil.copytree(STAGE, self.stage, symlinks=True)

    @property
    def library(self):
        return self.stage / "lib" / "prosody" / "modules" / "mod_wasm" / "prosody_wasm.so"

    @property
    def policy(self):
        return self.stage / "lib" / "prosody" / "wasm" / f"{self.name}.wasm"

    def own_cache(self):
        self.options["wasm_cache_path"] = str(self.folder / "cache")

    def compiler(self, script):
        """Puts a program in the compiler's place; the real one is beside it as `real`."""
        place = self.stage / "bin" / "prosody-wasm"
        place.rename(place.with_name("real"))
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(0o755)
        self.own_cache()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


# Installed by LuaRocks it has a name of its own; the module finds that one, too.
def library_deleted(setup):
    for library in setup.library.parent.glob("prosody_wasm*.so"):
        library.unlink()


# A library in use is mapped, and writing into it would end any process: like an installer, these put a new file there.
def replace_library(setup, content):
    new = setup.library.with_suffix(".new")
    new.write_bytes(content)
    new.rename(setup.library)


def library_garbage(setup):
    replace_library(setup, b"garbage" * 1000)


def library_empty(setup):
    replace_library(setup, b"")


def library_of_something_else(setup):
    replace_library(setup, next(Path("/usr/lib").glob("*-linux-*/lua/5.4/lfs.so")).read_bytes())


def policy_deleted(setup):
    setup.policy.unlink()


def policy_truncated(setup):
    setup.own_cache()
    setup.policy.write_bytes(setup.policy.read_bytes()[:-1000])


def policy_garbage(setup):
    setup.policy.write_bytes(b"garbage" * 1000)


def policy_core_module(setup):
    setup.policy.write_bytes(CORE_MODULE)


def policy_component_without_hooks(setup):
    setup.policy.write_bytes(EMPTY_COMPONENT)


def compiler_missing(setup):
    setup.own_cache()
    (setup.stage / "bin" / "prosody-wasm").unlink()


def compiler_killed(setup):
    setup.compiler("kill -9 $$")


def compiler_does_nothing(setup):
    setup.compiler("exit 0")


def compiler_fails(setup):
    setup.compiler("echo 'the compiler says no' >&2; exit 1")


def compiler_hangs(setup):
    setup.compiler("exec sleep 600")
    setup.options["wasm_compile_seconds"] = 1


def option_misspelt(setup):
    setup.policies[setup.name]["setings"] = setup.policies[setup.name].pop("settings")


def table_is_text(setup):
    setup.policies = setup.name


def table_misspelt(setup):
    setup.options["wasm_policys"] = setup.policies
    setup.policies = None


def table_in_the_singular(setup):
    setup.options["wasm_policy"] = setup.policies
    setup.policies = None


def policy_is_text(setup):
    setup.policies[setup.name] = "mandatory"


def policy_unknown(setup):
    setup.policies[setup.name[:-1]] = setup.policies.pop(setup.name)


def policy_elsewhere(setup):
    setup.policies[setup.name]["path"] = str(setup.folder / "nothing.wasm")


def hash_wrong(setup):
    setup.policies[setup.name]["sha256"] = "0" * 64


def hash_not_a_hash(setup):
    setup.policies[setup.name]["sha256"] = "latest"


def settings_unknown(setup):
    setup.policies[setup.name]["settings"] = {"dirct": "mandatory"}


def settings_value_unknown(setup):
    setup.policies[setup.name]["settings"] = {"direct": "mandatry"}


def grants_too_small(setup):
    setup.policies[setup.name]["grants"] = []


def grants_unknown(setup):
    setup.policies[setup.name]["grants"] = ["everything"]


def on_error_unknown(setup):
    setup.policies[setup.name]["on_error"] = "allow"


def mode_unknown(setup):
    setup.policies[setup.name]["mode"] = "of"


def limits_not_numbers(setup):
    setup.policies[setup.name]["limits"] = {"memory": "lots"}


FILES = [library_deleted, library_garbage, library_empty, library_of_something_else, policy_deleted, policy_truncated,
         policy_garbage, policy_core_module, policy_component_without_hooks]
COMPILERS = [compiler_missing, compiler_killed, compiler_does_nothing, compiler_fails, compiler_hangs]
OPTIONS = [option_misspelt, table_is_text, table_misspelt, table_in_the_singular, policy_is_text, policy_unknown, policy_elsewhere, hash_wrong,
           hash_not_a_hash, settings_unknown, settings_value_unknown, grants_too_small, grants_unknown, on_error_unknown,
           mode_unknown, limits_not_numbers]
EVERYTHING = FILES + COMPILERS + OPTIONS

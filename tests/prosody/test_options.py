"""docs/reference/options.md names every option that the Lua side reads, and no other."""

import re

import pytest

from places import PROJECT

SHIM = PROJECT / "lua-shim"
PAGE = PROJECT / "docs" / "reference" / "options.md"


def source(name):
    return (SHIM / name).read_text()


def listed(text, name):
    """The texts in a table of Lua: `name = { "a", "b" }`."""
    return set(re.findall(r'"([\w.]+)"', re.search(rf"{name} = {{(.*?)}};", text, re.DOTALL)[1]))


def keys(text, name):
    """The keys of a table of Lua with one line for each."""
    return set(re.findall(r"^\t(\w+) = {", re.search(rf"{name} = {{\n(.*?)^}};", text, re.DOTALL | re.MULTILINE)[1], re.MULTILINE))


def parsed(text):
    """The options for which there is a function in a table `parse`, whichever way it was put there."""
    return set(re.findall(r"^(?:function )?parse\.(\w+)(?: =|\()", text, re.MULTILINE))


def read_options():
    """The first argument of whatever reads an option."""
    reader = re.compile(r'(?:get_option\w*|read_path|read_seconds)\(\s*"(\w+)"')
    return {name for path in SHIM.glob("mod_*/*.lua") for name in reader.findall(path.read_text())}


def of_an_entry():
    values = source("mod_wasm/values.lib.lua")
    below = {f"{option}.{key}" for option, table in (("limits", "limit_bounds"), ("probation", "probation_bounds"))
             for key in keys(values, table)}
    assert parsed(values) == listed(source("mod_wasm/record.lib.lua"), "policy_options")
    return parsed(values) | below


def of_the_module():
    """Its own begin with wasm; the module says of others that begin so that it does not know them."""
    own = {name for name in read_options() if name.startswith("wasm_")}
    assert own == listed(source("mod_wasm/paths.lib.lua"), "option_names")
    return own - {"wasm_retention"}


def of_retention():
    inside = listed(source("mod_wasm_retention/options.lib.lua"), "known")
    return {"wasm_retention"} | {f"wasm_retention.{name}" for name in inside}


def of_prosody():
    return {name for name in read_options() if not name.startswith("wasm_")}


def flags():
    text = source("mod_wasm/flags.lib.lua")
    table = re.search(r"parse = {\n(.*?)\n};", text, re.DOTALL)[1]
    names = set(re.findall(r"(\w+) = ", table)) | parsed(text)
    return {"--" + name.replace("_", "-") for name in names}


SECTIONS = {"Of an entry of `wasm_policies`": of_an_entry, "Of mod_wasm": of_the_module, "Of mod_wasm_retention": of_retention,
            "Of Prosody, looked at": of_prosody, "Flags at the shell": flags}


def rows(heading):
    section = PAGE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([\w.-]+)` \|", section, re.MULTILINE)


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_table_is_what_is_read(heading):
    found, shown = SECTIONS[heading](), rows(heading)
    assert sorted(shown) == sorted(found)


def test_there_is_no_other_table():
    assert re.findall(r"^## (.*)$", PAGE.read_text(), re.MULTILINE) == list(SECTIONS)


def test_permissions_are_all_named():
    grants = listed(source("mod_wasm/values.lib.lua"), "grant_names")
    row = re.search(r"^\| `grants` .*$", PAGE.read_text(), re.MULTILINE)[0]
    assert set(re.findall(r"`(\w+)`", row)) - {"grants"} == grants

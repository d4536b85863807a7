#!/usr/bin/env python3
"""Splits what wit-bindgen made of the world with everything, so that a policy has only the exports that it includes.

split-c-bindings.py GENERATED_FOLDER SDK_FOLDER
"""

import re
import sys
from pathlib import Path

EXPORT = re.compile(r'^__attribute__\(\(((?:__weak__, )?)__export_name__\("(cabi_post_)?prosody:policy/([a-z-]+)@[0-9.]+#([a-z-]+)"\)\)\)$')
HEAD = "// Made by `make sdk-bindings` from wit/. Included by the one file that implements {name}.\n#pragma once\n#include <prosody/bindings.h>\n#include <prosody/memory.h>\n\n"
AREA = "__attribute__((__aligned__(8)))\nstatic uint8_t prosody_{word}_area[{size}];\n\n"
AREA_OF_ALL = re.compile(r"__attribute__\(\(__aligned__\(8\)\)\)\nstatic uint8_t RET_AREA\[(.*)\];\n\n")
# Memory that these calls took is for the life of the instance: what others took is free again.
LASTING = {"configure", "restore"}


def main(generated: Path, sdk: Path) -> None:
    common, exports = split((generated / "policy.c").read_text())
    size = AREA_OF_ALL.search((generated / "policy.c").read_text())[1]
    include = sdk / "include/prosody"
    (include / "bindings.h").write_text((generated / "policy.h").read_text())
    (sdk / "src/bindings.c").write_text(common.replace('"policy.h"', "<prosody/bindings.h>"))
    (include / "exports").mkdir(exist_ok=True)
    for name, blocks in exports.items():
        word = name.replace("-", "_")
        text = "\n".join(blocks).replace("RET_AREA", f"prosody_{word}_area")
        area = AREA.format(word=word, size=size) if f"prosody_{word}_area" in text else ""
        (include / f"exports/{word}.h").write_text(HEAD.format(name=name) + area + text)


def split(text: str) -> tuple[str, dict[str, list[str]]]:
    """What all policies share, and the functions of each exported interface."""
    common, exports = [], {}
    lines = iter(text.split("// Ensure that the *_component_type.o")[0].splitlines(keepends=True))
    for line in lines:
        if export := EXPORT.match(line.strip()):
            weak, is_after, name, function = export.groups()
            block = line + "".join(body(lines))
            exports.setdefault(name, []).append(after(block, function) if is_after else block)
        elif not line.startswith("// Exported Functions"):
            common.append(line)
    # The area for results is for exports only, and each has its own.
    return AREA_OF_ALL.sub("", "".join(common)).rstrip() + "\n", exports


def body(lines):
    for line in lines:
        yield line
        if line == "}\n":
            return


def after(block: str, function: str) -> str:
    """A call returned, and its result has been read."""
    done = "prosody_keep_memory" if function in LASTING else "prosody_release_memory"
    attribute, declaration = block.splitlines()[:2]
    return f"{attribute.replace('__weak__, ', '')}\n{declaration}\n  (void) arg0;\n  {done}();\n}}\n"


main(*map(Path, sys.argv[1:]))

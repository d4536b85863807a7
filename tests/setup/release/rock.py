#!/usr/bin/env python3
"""Makes the rocks from a folder as install-rock.sh fills it, and from the tarball of the source: the same bytes each time.

   rock.py ROCKSPEC FOLDER TARBALL ARCHITECTURE OUTPUT"""

import hashlib
import sys
import time
import zipfile
from os import environ
from pathlib import Path

PARTS = ("lua", "bin", "doc")


def digest(path):
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def manifest(folder):
    """LuaRocks looks here for what belongs to a rock: a Lua table of folders, with the hash of each file."""
    entries = (f'["{path.name}"] = ' + (manifest(path) if path.is_dir() else f'"{digest(path)}"')
               for path in sorted(folder.iterdir()))
    return "{ " + "".join(f"{entry}, " for entry in entries) + "}"


class Rock:
    def __init__(self, path):
        self.archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self.time = time.gmtime(int(environ["SOURCE_DATE_EPOCH"]))[:6]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.archive.close()

    def add(self, name, data, mode=0o644):
        entry = zipfile.ZipInfo(name, self.time)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (0o100000 | mode) << 16
        self.archive.writestr(entry, data)

    def add_folder(self, folder):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.add(str(path.relative_to(folder.parent)), path.read_bytes(), path.stat().st_mode & 0o777)


def main(rockspec, folder, tarball, architecture, output):
    name, parts = rockspec.stem, [folder / part for part in PARTS]
    hashes = "".join(f"{part.name} = {manifest(part)}, " for part in parts)
    with Rock(output / f"{name}.{architecture}.rock") as rock:
        rock.add(rockspec.name, rockspec.read_bytes())
        rock.add("rock_manifest", f'rock_manifest = {{ ["{rockspec.name}"] = "{digest(rockspec)}", {hashes}}}\n')
        for part in parts:
            rock.add_folder(part)
    with Rock(output / f"{name}.src.rock") as rock:
        rock.add(rockspec.name, rockspec.read_bytes())
        rock.add(tarball.name, tarball.read_bytes())


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:4]]
    main(*paths, sys.argv[4], Path(sys.argv[5]))

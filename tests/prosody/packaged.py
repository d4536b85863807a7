"""The Debian package of this checkout, and a newer one with another build of the library."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from places import TARGET

NAME, DEVELOPERS = "prosody-mod-wasm", "prosody-wasm-dev"
LIBRARY = "usr/lib/prosody/modules/mod_wasm/prosody_wasm.so"


def built(name=NAME):
    """The newest package of this name that `make deb` made."""
    found = sorted((TARGET / "dist").glob(f"{name}_*.deb"), key=lambda path: path.stat().st_mtime)
    assert found, "there is no package: run `make deb`"
    return found[-1]


def field(package, name):
    return subprocess.run(["dpkg-deb", "--field", package, name], check=True, capture_output=True, text=True).stdout.strip()


def contents(package):
    """Paths of the package, without the leading dot, and what `dpkg-deb --contents` says of each: rights, owner, …"""
    listing = subprocess.run(["dpkg-deb", "--contents", package], check=True, capture_output=True, text=True).stdout
    rows = (line.split(maxsplit=5) for line in listing.splitlines())
    return {row[5].split(" -> ")[0].lstrip("."): row[:5] for row in rows}


def _another_library(root):
    """One byte more is another build: it does the same under another name."""
    link = root / LIBRARY
    old = link.resolve()
    code = old.read_bytes() + b"\0"
    new = old.with_name(old.name.replace(old.stem.split("-")[-1], hashlib.sha256(code).hexdigest()[:12]))
    old.unlink()
    new.write_bytes(code)
    link.unlink()
    link.symlink_to(new.name)


def newer(package, folder):
    """Makes a package of a higher version in `folder`."""
    root = Path(folder) / "newer"
    subprocess.run(["dpkg-deb", "--raw-extract", package, root], check=True, capture_output=True)
    _another_library(root)
    control = root / "DEBIAN" / "control"
    version = field(package, "Version")
    control.write_text(control.read_text().replace(f"Version: {version}", f"Version: {version}.1"))
    made = Path(folder) / f"{NAME}_newer.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", root, made], check=True, capture_output=True,
                   env={**os.environ, "LC_ALL": "C"})
    shutil.rmtree(root)
    return made

"""What a server with internal storage has on its disk."""

import urllib.parse

from lua import literal


def encoded(name):
    """A host or a user as Prosody names its folder or file."""
    return "".join(c if c.isalnum() else f"%{ord(c):02x}" for c in name)


def folder(server, host):
    return server.folder / "data" / encoded(host)


def kept(server, host, store, user):
    """The text of one user's file in a store; empty when there is none."""
    files = [folder(server, host) / store / f"{encoded(user)}.{kind}" for kind in ("list", "dat")]
    return "".join(file.read_text() for file in files if file.exists())


def put(server, host, store, user, value):
    """What a store with one value for each user finds there when the server starts."""
    path = folder(server, host) / store / f"{encoded(user)}.dat"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"return {literal(value)};\n")


def places(server, word):
    """The files in the whole data folder that contain a word, with their host's and users' names readable; but not
    the kept components of policies, which may hold any text."""
    data = server.folder / "data"
    files = (path for path in data.rglob("*") if path.is_file() and path.suffix != ".wasm" and word.encode() in path.read_bytes())
    return sorted(urllib.parse.unquote(str(path.relative_to(data))) for path in files)

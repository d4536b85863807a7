"""What a server with internal storage has on its disk."""

import urllib.parse

from lua import literal


def encoded(name):
    """A host or a user as Prosody names its folder or file."""
    return "".join(c if c.isalnum() else f"%{ord(c):02x}" for c in name)


def folder(server, host):
    return server.folder / "data" / encoded(host)


def content_of(path):
    """The bytes of a file that the server may remove at any moment; none when it is gone."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def kept(server, host, store, user):
    """The text of one user's file in a store; empty when there is none."""
    files = (folder(server, host) / store / f"{encoded(user)}.{kind}" for kind in ("list", "dat"))
    return b"".join(map(content_of, files)).decode()


def put(server, host, store, user, value):
    """What a store with one value for each user finds there when the server starts."""
    path = folder(server, host) / store / f"{encoded(user)}.dat"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"return {literal(value)};\n")


def places(server, word):
    """The files in the whole data folder that contain a word, with their host's and users' names readable; but not
    the kept components of policies, which may hold any text."""
    data = server.folder / "data"
    files = (path for path in data.rglob("*") if path.is_file() and path.suffix != ".wasm" and word.encode() in content_of(path))
    return sorted(urllib.parse.unquote(str(path.relative_to(data))) for path in files)

"""Plays scripts against a running server and says which of them fail.

    cd tests/prosody && python -m scansion --port 5222 FOLDER-OR-FILE…
"""

import argparse
from pathlib import Path
from types import SimpleNamespace

from .player import Player
from .script import read


def found(path):
    return sorted(path.glob("*.scs")) if path.is_dir() else [path]


def main():
    parser = argparse.ArgumentParser(prog="scansion", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=5222, help="of clients, on 127.0.0.1, without TLS")
    parser.add_argument("paths", type=Path, nargs="+")
    arguments = parser.parse_args()
    server = SimpleNamespace(ports={"c2s": arguments.port})
    failed = 0
    for path in (script for given in arguments.paths for script in found(given)):
        outcome = Player(server, read(path)).play()
        failed += bool(outcome.failure)
        print(f"{path.stem}: {outcome.failure or 'ok'}")
    raise SystemExit(f"{failed} failed" if failed else 0)


if __name__ == "__main__":
    main()

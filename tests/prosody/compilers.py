"""Compilers that do what a test wants: the server is told one program, and what that does is changed while it runs."""

from places import STAGE

HONEST = 'exec "$real" "$@"'
SLEEPING = "exec sleep 1000"
SPINNING = "while :; do :; done"
# As on a full disk: no file may grow beyond 8 KiB.
DISK_FULL = 'ulimit -f 8; exec "$real" "$@"'
# Like a component that makes the compiler want more memory than it gets.
GREEDY = "ulimit -v 400000; exec tail -c 2G /dev/zero"
CRASHING = "kill -SEGV $$"


class Compiler:
    def __init__(self, folder):
        self.path = folder / "compiler"
        self.path.write_text(f'#!/bin/bash\nreal={STAGE / "bin" / "prosody-wasm"}\nsource {folder / "compiler-does"}\n')
        self.path.chmod(0o755)
        self.behaviour = folder / "compiler-does"
        self.does(HONEST)

    def does(self, behaviour):
        self.behaviour.write_text(behaviour + "\n")

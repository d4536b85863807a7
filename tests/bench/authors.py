"""The same policy in each language of docs/languages.md: the project that `prosody-wasm new` makes, built and measured."""

import contextlib
import shutil
import subprocess
import sys

from author import Author
from languages import INSTALL
from places import PROJECT

FOLDER = PROJECT / "target/bench/languages"
NAMES = {"rust": "Rust", "c": "C", "js": "JavaScript", "python": "Python"}


def built(language):
    """The path of the component."""
    folder = FOLDER / language
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    author = Author(folder, FOLDER / "cargo")
    with contextlib.redirect_stdout(sys.stderr):  # what it prints is no row
        author.done(f"prosody-wasm new no-shouting --lang {language}")
        author.enter("no-shouting")
        INSTALL[language](author.folder)
        author.done("prosody-wasm build")
    return author.folder / "build/no-shouting.wasm"


def main():
    arguments = [f"{name}={built(language)}" for language, name in NAMES.items()]
    subprocess.run(["lua5.4", "tests/bench/languages.lua", *arguments], cwd=PROJECT, check=True)


if __name__ == "__main__":
    main()

"""The rocks of this checkout on a server of their own, and one of a later revision with another build of the library."""

import hashlib
import re
import shutil
import subprocess
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from network import LOOPBACK
from places import TARGET

ROCKS = TARGET / "dist" / "rocks"
LIBRARY = re.compile(r"prosody_wasm-[\w.-]+\.so")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class RockServer:
    """A copy of the folder that `make rock` made, served by HTTP. Used as a context manager."""

    def __init__(self, folder):
        self.folder = folder
        shutil.copytree(ROCKS, folder, dirs_exist_ok=True)

    def __enter__(self):
        self.http = ThreadingHTTPServer((LOOPBACK, 0), partial(Quiet, directory=self.folder))
        self.thread = threading.Thread(target=self.http.serve_forever)
        self.thread.start()
        self.address = f"http://{LOOPBACK}:{self.http.server_port}/"
        return self

    def __exit__(self, *error):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    def binary_rock(self):
        return next(path for path in sorted(self.folder.glob("*.rock")) if not path.name.endswith(".src.rock"))

    def publish_newer(self):
        """The next revision, with a library that does the same: one byte more is another build."""
        old = self.binary_rock()
        version = re.match(r"mod_wasm-([\d.]+-\d+)\.", old.name)[1]
        with zipfile.ZipFile(old) as archive:
            modes = {entry.filename: entry.external_attr for entry in archive.infolist()}
            files = {name: archive.read(name) for name in modes}
        with zipfile.ZipFile(old.with_name(old.name.replace(version, version + "1")), "w") as archive:
            for name, data in _newer(files, version).items():
                entry = zipfile.ZipInfo(name)
                entry.external_attr = modes.get(name, 0o100644 << 16)
                archive.writestr(entry, data)
        subprocess.run(["luarocks-admin", "--lua-version=5.4", "make-manifest", self.folder], check=True, capture_output=True)


def _md5(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _newer(files, version):
    """The same files under the next version. LuaRocks takes none that is not in the manifest with its hash."""
    files = dict(files)
    manifest = files["rock_manifest"].decode().replace(version, version + "1")
    rockspec = files.pop(f"mod_wasm-{version}.rockspec").replace(version.encode(), version.encode() + b"1")
    place = next(name for name in files if LIBRARY.search(name))
    code, name = files.pop(place) + b"\0", LIBRARY.search(place)[0]
    new_name = f"{name.rsplit('-', 1)[0]}-{hashlib.sha256(code).hexdigest()[:12]}.so"
    manifest = re.sub(rf'\["{re.escape(name)}"\] = "\w+"', f'["{new_name}"] = "{_md5(code)}"', manifest)
    manifest = re.sub(r'(\.rockspec"\] = )"\w+"', rf'\1"{_md5(rockspec)}"', manifest)
    return {**files, f"mod_wasm-{version}1.rockspec": rockspec, place.replace(name, new_name): code,
            "rock_manifest": manifest.encode()}

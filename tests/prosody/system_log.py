"""A syslog of one server's own: the server runs in a mount namespace in which /dev/log leads to a socket of its folder."""

import shutil
import socket
import subprocess
import threading

DEVICES = "null zero full random urandom"
SCRIPT = f"""#!/bin/sh
exec unshare --mount sh -c '
mkdir -p "$0/dev" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs /dev || exit 1
for device in {DEVICES}; do touch /dev/$device && mount --bind "$0/dev/$device" /dev/$device || exit 1; done
ln -s "$0/syslog" /dev/log && exec "$0/prosody.program" -F' "$(dirname "$0")"
"""


def is_possible():
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/dev"], capture_output=True).returncode == 0


class Syslog:
    """Everything that `server` sends to syslog; to be opened before the server starts."""

    def __init__(self, server):
        program = server.folder / "prosody"
        program.rename(server.folder / "prosody.program")
        program.write_text(SCRIPT)
        program.chmod(0o755)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(server.folder / "syslog"))
        self.lines = []
        # The server waits when nobody reads.
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while data := self.socket.recv(65536):
            self.lines.append(data.decode(errors="replace"))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.shutdown(socket.SHUT_RDWR)  # ends the reader
        self.reader.join()
        self.socket.close()

"""A server that runs as somebody else than who runs the tests: root may pass beyond most limits."""

import subprocess

from server import Server


class AsOtherUser(Server):
    """`user` is a number. The folder is given to it before each start; the program that is started becomes it."""

    user = None

    def start(self):
        self.write_configuration()
        subprocess.run(["chown", "-R", f"{self.user}:{self.user}", self.folder], check=True)
        self.folder.chmod(0o755)
        return super().start()

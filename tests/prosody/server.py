"""A throwaway Prosody: own folder under target/, free loopback ports, started and stopped by its process id."""

import ctypes
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from configuration import configuration
from network import LOOPBACK, free_ports
from places import RUNS, STAGE, unpacked_prosody
from storage import encoded, folder

START_SECONDS = 120  # of servers with twenty hosts, on a machine that compiles beside them
STOP_SECONDS = 20
SIGNAL_SECONDS = 5


# A killed test run leaves no server behind: the kernel ends it together with the process that started it.
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def end_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class StartFailed(Exception):
    pass


class Server:
    """Used as a context manager; `hosts` is a list of configuration.Host, `options` are global ones. `under` is a command before
    that of Lua, which watches it; all may take `slowness` times as long then."""

    def __init__(self, version, hosts, options=None, stage=STAGE, neighbours=None, under=(), slowness=1):
        self.version = version
        self.hosts = hosts
        self.options = dict(options or {})
        self.stage = Path(stage)
        self.neighbours = neighbours if neighbours is not None else {}
        self.under = [*under, "lua5.4"] if under else []
        self.slowness = slowness
        RUNS.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"prosody-{version}-", dir=RUNS))
        self.log_path = self.folder / "prosody.log"
        self.ports = dict(zip(("c2s", "s2s", "component", "http"), free_ports(4)))
        self.process = None
        self.is_kept = False
        self._write_programs()
        self._write_accounts()

    # The scripts of the package name their folders in the first lines; nothing in the environment overrides them.
    def _write_programs(self):
        package = unpacked_prosody(self.version)
        folders = {
            "CFG_SOURCEDIR": package / "usr/lib/prosody",
            "CFG_PLUGINDIR": f"{package}/usr/lib/prosody/modules/",
            "CFG_CONFIGDIR": self.folder,
            "CFG_DATADIR": self.folder / "data",
        }
        for name in ("prosody", "prosodyctl"):
            lines = (package / "usr/bin" / name).read_text().splitlines(keepends=True)
            for number, line in enumerate(lines):
                variable = line.split("=")[0]
                if variable in folders:
                    lines[number] = f"{variable}='{folders[variable]}';\n"
            program = self.folder / name
            program.write_text("".join(lines))
            program.chmod(0o755)

    # Account files as mod_auth_internal_plain stores them: writing them saves a prosodyctl start per account.
    def _write_accounts(self):
        for host in self.hosts:
            accounts = folder(self, host.name) / "accounts"
            accounts.mkdir(parents=True, exist_ok=True)
            for user, password in host.users.items():
                (accounts / f"{encoded(user)}.dat").write_text(f'return {{ ["password"] = "{password}" }};\n')

    def write_configuration(self):
        (self.folder / "prosody.cfg.lua").write_text(configuration(self, self.hosts, self.options))

    def _environment(self):
        libraries = sorted((unpacked_prosody(self.version) / "usr/lib").glob("*-linux-*"))
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8",
                **({"LD_LIBRARY_PATH": str(libraries[0])} if libraries else {})}

    def start(self):
        self.write_configuration()
        with open(self.folder / "output.txt", "ab") as output:
            self.process = subprocess.Popen([*self.under, self.folder / "prosody", "-F"], cwd=self.folder, env=self._environment(),
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                            preexec_fn=end_with_parent)
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    # The port listens before every host is loaded, but only a server which has loaded them all answers.
    def _wait_until_ready(self):
        seconds = START_SECONDS * self.slowness
        deadline = time.monotonic() + seconds
        header = f"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='{self.hosts[0].name}' version='1.0'>"
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise StartFailed(f"Prosody ended with status {self.process.returncode}:\n{self.output()}{self.log()[-4000:]}")
            try:
                with socket.create_connection((LOOPBACK, self.ports["c2s"]), timeout=seconds) as probe:
                    probe.sendall(header.encode())
                    if probe.recv(1):
                        return
            except OSError:
                pass
            time.sleep(0.02)
        raise StartFailed(f"Prosody did not answer within {seconds} s:\n{self.log()[-4000:]}")

    def stop(self):
        """Ends the server by SIGTERM and returns its exit status; a negative one is the signal that killed it."""
        if self.process is None:
            return None
        try:
            return self._terminate()
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.process = None

    # Prosody 0.12 sleeps on, with or without mod_wasm, when the signal comes just before it waits for events: about
    # one start in 500 that is stopped at once. The next signal wakes it.
    def _terminate(self):
        for _ in range(STOP_SECONDS // SIGNAL_SECONDS):
            self.process.terminate()
            try:
                return self.process.wait(SIGNAL_SECONDS * self.slowness)
            except subprocess.TimeoutExpired:
                pass
        raise subprocess.TimeoutExpired(self.process.args, STOP_SECONDS)

    def kill(self):
        """Ends the server as a power cut would, in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()
        self.process = None

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        self.stop()
        if error[0] is None and not self.is_kept:
            self.remove()

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def resident_kilobytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def processor_seconds(self):
        """That its main thread has used."""
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9

    def output(self):
        return (self.folder / "output.txt").read_text(errors="replace")

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_lines(self, level):
        """Messages logged at one level, as (source, text)."""
        fields = (line.split("\t", 2) for line in self.log().splitlines())
        return [(entry[0].split()[-1], entry[2]) for entry in fields if len(entry) == 3 and entry[1] == level]

    def prosodyctl(self, *words):
        """Runs `prosodyctl WORDS…`, beside this server or while it is stopped."""
        return subprocess.run([self.folder / "prosodyctl", *words], cwd=self.folder, env=self._environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30 * self.slowness)

    def shell(self, *command):
        """Runs `prosodyctl shell COMMAND…`: words on 13.0, or one Lua expression such as "module:reload('wasm')"."""
        result = self.prosodyctl("shell", *command)
        return result.stdout + result.stderr

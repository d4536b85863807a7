"""A throwaway PostgreSQL: own cluster under target/, a free loopback port, started and stopped by its process id."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from network import LOOPBACK, free_ports
from places import RUNS
from server import LIBC, PR_SET_PDEATHSIG

START_SECONDS = 30
STOP_SECONDS = 20
# Debian keeps the server's programs out of the PATH, a folder for each version.
PROGRAMS = Path("/usr/lib/postgresql")
USER = DATABASE = "prosody"
PASSWORD = "postgres-secret"


def program(name):
    found = sorted(PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise FileNotFoundError(f"{name} is missing: install the Debian package postgresql")
    return found[-1]


# At this signal PostgreSQL ends its clients and stops; at SIGTERM it would wait for them.
def end_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


class Postgres:
    """Used as a context manager. PostgreSQL refuses to run as root, so root lets it run as nobody."""

    def __init__(self):
        RUNS.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=RUNS))
        self.port, = free_ports(1)
        self.process = None
        self._identity = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    @property
    def url(self):
        """The password is not in it: pass `environment`."""
        return f"postgres://{USER}@{LOOPBACK}:{self.port}/{DATABASE}"

    @property
    def environment(self):
        return {"PGPASSWORD": PASSWORD}

    @property
    def prosody_options(self):
        """The option `sql` of Prosody's mod_storage_sql."""
        return {"driver": "PostgreSQL", "database": DATABASE, "username": USER, "password": PASSWORD,
                "host": LOOPBACK, "port": self.port}

    def execute(self, statement, database=DATABASE):
        """Runs a statement; returns the rows as psql prints them, one line each, fields between bars."""
        command = [program("psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--host",
                   LOOPBACK, "--port", str(self.port), "--username", USER, "--dbname", database, "--command", statement]
        result = self._run(command, check=True)
        return result.stdout.splitlines()

    def _run(self, command, **options):
        return subprocess.run(command, cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=START_SECONDS, **options)

    def _environment(self):
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", **self.environment}

    def start(self):
        try:
            self._initialise()
            self._serve()
            self.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0", database="postgres")
        except BaseException:
            self.stop()
            raise
        return self

    def _initialise(self):
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)  # for nobody; the folder is closed to all others
        made = self._run([program("initdb"), "--pgdata", self.folder / "data", "--username", USER, "--no-sync",
                          "--auth", "scram-sha-256", "--pwfile", password, "--encoding", "UTF8"], **self._identity)
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    def _serve(self):
        options = {"listen_addresses": LOOPBACK, "port": self.port, "unix_socket_directories": "", "fsync": "off"}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with open(self.folder / "output.txt", "wb") as output:
            self.process = subprocess.Popen([program("postgres"), "-D", self.folder / "data", *words], cwd=self.folder,
                                            env=self._environment(), stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=subprocess.STDOUT, preexec_fn=end_with_parent, **self._identity)
        deadline = time.monotonic() + START_SECONDS
        ready = [program("pg_isready"), "--quiet", "--host", LOOPBACK, "--port", str(self.port)]
        while self._run(ready).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start:\n{self.output()}")
            time.sleep(0.05)

    def output(self):
        return (self.folder / "output.txt").read_text(errors="replace")

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        self.stop()

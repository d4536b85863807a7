"""Plays a conversation through a real Prosody with mod_wasm and shows what became of every line.

Ends with 0 only if every line came out as expected; with --keep-serving the server then runs until Ctrl-C.
"""

import argparse
import asyncio
import signal
import subprocess
import sys
import time

from component import Component
from configuration import MODULES, Host
from conversation import LINES, ROOM
from decisions import decisions_about, decisive
from places import RUNS
from server import Server
from terminal import coloured, step, table
from world import SECRET, is_compiling, policy_list, with_wasm

VERSION = "13.0"
PASSWORD = "secret"
POLICIES = {"e2ee": {"settings": {"mode": "mixed"}}}
COMPILE_SECONDS = 120
VERDICT_COLOURS = {"pass": "green", "edit": "yellow", "bounce": "red", "drop": "red"}
COLUMNS = [("#", 0, "right"), ("who", 0, "left"), ("what was sent", 3, "left"), ("what arrived", 4, "left"),
           ("policy", 0, "left"), ("verdict", 0, "left"), ("reason", 0, "left"), ("µs", 0, "right"), ("", 0, "left")]


def demo_server():
    wasm = with_wasm(POLICIES)
    hosts = [
        Host("localhost", wasm, users={"alice": PASSWORD, "bob": PASSWORD}),
        Host("rooms.localhost", {"muc_room_locking": False, **wasm}, component="muc"),
        Host("bridge.localhost", {"component_secret": SECRET}, component=None),
    ]
    return Server(VERSION, hosts, {"modules_enabled": [*MODULES, "tls"], "wasm_cache_path": str(RUNS / "wasm-cache")})


def make_certificate(server):
    """Most clients insist on TLS; they will ask whether to trust this certificate."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-keyout", server.folder / "localhost.key", "-out", server.folder / "localhost.crt"],
                   check=True, capture_output=True)


def wait_for_policies(server):
    with step("compiling the policies, in a child process of the server") as progress:
        deadline = time.monotonic() + COMPILE_SECONDS
        while is_compiling(listing := policy_list(server)):
            if time.monotonic() > deadline:
                raise SystemExit(f"The policies are still not compiled:\n{listing}")
            progress()
            time.sleep(0.2)
    if "running" not in listing or "failed" in listing:
        raise SystemExit(f"The policies are not in force:\n{listing}")


async def log_in(server):
    from omemo_client import OmemoClient

    people = {name: OmemoClient(server, f"{name}@localhost", PASSWORD) for name in ("alice", "bob")}
    people["bridge"] = Component(server, "bridge.localhost", SECRET)
    with step("alice and bob log in and publish their OMEMO keys"):
        for name in ("alice", "bob"):
            await people[name].log_in()
            await people[name].plugin["xep_0045"].join_muc_wait(ROOM, name, maxstanzas=0, timeout=20)
    return people


async def play(server):
    """The conversation, one line after the other; returns (line, fate, decision, whether it came out as expected)."""
    people = await log_in(server)
    results = []
    with step("they talk") as progress:
        for line in LINES:
            progress()
            fate = await line.play(people)
            decision = decisive(decisions_about(server, fate.stanza_id))
            is_expected = line.expected(fate) and decision is not None and decision.verdict == line.verdict
            results.append((line, fate, decision, is_expected))
    for name in ("alice", "bob"):
        await people[name].log_out()
    people["bridge"].close()
    return results


def arrived(line, fate):
    if fate.arrived is None:
        return f"nothing\n{line.way.split()[0]} is told: {fate.told}" if fate.told else "nothing"
    text = fate.arrived if fate.arrived.startswith("<") else f"“{fate.arrived}”"
    if fate.body not in (None, "", fate.arrived):
        text += f" (decrypted)\nbeside it: “{fate.body}”"
    return text + (f"\n{line.way.split()[0]} is told: {fate.told}" if fate.told else "")


def show(results):
    rows = []
    for number, (line, fate, decision, is_expected) in enumerate(results, 1):
        verdict = decision.verdict if decision else "-"
        rows.append([(str(number), "dim"), (line.way, None), (line.sent, None), (arrived(line, fate), None),
                     (decision.policy if decision else "-", None), (verdict, VERDICT_COLOURS.get(verdict)),
                     (decision.reason if decision else "-", None),
                     (f"{decision.microseconds:.1f}" if decision else "-", "dim"),
                     ("✓", "green") if is_expected else ("✗", "red")])
    print("\n" + table(COLUMNS, rows) + "\n")
    wrong = sum(not is_expected for *_, is_expected in results)
    if wrong:
        print(coloured(f"{wrong} of {len(results)} lines did not come out as expected.", "red"))
    else:
        print(f"All {len(results)} lines came out as expected.")
    return wrong == 0


def serve(server):
    print(f"""
{coloured("Prosody keeps running. Log in with any XMPP client:", "bold")}

    account   alice@localhost   password {PASSWORD}
    account   bob@localhost     password {PASSWORD}
    server    127.0.0.1, port {server.ports["c2s"]} (STARTTLS with a self-signed certificate, or no TLS)
    room      {ROOM}

    policies  {server.folder}/prosodyctl shell wasm list
              (that lua-unbound is missing is Prosody's hint for real servers; nothing here needs it)
    log       {server.log_path}

Ctrl-C stops it.""", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.process.wait()
        print(coloured(f"Prosody ended by itself with status {server.process.returncode}.", "red"))
    except KeyboardInterrupt:
        print("\nStopping.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep-serving", action="store_true")
    arguments = parser.parse_args()
    server = demo_server()
    make_certificate(server)
    try:
        with step(f"Prosody {VERSION} starts on free ports of 127.0.0.1"):
            server.start()
        wait_for_policies(server)
        all_expected = show(asyncio.run(play(server)))
        if arguments.keep_serving:
            serve(server)
    finally:
        server.stop()
    if all_expected or arguments.keep_serving:
        server.remove()
    else:
        print(f"The server's files are kept in {server.folder}.")
    return 0 if all_expected else 1


if __name__ == "__main__":
    sys.exit(main())

"""However often the module is reloaded, the server holds no more than after the first few times."""

import re
import time

from marking import HOST, POLICY, Running, entry
from soak_resources import Resources
from waiting import wait_until

RELOADS = 20
# Until then memory of the allocator and of Prosody finds its place.
SETTLED = 5
# What may come and go: an arena of the allocator, a connection or a file open at the moment. A library that stayed, an engine
# or a thread of each reload would be fifteen of them, and what Lua holds of a module is 400 KiB and more.
ALLOWED = {"resident": 8192, "mappings": 12, "descriptors": 2, "threads": 0, "heap": 1024}
SECONDS = 60
# `archive` looks every quarter of an hour for what is too old: a timer that Prosody would keep for that long.
POLICIES = {POLICY: entry(), "archive": {"settings": {"retention": "2d"}}}


def reload(it):
    assert it.shell.run(f'module:reload("wasm", "{HOST}")').ok
    wait_until(lambda: it.shell.info(HOST, POLICY)["State"].startswith("running"))
    assert it.mark()["version"] == "one"


def look(it, number):
    """What is there when the collector has run and what was left has been given back, in a thread. In KiB, and by number."""
    for _ in range(2):
        assert it.shell.run("> collectgarbage()").ok
    heap = re.search(r"[\d.]+", str(it.shell.run("> (collectgarbage('count'))")))
    resources = Resources(it.server.process.pid)
    resources.look(number)
    return {**vars(resources.moments[0]), "heap": float(heap[0])}


def grown(before, after):
    return {name: after[name] - before[name] for name in ALLOWED}


def excess(before, after):
    return {name: by for name, by in grown(before, after).items() if by > ALLOWED[name]}


def test_nothing_stays(version):
    with Running(version, POLICIES) as it:
        for number in range(1, RELOADS + 1):
            reload(it)
            if number == SETTLED:
                time.sleep(1)
                before = look(it, number)
        deadline = time.monotonic() + SECONDS
        after = look(it, RELOADS)
        while excess(before, after) and time.monotonic() < deadline:
            time.sleep(0.5)
            after = look(it, RELOADS)
        print(before, after, sep="\n")
        assert excess(before, after) == {}, (before, after)

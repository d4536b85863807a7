"""Waiting for something to come about: on a busy machine it takes as long as it takes."""

import time

SECONDS = 60


def wait_until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)

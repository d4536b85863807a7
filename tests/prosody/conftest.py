"""What pytest is told for all live tests: both versions of Prosody, one pair of servers for many cases."""

import pytest

from canaries import CANARY
from world import World, bundled

VERSIONS = ["13.0", "0.12"]


@pytest.fixture(params=VERSIONS)
def version(request):
    return request.param


@pytest.fixture(scope="session", params=VERSIONS)
def world(request):
    with World(request.param, bundled()) as servers:
        yield servers
        # Everything of the run is in this log, at debug level.
        log = servers.local.log()
        assert [canary for canary in ("SECRET", CANARY) if canary in log] == [], "the log contains bodies"
        servers.keep_if(request.session.testsfailed)


def pytest_unconfigure(config):
    """The plain closing line; an error while a test is set up is a failure."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or config.option.collectonly:
        return
    count = {outcome: len(reporter.stats.get(outcome, [])) for outcome in ("passed", "failed", "error", "skipped")}
    skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
    print(f"\n{count['passed']} passed, {count['failed'] + count['error']} failed{skipped}")

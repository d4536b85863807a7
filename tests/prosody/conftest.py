"""What pytest is told for all live tests: the versions of Prosody, one pair of servers for many cases."""

import pytest

from canaries import CANARY
from places import RUNS, is_unpacked
from world import World, bundled

VERSIONS = ["13.0", "0.12"]
NEWEST = "13.0.7"
# For what differs within 13.0, which is 13.0.1. Debian may have moved on from the newest one.
THREE_VERSIONS = ["13.0", "0.12", pytest.param(NEWEST, marks=pytest.mark.skipif(
    not is_unpacked(NEWEST), reason=f"Prosody {NEWEST} is not unpacked; `make prosody-{NEWEST}` says why"))]


# With few tests that take long: begun first, they do not end last, when the other processes have nothing left to do.
LONG = ["test_author_languages.py", "test_package.py", "test_author_rust.py", "test_documentation.py"]


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: measures how long something takes, so nothing else may run beside it")
    RUNS.mkdir(parents=True, exist_ok=True)


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="write the golden files anew from what is said now")


@pytest.fixture(scope="session")
def bless(request):
    return request.config.getoption("--bless")


def scene_fixture(scene, versions=VERSIONS):
    """A fixture for all tests of a file: what `scene` makes of a version, for each of them."""

    @pytest.fixture(scope="module", params=versions)
    def entered(request):
        with scene(request.param) as made:
            yield made

    return entered


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

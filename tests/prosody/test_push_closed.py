"""Whatever is broken: no app server hears anything, and nobody registers with one."""

import broken_setups
import pytest
from broken_setups import Setup
from client import Client
from phone import Phone, error_text, registered_before
from push_server import POLICY, SERVICE, UNLISTED, PushServer, policies
from storage import kept
from world import PASSWORD, wait_until_settled

BROKEN = [broken_setups.library_deleted, broken_setups.policy_deleted, broken_setups.policy_garbage, broken_setups.compiler_killed,
          broken_setups.compiler_hangs, broken_setups.option_misspelt, broken_setups.table_misspelt, broken_setups.policy_unknown,
          broken_setups.settings_unknown, broken_setups.grants_unknown]
OPTIONS = [broken_setups.option_misspelt, broken_setups.policy_unknown, broken_setups.settings_unknown, broken_setups.table_is_text]


@pytest.fixture
def setup():
    made = Setup(policies(), POLICY)
    yield made
    made.remove()


def configure(server, setup):
    server.hosts[0].options["wasm_policies"] = setup.policies
    server.options.update(setup.options)


def server_of(version, setup):
    server = PushServer(version, ["alice", "bob", "carol"], setup.policies or {}, stage=setup.stage)
    configure(server, setup)
    for user in ("bob", "carol"):
        registered_before(server, user, SERVICE, "node")
    return server


# What is broken may refuse messages too, so there is something else to be woken for.
def push_to_bob(server, app_server):
    with Client(server, "alice@local.test", PASSWORD) as alice:
        alice.send("<message to='bob@local.test' type='chat'><body>hello</body></message>")
        alice.synchronise()
    server.wake("bob")
    return app_server.collect()


def check_closed(server, app_server):
    assert push_to_bob(server, app_server) == []
    with Phone(server, "carol") as carol:
        answer = carol.enable(SERVICE, "another-node")
    assert answer.get("type") == "error" and error_text(answer)
    assert answer.find("{*}error").get("type") == "wait"
    assert "another-node" not in kept(server, "local.test", "cloud_notify", "carol")
    assert server.alive
    assert not [line for line in server.log().splitlines() if "Traceback" in line]


@pytest.mark.parametrize("spoil", BROKEN, ids=lambda spoil: spoil.__name__)
def test_broken_at_start(version, setup, spoil):
    spoil(setup)
    server = server_of(version, setup)
    server.is_broken = True
    with server, server.app_server() as app_server:
        check_closed(server, app_server)


@pytest.mark.parametrize("spoil", OPTIONS, ids=lambda spoil: spoil.__name__)
def test_broken_while_it_runs(version, setup, spoil):
    with server_of(version, setup) as server, server.app_server() as app_server:
        assert len(push_to_bob(server, app_server)) == 2
        spoil(setup)
        configure(server, setup)
        server.write_configuration()
        server.shell("config:reload()")
        server.shell("module:reload('wasm', 'local.test')")
        wait_until_settled(server)
        check_closed(server, app_server)


def test_one_of_before_that_is_not_listed_hears_nothing(version):
    server = PushServer(version, ["alice", "bob"], policies())
    registered_before(server, "bob", UNLISTED, "node")
    with server, server.app_server(UNLISTED) as app_server:
        assert push_to_bob(server, app_server) == []


def test_prosody_alone_pushes():
    server = PushServer("13.0", ["alice", "bob"], None)
    registered_before(server, "bob", SERVICE, "node")
    with server, server.app_server() as app_server:
        assert len(push_to_bob(server, app_server)) == 2

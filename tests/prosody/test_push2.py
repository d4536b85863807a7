"""Push 2.0 as mod_push2 sends it: a message from the host to the service. What only the phone can read passes."""

import broken_setups
import pytest
from client import Client
from expected_push import is_exactly
from phone import Phone, error_text
from push_server import POLICY, SERVICE, UNLISTED, PushServer, policies
from storage import kept, put
from world import PASSWORD

ENABLE = ("<enable xmlns='urn:xmpp:push2:0'><service>{}</service><client>{}</client>"
          "<match profile='urn:xmpp:push2:match:all'><send xmlns='urn:xmpp:push2:send:notify-only:0'/></match></enable>")
EXPECTED = ("<message from='local.test' to='{}' id='{}'><notification xmlns='urn:xmpp:push2:0'><client>device</client><priority>normal</priority>"
            "<encrypted xmlns='urn:xmpp:sce:rfc8291:0'><payload>Q0lQSEVSVEVYVA==</payload></encrypted><jwt>a.signed.token</jwt></notification></message>")
WRITTEN = "CANARY-OF-A-BODY"


class Pushed:
    """Somebody wrote to somebody whose phone, registered by Push 2.0, is gone."""

    def __init__(self, version, rules, service, user="bob", is_broken=False, is_woken=False, **how):
        server = PushServer(version, ["alice", user], rules, modules=["push2"], **how)
        server.is_broken = is_broken
        put(server, "local.test", "push2_registrations", user, {"tablet": {"service": service, "client": "tablet"}} if is_broken else {})
        with server:
            app_server = server.app_server(service)
            with Phone(server, user) as phone:
                self.answer = phone.ask(ENABLE.format(service, "device"))
                self.kept = kept(server, "local.test", "push2_registrations", user)
            with Client(server, "alice@local.test", PASSWORD) as alice:
                alice.send(f"<message to='{user}@local.test' type='chat'><body>{WRITTEN}</body></message>")
                alice.synchronise()
            if is_woken:
                server.wake(user)
            self.pushes = app_server.collect()
            app_server.close()


def test_a_notification_says_nothing_in_the_clear(version):
    pushed = Pushed(version, policies(), SERVICE)
    assert pushed.answer.get("type") == "result"
    assert len(pushed.pushes) == 1
    push = pushed.pushes[0]
    assert is_exactly(push, EXPECTED.format(SERVICE, push.id)), push.text


def test_a_service_that_is_not_listed(version):
    pushed = Pushed(version, policies(), UNLISTED)
    assert pushed.answer.get("type") == "error" and error_text(pushed.answer).endswith(".")
    assert "device" not in pushed.kept and pushed.pushes == []


@pytest.mark.parametrize("spoil", [broken_setups.policy_deleted, broken_setups.library_deleted], ids=lambda spoil: spoil.__name__)
def test_closed_when_broken(version, spoil):
    setup = broken_setups.Setup(policies(), POLICY)
    spoil(setup)
    pushed = Pushed(version, setup.policies, SERVICE, is_broken=True, is_woken=True, stage=setup.stage)
    setup.remove()
    assert pushed.answer.get("type") == "error" and error_text(pushed.answer)
    assert "device" not in pushed.kept and pushed.pushes == []


def test_prosody_alone_tells_everything():
    pushed = Pushed("13.0", None, UNLISTED, is_woken=True)
    assert len(pushed.pushes) == 2
    assert WRITTEN in pushed.pushes[0].text and "alice@local.test" in pushed.pushes[0].text

"""A phone that came back on a new stream, while the server still keeps the old one for it."""

from phone import OPTIONS, Phone, hibernate
from push_server import APP_SECRET, SERVICE, PushServer, policies
from push_story import Story

TIMES = 4


def come_back(server, number):
    """Registered as before, which mod_cloud_notify notes on both streams."""
    options = OPTIONS.format(APP_SECRET)
    old = Phone(server, "carol", f"old-{number}")
    old.enable(SERVICE, "carols", options)
    hibernate(old)
    new = Phone(server, "carol", f"new-{number}")
    new.enable(SERVICE, "carols", options)
    return new


# Prosody keeps streams in an order of its own, so that one try proves nothing.
def test_is_awake(version):
    with Story(version, policies(), server=PushServer) as it:
        for number in range(TIMES):
            with come_back(it.server, number):
                it.alice.send(f"<message to='carol@local.test' type='chat' id='m{number}'><body>CANARY</body></message>")
                it.alice.synchronise()
                it.server.census()
                assert it.app_server.collect() == []

"""Somebody writes to somebody whose phone is gone; an app server is to wake it, and does its part or not."""


from app_server import RESULT
from client import Client, new_marker
from phone import OPTIONS, Phone
from push_server import APP_SECRET, SERVICE, PushServer
from storage import kept
from world import PASSWORD

CALL = "<propose xmlns='urn:xmpp:jingle-message:0' id='{0}'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>"
BODY = "<body>CANARY-{0}</body>"


class Story:
    """`server` is a class of push_server; the phone of bob is registered, and then gone."""

    def __init__(self, version, policies, answer=RESULT, server=PushServer, service=SERVICE, inside="", **options):
        self.server = server(version, ["alice", "bob", "carol"], policies, **options)
        self.service = service
        self.inside = OPTIONS.format(APP_SECRET) + inside
        self.answer = answer

    def __enter__(self):
        self.server.__enter__()
        self.app_server = self.server.app_server(answer=self.answer)
        self.alice = Client(self.server, "alice@local.test", PASSWORD, "desk")
        self.register()
        return self

    def __exit__(self, *error):
        self.alice.close()
        self.app_server.close()
        self.server.__exit__(*error)

    def register(self, device="node"):
        with Phone(self.server, "bob") as phone:
            answer = phone.enable(self.service, device, self.inside)
            assert answer.get("type") == "result", answer.findtext(".//{*}text")

    def write(self, number=1, inside=BODY):
        """Sends messages and returns what was pushed by then."""
        for _ in range(number):
            marker = new_marker()
            self.alice.send(f"<message to='bob@local.test' type='chat' id='{marker}'>{inside.format(marker)}</message>")
        self.alice.synchronise()
        return self.app_server.collect()

    def call(self):
        return self.write(inside=CALL)

    @property
    def is_registered(self):
        return self.service in kept(self.server, "local.test", "cloud_notify", "bob")

    def remembered(self):
        """What grows in mod_cloud_notify with every push for which nobody cleans up."""
        census = self.server.census()
        return max(census["answers"], census["hooks"], census["ids"])

"""What only the phone can read passes whole: mod_cloud_notify_encrypted and mod_cloud_notify_priority_tag of Debian."""

import base64
import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from push_server import PRESENT, ClockedPushServer, policies
from push_story import Story
from waiting import wait_until

KEY = b"sixteen bytes it"
ENCRYPT = f"<encrypt xmlns='tigase:push:encrypt:0' alg='aes-128-gcm'>{base64.b64encode(KEY).decode()}</encrypt>"
ENCRYPTED = "{tigase:push:encrypt:0}encrypted"
PRIORITY = "{tigase:push:priority:0}priority"
# They want the util.crypto of 13.0.
VERSION = "13.0"
MODULES = ["cloud_notify_encrypted", "cloud_notify_priority_tag"]
PAUSE = 60
AFTER_THE_PAUSE = 61 / 3600


def story(**settings):
    return Story(VERSION, policies(**settings), server=ClockedPushServer, inside=ENCRYPT, modules=MODULES, **PRESENT)


def payload(push):
    """What the phone reads."""
    element = push.stanza.find(f".//{ENCRYPTED}")
    text = AESGCM(KEY).decrypt(base64.b64decode(element.get("iv")), base64.b64decode(element.text), None)
    return json.loads(text)


def test_the_phone_reads_who_wrote_what_and_nobody_else():
    with story() as it:
        push, = it.write()
    assert payload(push)["sender"] == "alice@local.test" and payload(push)["message"].startswith("CANARY-")
    assert "alice" not in push.text and "CANARY" not in push.text


def test_a_call_is_urgent():
    with story() as it:
        push, = it.call()
    assert payload(push)["type"] == "call"
    assert push.stanza.find(f".//{ENCRYPTED}").get("type") == "voip"
    assert push.stanza.findtext(f".//{PRIORITY}") == "high"


def test_a_merged_one_reaches_the_phone_too():
    with story(pause=PAUSE) as it:
        assert len(it.write(5)) == 1
        it.server.go_to(AFTER_THE_PAUSE)
        wait_until(lambda: it.app_server.collect() or len(it.app_server.pushes) > 1)
        assert "Traceback" not in it.server.log()
        merged = it.app_server.pushes[1]
        assert payload(merged)["sender"] == "alice@local.test" and "alice" not in merged.text

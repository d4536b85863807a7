"""Who gets a slot for what: as the client is told, and as it is kept."""

import re

import pytest

from storage import places
from uploading import MIB, UPLOADS, XMLNS, answer_text, ask, files, get, log_in, put, records, slot, upload_server
from world import wait_until_settled

ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"
CANARY = "CanaryOfAName"
NAME = f"{CANARY} at the beach.JPG"
CIPHERTEXT = bytes((place * place * 31 + place // 7) % 251 ^ (place * 17 % 256) for place in range(48))


def error(answer):
    """The type and the condition of an error, and what XEP-0363 adds."""
    found = answer.find("{*}error")
    assert found is not None, answer.get("type")
    conditions = [child.tag.removeprefix(f"{{{ERRORS}}}") for child in found if child.tag.startswith(f"{{{ERRORS}}}")]
    own = next((child for child in found if child.tag.startswith(f"{{{XMLNS}}}")), None)
    return found.get("type"), next(word for word in conditions if word != "text"), own


def says_when_to_retry(answer):
    own = error(answer)[2]
    return own.tag == f"{{{XMLNS}}}retry" and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", own.get("stamp"))


def test_errors_are_those_of_the_protocol(version):
    settings = {"size": 1000, "types": ["image/*"], "hourly": 2, "who": ["alice@local.test"]}
    with upload_server(version, settings) as server:
        wait_until_settled(server)
        with log_in(server) as alice, log_in(server, "bob") as bob:
            assert error(ask(bob, 100, content_type="image/png"))[:2] == ("auth", "forbidden")
            assert error(ask(alice, 100, content_type="text/plain"))[:2] == ("modify", "not-acceptable")
            assert error(ask(alice, 15, content_type="image/png"))[:2] == ("modify", "not-acceptable")
            kind, condition, own = error(ask(alice, 1001, content_type="image/png"))
            assert (kind, condition, own.tag) == ("modify", "not-acceptable", f"{{{XMLNS}}}file-too-large")
            assert own.findtext("{*}max-file-size") == "1000"
            for size in ("-1", "1.5", "much", "1e400", "99999999999999999999999"):
                assert error(ask(alice, size, content_type="image/png"))[:2] == ("modify", "bad-request"), size
            assert error(ask(alice, 100, name="a/b", content_type="image/png"))[:2] == ("modify", "bad-request")
            for _ in range(2):
                slot(alice, 100, content_type="IMAGE/png; charset=x")
            answer = ask(alice, 100, content_type="image/png")
            assert error(answer)[:2] == ("wait", "resource-constraint")
            assert says_when_to_retry(answer)
            assert "within an hour" in answer_text(answer)


@pytest.mark.parametrize("on_host", [False, True], ids=["component", "host"])
def test_quotas_hold_over_a_restart(version, on_host):
    service = "local.test" if on_host else UPLOADS
    server = upload_server(version, {"daily_bytes": 3000, "total_bytes": 5000}, on_host=on_host)
    with server:
        wait_until_settled(server)
        with log_in(server) as alice:
            slot(alice, 2000, service=service)
        server.stop()
        server.start()
        wait_until_settled(server)
        with log_in(server) as alice, log_in(server, "bob") as bob:
            assert error(ask(alice, 1001, service=service))[:2] == ("wait", "resource-constraint")
            slot(alice, 1000, service=service)
            assert error(ask(bob, 2001, service=service))[:2] == ("wait", "resource-constraint")
            slot(bob, 2000, service=service)
            kind, _, own = error(ask(bob, 3001, service=service))
            assert (kind, own.findtext("{*}max-file-size")) == ("modify", "3000")


@pytest.mark.parametrize("names, ending", [("random", ".JPG"), ("bare", "")])
def test_names_are_not_kept(version, names, ending):
    with upload_server(version, {"names": names}) as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            given = slot(alice, len(CIPHERTEXT), name=NAME, content_type="image/jpeg")
            assert re.fullmatch(r"[0-9a-f-]{36}" + re.escape(ending), given.name), given.name
            assert put(server, given, CIPHERTEXT).status == 201
            assert get(server, given) == (200, CIPHERTEXT)
            long = slot(alice, len(CIPHERTEXT), name="x.nineteenletters")
            assert "." not in long.name
        assert records(server)[0] == given.name
        assert places(server, CANARY) == []
        # Prosody logs what a client sends at debug level: only the outermost element.
        assert CANARY not in server.log()


def test_names_can_be_kept(version):
    with upload_server(version, {"names": "keep", "content": "any"}) as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            given = slot(alice, 5, name=NAME)
            assert given.name == NAME
            assert put(server, given, b"hello").status == 201
            assert get(server, given) == (200, b"hello")


def test_nothing_else_of_a_request_is_kept(version):
    with upload_server(version) as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            alice.send(f"<iq to='{UPLOADS}' type='get' id='more'><request xmlns='{XMLNS}' filename='a.png' size='16' "
                       f"more='{CANARY}'>{CANARY}<x xmlns='urn:x'>{CANARY}</x></request></iq>")
            while (answer := alice.receive()).get("id") != "more":
                pass
            assert answer.get("type") == "result"
        assert places(server, CANARY) == []


def test_prosody_has_the_last_word(version):
    with upload_server(version, upload={"http_file_share_size_limit": MIB}) as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            assert error(ask(alice, MIB + 1))[:2] == ("modify", "not-acceptable")
            slot(alice, MIB)
        assert files(server) == []

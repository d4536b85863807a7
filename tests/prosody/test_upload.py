"""What is uploaded: ciphertext of real clients, and what is none."""

import base64
import gzip
import io
import os
import sqlite3
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from conftest import THREE_VERSIONS
from uploading import DEFAULT, MIB, files, get, log_in, put, slot, upload_server
from world import wait_until_settled

CHUNKED = "13.0.7"
LARGE = 3 * MIB  # more than http_max_content_size: Prosody shows it as it comes
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de") + os.urandom(4096)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043000302020302020303030304030304050805") + os.urandom(4096)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + os.urandom(4096)
TEXT = b"We meet at noon, under the clock.\n"


def zipped():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("note.bin", os.urandom(4096))
    return archive.getvalue()


def database(tmp_path):
    path = tmp_path / "notes.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    return path.read_bytes()


def encrypted(content):
    """As XEP-0454: AES-256-GCM, the tag behind it."""
    return AESGCM(os.urandom(32)).encrypt(os.urandom(12), content, None)


def contents(tmp_path):
    """A name, the file, and whether it is accepted."""
    return [
        ("PNG", PNG, False),
        ("JPEG", JPEG, False),
        ("PDF", PDF, False),
        ("ZIP", zipped(), False),
        ("gzip", gzip.compress(os.urandom(4096)), False),
        ("text", TEXT, False),
        ("text in UTF-16", TEXT.decode().encode("utf-16"), False),
        ("base64", base64.b64encode(os.urandom(4096)), False),
        ("SQLite", database(tmp_path), False),
        ("executable", Path(sys.executable).resolve().read_bytes()[:100_000], False),
        ("encrypted PNG", encrypted(PNG), True),
        ("encrypted nothing", encrypted(b""), True),
        ("random bytes", os.urandom(100_000), True),
    ]


def prosody_takes_no_chunks(server, client):
    """Neither 13.0.1 nor 0.12 does, with or without a policy: see test_chunked_without_policies."""
    for content in (PNG, encrypted(PNG)):
        given = slot(client, len(content))
        answer = put(server, given, content, chunked=True)
        assert answer is None or answer.status >= 400, answer
        assert get(server, given)[0] == 410


def test_chunked_without_policies(version):
    """The gap is Prosody's: it does not see that a body follows."""
    with upload_server(version, mode="off") as server:
        wait_until_settled(server)
        with log_in(server) as client:
            prosody_takes_no_chunks(server, client)


def enlarged(content):
    """More of what it is: noise behind a format, a text again and again."""
    return (content * (LARGE // len(content) + 1))[:LARGE]


@pytest.fixture(params=THREE_VERSIONS, scope="module")
def uploads(request):
    with upload_server(request.param) as server:
        assert "running" in wait_until_settled(server)
        yield server
        assert "Traceback" not in server.log()
        assert files(server) == sorted(set(files(server))) and not [name for name in files(server) if name.endswith("~")]
        server.is_kept = bool(request.session.testsfailed)


def check(server, client, name, content, accepted, chunked=False):
    given = slot(client, len(content))
    answer = put(server, given, content, chunked)
    assert answer is not None, name
    assert answer.status == (201 if accepted else 415), (name, answer)
    if accepted:
        assert get(server, given) == (200, content), name
    else:
        assert "not encrypted" in answer.text and answer.headers["Content-Type"].startswith("text/plain"), name
        assert get(server, given)[0] == 410, name
    assert (f"{given.id}.bin" in files(server)) == accepted, name


def test_whole(uploads, tmp_path):
    with log_in(uploads) as client:
        for name, content, accepted in contents(tmp_path):
            check(uploads, client, name, content, accepted)


def test_much_that_comes_at_once(version):
    with upload_server(version, options=DEFAULT) as server:
        wait_until_settled(server)
        with log_in(server) as client:
            content = os.urandom(9 * MIB)
            check(server, client, "random bytes", content, True)
            check(server, client, "random bytes with a text behind them", content + TEXT * 200, False)


def test_larger_than_prosody_takes_at_once(uploads, tmp_path):
    with log_in(uploads) as client:
        for name, content, accepted in contents(tmp_path):
            large = os.urandom(LARGE) if accepted else enlarged(content)
            check(uploads, client, name, large, accepted)


def test_chunked(uploads, tmp_path):
    with log_in(uploads) as client:
        if uploads.version != CHUNKED:
            return prosody_takes_no_chunks(uploads, client)
        for name, content, accepted in contents(tmp_path):
            check(uploads, client, name, content, accepted, chunked=True)
        check(uploads, client, "much", os.urandom(LARGE), True, chunked=True)

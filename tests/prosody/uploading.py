"""Uploading (XEP-0363) as clients do it: a slot by XMPP, then the file by HTTP."""

import http.client
import itertools
import re
import socket
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from client import Client
from configuration import MODULES, Host
from network import LOOPBACK
from server import Server
from storage import content_of, folder
from world import PASSWORD, shared_cache

UPLOADS = "upload.local.test"
DEFAULT = {"http_max_content_size": 10 * 1024 * 1024}  # as Prosody has it
XMLNS = "urn:xmpp:http:upload:0"
SECONDS = 60
MIB = 1024 * 1024
_numbers = itertools.count(1)


def policy(settings=None, **options):
    return {"upload": {"settings": settings or {}, **options}}


def upload_server(version, settings=None, options=None, kind=Server, on_host=False, upload=None, **policy_options):
    """local.test with alice and bob, and what they upload to: a component, or with `on_host` local.test itself. Prosody shows
    files of more than 1 MiB as they come."""
    wasm = {"modules_enabled": ["wasm"], "wasm_policies": policy(settings, **policy_options)}
    served = {"http_file_share_size_limit": 200 * MIB, "http_file_share_daily_quota": 2000 * MIB, **(upload or {}), **wasm}
    users = dict.fromkeys(("alice", "bob"), PASSWORD)
    if on_host:
        served["modules_enabled"] = ["wasm", "http_file_share"]
        hosts = [Host("local.test", served, users=users)]
    else:
        hosts = [Host("local.test", users=users), Host(UPLOADS, served, component="http_file_share")]
    # Prosody rests between two reads of 8 KiB, which makes seconds of 10 MiB.
    quick = {"network_settings": {"nagle": False, "min_wait": 0.00001}, "http_max_content_size": MIB}
    return kind(version, hosts, {**shared_cache(), "modules_enabled": [*MODULES, "cron"], **quick, **(options or {})})


def log_in(server, user="alice"):
    return Client(server, f"{user}@local.test", PASSWORD)


@dataclass
class Slot:
    get: str
    put: str
    headers: dict = field(default_factory=dict)

    @property
    def id(self):
        return urlsplit(self.put).path.split("/")[-2]

    @property
    def name(self):
        return unquote(urlsplit(self.get).path.split("/")[-1])


def ask(client, size, name="holiday.jpg", content_type=None, service=UPLOADS):
    """The answer to a request for a slot, as it is."""
    number = f"slot-{next(_numbers)}"
    kind = f" content-type='{content_type}'" if content_type else ""
    client.send(f"<iq to='{service}' type='get' id='{number}'><request xmlns='{XMLNS}' filename='{name}' size='{size}'{kind}/></iq>")
    while (answer := client.receive()).get("id") != number:
        pass
    return answer


def slot(client, size, **request):
    answer = ask(client, size, **request)
    found = answer.find(f"{{{XMLNS}}}slot")
    assert found is not None, answer_text(answer)
    put = found.find("{*}put")
    headers = {header.get("name"): header.text for header in put.findall("{*}header")}
    return Slot(found.find("{*}get").get("url"), put.get("url"), headers)


def answer_text(answer):
    return "".join(answer.itertext())


@dataclass
class Response:
    status: int
    text: str
    headers: dict


def connect(server):
    return http.client.HTTPConnection(LOOPBACK, server.ports["http"], timeout=SECONDS)


def put(server, to, content, chunked=False, **headers):
    """Uploads bytes, or whatever yields them; None when the server ended the connection without an answer."""
    url = urlsplit(to.put)
    sent = {"Host": url.hostname, **to.headers, **headers}
    if chunked:
        sent["Transfer-Encoding"] = "chunked"
        content = content if not isinstance(content, bytes) else pieces(content)
    connection = connect(server)
    try:
        connection.request("PUT", url.path, body=content, headers=sent, encode_chunked=chunked)
        response = connection.getresponse()
        return Response(response.status, response.read().decode(), dict(response.headers))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def pieces(content, size=50_000):
    for start in range(0, len(content), size):
        yield content[start:start + size]


def get(server, from_):
    url = urlsplit(from_.get)
    connection = connect(server)
    try:
        connection.request("GET", url.path, headers={"Host": url.hostname})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def half(server, to, content, size):
    """A connection on which an upload has begun; the rest is never sent."""
    url = urlsplit(to.put)
    connection = socket.create_connection((LOOPBACK, server.ports["http"]), timeout=SECONDS)
    headers = {"Host": url.hostname, "Content-Length": size, **to.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(f"PUT {url.path} HTTP/1.1\r\n{lines}\r\n".encode() + content)
    return connection


def files(server, host=UPLOADS):
    """The names of all files that were uploaded or are being so."""
    kept = folder(server, host) / "http_file_share"
    return sorted(unquote(path.name) for path in kept.glob("*")) if kept.exists() else []


def path_of(server, to, host=UPLOADS):
    """Where a file is; Prosody encodes some of the letters of a slot."""
    kept = folder(server, host) / "http_file_share"
    return next(path for path in kept.iterdir() if unquote(path.name) == f"{to.id}.bin")


def records(server, host=UPLOADS):
    """The names of the files of which Prosody has a record (internal storage)."""
    kept = content_of(folder(server, host) / "uploads.list").decode()
    return re.findall(r'\["filename"\] = "([^"]*)"', kept)

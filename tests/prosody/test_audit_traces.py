"""What users leave on a server besides messages is named, too: profiles, published items, uploaded files."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

from auditing import findings, report
from client import Client, new_marker
from configuration import Host
from network import LOOPBACK
from server import Server
from world import PASSWORD

# What is in the data folder besides messages, as (host, store, kind, count).
TRACES = [
    ("local.test", "pep_http://jabber.org/protocol/nick", "profile-text", 1),
    ("local.test", "pep_*", "message-text", 1),
    ("local.test", "vcard", "profile-text", 1),
    ("upload.local.test", "uploads", "file-name", 1),
    ("upload.local.test", "http_file_share", "readable-upload", 1),
]
PUBLISH = ("<iq type='set' id='{0}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
           "<publish node='{1}'><item>{2}</item></publish></pubsub></iq>")
PUBLISHED = {
    "http://jabber.org/protocol/nick": "<nick xmlns='http://jabber.org/protocol/nick'>Al</nick>",
    "http://jabber.org/protocol/tune": "<tune xmlns='http://jabber.org/protocol/tune'><title>Song</title></tune>",
    "eu.siacs.conversations.axolotl.devicelist": "<list xmlns='eu.siacs.conversations.axolotl'><device id='1'/></list>",
}
VCARD = "<iq type='set' id='vcard'><vCard xmlns='vcard-temp'><FN>Alice</FN></vCard></iq>"
SLOT = ("<iq type='get' id='slot' to='upload.local.test'><request xmlns='urn:xmpp:http:upload:0' filename='cat.txt' "
        "size='3' content-type='text/plain'/></iq>")


def upload(server, client, content):
    client.send(SLOT)
    slot = client.receive()
    while slot.get("id") != "slot":
        slot = client.receive()
    put = slot.find("{*}slot/{*}put")
    path = urlsplit(put.get("url")).path
    headers = {"Host": "upload.local.test", "Authorization": put.findtext("{*}header")}
    connection = HTTPConnection(LOOPBACK, server.ports["http"], timeout=20)
    connection.request("PUT", path, content, headers)
    status = connection.getresponse().status
    connection.close()
    assert status == 201


def test_names_what_users_leave_besides_messages(version):
    users = Host("local.test", {"modules_enabled": ["vcard"]}, users={"alice": PASSWORD})
    uploads = Host("upload.local.test", {"http_file_share_access": ["local.test"]}, component="http_file_share")
    with Server(version, [users, uploads]) as server:
        with Client(server, "alice@local.test", PASSWORD) as alice:
            for node, item in PUBLISHED.items():
                alice.send(PUBLISH.format(new_marker(), node, item))
            alice.send(VCARD)
            upload(server, alice, b"cat")
            alice.synchronise()
        server.stop()
        document = report(server.folder / "data")
        assert sorted(findings(document)) == sorted(TRACES)
        assert document["not_looked_at"]["count"] == 0

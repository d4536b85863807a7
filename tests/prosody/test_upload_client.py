"""A real client library uploads: in the clear, which is refused, and encrypted (XEP-0454), which another one reads."""

import asyncio
import io
import urllib.request

import pytest
from slixmpp import ClientXMPP
from slixmpp.plugins.xep_0363.http_upload import FileTooBig, HTTPError

from network import LOOPBACK
from test_upload import PNG
from uploading import UPLOADS, upload_server
from world import PASSWORD, wait_until_settled

SECONDS = 20


class Uploader(ClientXMPP):
    def __init__(self):
        super().__init__("alice@local.test/slixmpp", PASSWORD)
        self.enable_direct_tls = self.enable_starttls = False
        self.enable_plaintext = True
        for plugin in ("xep_0030", "xep_0363", "xep_0454"):
            self.register_plugin(plugin)
        self.plugin["feature_mechanisms"].unencrypted_plain = True

    async def log_in(self, port):
        started = asyncio.get_running_loop().create_future()
        self.add_event_handler("session_start", started.set_result, disposable=True)
        self.connect(LOOPBACK, port)
        await asyncio.wait_for(started, SECONDS)

    async def upload(self, content, **request):
        """The address of the file."""
        plugin = self.plugin["xep_0363"]
        return await plugin.upload_file("beach.png", input_file=io.BytesIO(content), domain=UPLOADS, timeout=SECONDS, **request)


def downloaded(address):
    with urllib.request.urlopen(address, timeout=SECONDS) as response:
        return response.read()


async def story(port):
    client = Uploader()
    await client.log_in(port)
    try:
        with pytest.raises(HTTPError) as refused:
            await client.upload(PNG)
        status, text = refused.value.args
        assert (status, "not encrypted" in text) == (415, True)
        # What `xep_0454.upload_file` does, which wants addresses to begin with "https:".
        payload, fragment = client.plugin["xep_0454"].encrypt(io.BytesIO(PNG))
        address = await client.upload(payload)
        assert "beach" not in address and address.endswith(".png")
        shared = client.plugin["xep_0454"].format_url(address.replace("http:", "https:"), fragment)
        received = downloaded(address)
        assert client.plugin["xep_0454"].decrypt(io.BytesIO(received), shared.split("#")[1]) == PNG
        with pytest.raises(FileTooBig):
            await client.upload(payload, size=10**12)
    finally:
        await client.disconnect()


def test_slixmpp(version):
    server = upload_server(version, options={"http_default_host": UPLOADS})
    # No name of a host has to be resolved.
    server.hosts[-1].options["http_external_url"] = f"http://{LOOPBACK}:{server.ports['http']}/"
    with server:
        wait_until_settled(server)
        asyncio.run(story(server.ports["c2s"]))
        assert "beach" not in server.log()

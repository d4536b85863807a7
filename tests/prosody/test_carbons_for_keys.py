"""By choice, what somebody wrote is copied only to devices that publish OMEMO keys: a real OMEMO client is one."""

import pytest
from carbon_rows import BODY, CHAT_STATE, OTR_BODY, captured, message
from carbon_run import BOB_MAIN, Run
from conftest import THREE_VERSIONS
from conversation import emptied
from omemo_client import OmemoClient
from world import PASSWORD

POLICY = {"carbons": {"settings": {"encrypting_devices_only": True}}}
RECEIVED = "{urn:xmpp:carbons:2}received"
[ENCRYPTED, *_] = captured("omemo1")
# What is sent, and whether it is copied to a device with keys, and to one without.
CASES = [
    (message(BODY), True, False),
    (ENCRYPTED.xml, True, False),
    (message(CHAT_STATE), True, True),
    (message(OTR_BODY), False, False),
]


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_text_is_copied_to_devices_with_keys(version):
    with Run(version, POLICY) as run:
        keyed = run.await_(with_keys(run.server))
        for xml, to_keyed, to_other in CASES:
            emptied(keyed.arrived)
            run.send(xml, BOB_MAIN)
            run.await_(keyed.plugin["xep_0199"].ping("home.test"))
            copies = [stanza for stanza in emptied(keyed.arrived) if stanza.xml.find(RECEIVED) is not None]
            assert (len(copies), len(run.copies("bob")[1])) == (to_keyed, to_other), xml
            assert len(run.arrived()) == 1, xml
        run.await_(keyed.log_out())


async def with_keys(server):
    client = OmemoClient(server, "bob@home.test", PASSWORD)
    await client.log_in()
    await client.plugin["xep_0280"].enable()
    return client

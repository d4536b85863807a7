"""One device's OTR: libotr as a messenger uses it, with what it sends and shows written down."""

import ctypes
import functools
import tempfile
from ctypes import byref, c_void_p
from pathlib import Path

import libotr

LIBRARY = libotr.load()
PROTOCOL = b"jabber"
# The default policy of libotr: offer, accept, and start anew after an error.
OPPORTUNISTIC = libotr.SEND_WHITESPACE_TAG | libotr.WHITESPACE_START_AKE | libotr.ERROR_START_AKE
VERSIONS = {2: libotr.ALLOW_V2, 3: libotr.ALLOW_V3}


def generate(function, state, account):
    """Calls a function of libotr that writes what it made into a file, and returns that."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        if function(state, str(path).encode(), account, PROTOCOL):
            raise OSError(f"{function.__name__} failed")
        return path.read_bytes()


@functools.cache
def private_key(account):
    """The file with the key of a device: made once, as making it takes longer than a conversation."""
    state = c_void_p(LIBRARY.otrl_userstate_create())
    try:
        return generate(LIBRARY.otrl_privkey_generate, state, account)
    finally:
        LIBRARY.otrl_userstate_free(state)


class Otr:
    """`account` names the device, `peer` the person; `send(text)` is called for what libotr wants sent."""

    def __init__(self, account, peer, versions, send, fragment_size=0):
        self.account, self.peer = account.encode(), peer.encode()
        self.policy = OPPORTUNISTIC | sum(VERSIONS[version] for version in versions)
        self.send = send
        self.fragment_size = fragment_size
        self.established = 0
        self.errors_sent = 0
        # What the client tells its user, as (event, text).
        self.events = []
        self.state = c_void_p(LIBRARY.otrl_userstate_create())
        self.operations = self._operations()
        self._read_key()
        generate(LIBRARY.otrl_instag_generate, self.state, self.account)

    def _read_key(self):
        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_bytes(private_key(self.account))
            if LIBRARY.otrl_privkey_read(self.state, file.name.encode()):
                raise OSError("libotr does not read its own key")

    def _operations(self):
        texts = {code: ctypes.create_string_buffer(text) for code, text in libotr.ERRORS.items()}
        return libotr.Operations(
            policy=libotr.Policy(lambda _, context: self.policy),
            is_logged_in=libotr.IsLoggedIn(lambda *_: 1),
            inject_message=libotr.InjectMessage(lambda _, account, protocol, peer, text: self._inject(text)),
            gone_secure=libotr.GoneSecure(lambda _, context: self._secure()),
            still_secure=libotr.StillSecure(lambda _, context, is_reply: self._secure()),
            max_message_size=libotr.MaxMessageSize(lambda _, context: self.fragment_size),
            otr_error_message=libotr.ErrorMessage(lambda _, context, code: ctypes.addressof(texts[code])),
            otr_error_message_free=libotr.ErrorMessageFree(lambda *_: None),
            handle_msg_event=libotr.MessageEvent(lambda _, event, context, text, error: self._tell(event, text)),
        )

    def _secure(self):
        self.established += 1

    def _tell(self, event, text):
        self.events.append((libotr.EVENTS[event], (text or b"").decode()))

    def _inject(self, text):
        if text.startswith(b"?OTR Error:"):
            self.errors_sent += 1
        self.send(text.decode())

    def start(self):
        """Asks the peer for a private conversation."""
        address = LIBRARY.otrl_proto_default_query_msg(self.account, self.policy)
        self._inject(ctypes.string_at(address))
        LIBRARY.otrl_message_free(address)

    def say(self, text):
        """Sends a text in whatever state the conversation is; encrypted, if it is private."""
        encrypted = c_void_p()
        failed = LIBRARY.otrl_message_sending(
            self.state, byref(self.operations), None, self.account, PROTOCOL, self.peer, libotr.INSTANCE_THAT_WROTE_LAST,
            text.encode(), None, byref(encrypted), libotr.SEND_ALL_FRAGMENTS, None, None, None)
        if failed:
            raise OSError(f"libotr did not encrypt: error {failed}")
        # With this fragment policy it has sent the message itself, unless it left it as it is.
        if not encrypted:
            self.send(text)
        LIBRARY.otrl_message_free(encrypted)

    def read(self, text):
        """What is shown of a received text: None if nothing is."""
        changed, records = c_void_p(), c_void_p()
        is_internal = LIBRARY.otrl_message_receiving(
            self.state, byref(self.operations), None, self.account, PROTOCOL, self.peer, text.encode(),
            byref(changed), byref(records), None, None, None)
        shown = ctypes.string_at(changed.value).decode(errors="replace") if changed else text
        LIBRARY.otrl_message_free(changed)
        LIBRARY.otrl_tlv_free(records)
        return None if is_internal else shown

    def close(self):
        LIBRARY.otrl_userstate_free(self.state)

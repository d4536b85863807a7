"""The functions and structures of libotr 4 (Debian's libotr5) that the tests use, through ctypes."""

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_uint, c_void_p

ALLOW_V2, ALLOW_V3 = 0x02, 0x04
SEND_WHITESPACE_TAG, WHITESPACE_START_AKE, ERROR_START_AKE = 0x10, 0x20, 0x40
# Which session a text goes to, if there are several. By default libotr compares the seconds in which they last wrote,
# and within the same second takes any.
INSTANCE_THAT_WROTE_LAST = 3
SEND_ALL_FRAGMENTS = 1
ENABLE_QUICK_RANDOM = 44

# What libotr asks its client to show to the user, in the order of its enumeration.
EVENTS = [
    "none", "encryption required", "encryption error", "connection ended", "setup error", "reflected", "resent",
    "not in private", "unreadable", "malformed", "heartbeat received", "heartbeat sent", "error from peer",
    "unencrypted", "unrecognised", "for another instance",
]
# What its clients answer by themselves, after "?OTR Error: ".
ERRORS = {
    1: b"Error occurred encrypting message.",
    2: b"You sent encrypted data, which was not expected.",
    3: b"You transmitted an unreadable encrypted message.",
    4: b"You transmitted a malformed data message.",
}

Policy = CFUNCTYPE(c_uint, c_void_p, c_void_p)
IsLoggedIn = CFUNCTYPE(c_int, c_void_p, c_char_p, c_char_p, c_char_p)
InjectMessage = CFUNCTYPE(None, c_void_p, c_char_p, c_char_p, c_char_p, c_char_p)
GoneSecure = CFUNCTYPE(None, c_void_p, c_void_p)
StillSecure = CFUNCTYPE(None, c_void_p, c_void_p, c_int)
MaxMessageSize = CFUNCTYPE(c_int, c_void_p, c_void_p)
# The text is given as an address: ctypes would not keep it alive.
ErrorMessage = CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_int)
ErrorMessageFree = CFUNCTYPE(None, c_void_p, c_void_p)
MessageEvent = CFUNCTYPE(None, c_void_p, c_int, c_void_p, c_char_p, c_uint)
CreateInstag = CFUNCTYPE(None, c_void_p, c_char_p, c_char_p)


class Operations(Structure):
    """OtrlMessageAppOps; libotr does without those that are null."""

    _fields_ = [
        ("policy", Policy), ("create_privkey", c_void_p), ("is_logged_in", IsLoggedIn), ("inject_message", InjectMessage),
        ("update_context_list", c_void_p), ("new_fingerprint", c_void_p), ("write_fingerprints", c_void_p),
        ("gone_secure", GoneSecure), ("gone_insecure", GoneSecure), ("still_secure", StillSecure),
        ("max_message_size", MaxMessageSize), ("account_name", c_void_p), ("account_name_free", c_void_p),
        ("received_symkey", c_void_p), ("otr_error_message", ErrorMessage), ("otr_error_message_free", ErrorMessageFree),
        ("resent_msg_prefix", c_void_p), ("resent_msg_prefix_free", c_void_p), ("handle_smp_event", c_void_p),
        ("handle_msg_event", MessageEvent), ("create_instag", CreateInstag), ("convert_msg", c_void_p),
        ("convert_free", c_void_p), ("timer_control", c_void_p),
    ]


FUNCTIONS = {
    "otrl_userstate_create": (c_void_p, []),
    "otrl_userstate_free": (None, [c_void_p]),
    "otrl_privkey_generate": (c_uint, [c_void_p, c_char_p, c_char_p, c_char_p]),
    "otrl_privkey_read": (c_uint, [c_void_p, c_char_p]),
    "otrl_instag_generate": (c_uint, [c_void_p, c_char_p, c_char_p, c_char_p]),
    "otrl_proto_default_query_msg": (c_void_p, [c_char_p, c_uint]),
    "otrl_message_free": (None, [c_void_p]),
    "otrl_tlv_free": (None, [c_void_p]),
    "otrl_message_sending": (c_uint, [
        c_void_p, POINTER(Operations), c_void_p, c_char_p, c_char_p, c_char_p, c_uint, c_char_p, c_void_p,
        POINTER(c_void_p), c_int, POINTER(c_void_p), c_void_p, c_void_p]),
    "otrl_message_receiving": (c_int, [
        c_void_p, POINTER(Operations), c_void_p, c_char_p, c_char_p, c_char_p, c_char_p,
        POINTER(c_void_p), POINTER(c_void_p), POINTER(c_void_p), c_void_p, c_void_p]),
}


def load():
    library, gcrypt = ctypes.CDLL("libotr.so.5"), ctypes.CDLL("libgcrypt.so.20")
    # Keys of these tests protect nothing: they need not wait for randomness.
    gcrypt.gcry_control(ENABLE_QUICK_RANDOM, 0)
    if library.otrl_init(4, 1, 1) != 0:
        raise OSError("this libotr is not compatible with version 4.1.1")
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library

#!/usr/bin/env python3
"""Writes those seeds that were not kept from a run of the fuzzer: seeds.py."""

import hashlib
import json
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PREAMBLE = b"\0asm\x0d\0\1\0"
SCHEMA = b'{"type":"object","properties":{"mode":{"enum":["a","b"]},"n":{"type":"integer","minimum":1}},"required":["mode"]}'
HASH = "0123456789abcdef" * 4


def number(value: int) -> bytes:
    """LEB128."""
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def section(name: bytes, content: bytes) -> bytes:
    body = number(len(name)) + name + content
    return b"\0" + number(len(body)) + body


def snapshot() -> bytes:
    text, strings = 0xFFFFFFFF, b"messagejabber:clientbodyhitob@x"
    nodes = [(0, 3, 0, 7, 7, 13, 0, 1), (0, 3, 20, 4, 7, 13, 1, 0), (1, 3, 24, 2, text, text, 1, 0)]
    words = [1, len(nodes), 1, len(strings), *(word for node in nodes for word in node), 26, 2, 28, 3]
    return struct.pack(f"<{len(words)}I", *words) + strings


def recording() -> bytes:
    header = {
        "recording": 1, "policy": "e2ee", "identity": "x", "sha256": HASH, "settings": "{}", "milliseconds": 5,
        "memory": 16777216, "state": None, "redacted": False,
    }  # fmt: skip
    entry = {
        "kind": "message", "direction": "outgoing", "source": "user", "destination": "user", "now": 1,
        "xml": "<message><body>hi</body></message>", "verdict": "pass", "reason": "x", "answer": "0",
    }  # fmt: skip
    return "\n".join(json.dumps(line) for line in (header, entry)).encode()


def formats() -> list[bytes]:
    """The first byte says which format follows, in the order of `formats.rs`."""
    signature = "untrusted comment: x\nRUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n"
    signature += f"trusted comment: prosody-wasm policy=e2ee wit=0.1.5 permissions=log sha256={HASH}\n"
    signature += "y/rUw2y8/hOUYjZU71eHp/Wo1KZ40fGy2VJEDl34XMJM+TX48Ss/17u3IvIfbVR1FkZZSNCisQbuQY+bHwhEBg==\n"
    texts = [
        f"prosody-wasm policy=e2ee wit=0.1.5 permissions=content,log sha256={HASH}".encode(),
        signature.encode(),
        b"prosody-wasm artifact 1\n" + HASH.encode() + b"code",
        PREAMBLE + section(b"prosody-settings-schema", SCHEMA) + section(b"name", b"x"),
        SCHEMA + b'\0{"mode":"a","n":0}',
        recording(),
        snapshot(),
        b"c2s12 Authenticated as alice@example.org/phone from 192.0.2.1 [2001:db8::1]:5222 <jid='bob@x.example'>",
        b"<message xmlns:p='urn:p' p:a='1' xml:lang='de'><body xmlns='jabber:server'>a<![CDATA[<b>]]>&amp;&#99;</body></message>",
        b'{"direct":"mandatory","rooms":"optional","strict":true}',
    ]
    return [bytes([kind]) + text for kind, text in enumerate(texts)]


# In `component-load`, behind the first byte: a world with all hooks, and no damage.
WORLD = b"\xff\xff\0\0" + b"\0"


def components() -> dict[str, bytes]:
    """Bytes as they are; and what components are made of: the first byte says of what kind."""
    noise = {f"smith-{number}": hashlib.shake_256(bytes([number])).digest(200 + 150 * number) for number in range(6)}
    made = {name: bytes([1 + number % 3]) + WORLD + text for number, (name, text) in enumerate(noise.items())}
    return {"empty": b"\0" + WORLD + PREAMBLE, **made}


def writes() -> dict[str, bytes]:
    """Writes of a store: how many; then how many changes, less one, of a key, a value, and 0 to remove it instead; and 0 for a
    disk that fails after so many steps."""
    sound = [bytes([0, key, key + 1, 1, 1]) for key in range(10)]
    failing = [bytes([1, key % 3, key, key % 4, 9 - key % 3, key + 5, 1, 0, key % 8]) for key in range(20)]
    return {"sound": b"\x0a" + b"".join(sound), "failing": b"\x14" + b"".join(failing)}


def write(target: str, seeds: dict[str, bytes]) -> None:
    folder = HERE / "seeds" / target
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed in seeds.items():
        (folder / name).write_bytes(seed)


def main() -> None:
    write("component-load", components())
    write("formats", {f"format-{kind}": seed for kind, seed in enumerate(formats())})
    write("store-crash", writes())
    # One of its own modes in Lua is bytes as they are.
    raw = b"\0<message><p:x xmlns:p='urn:p' p:a='1'>&amp;<![CDATA[<]]></p:x></message>"
    write("xml-diff", {"raw": raw})


if __name__ == "__main__":
    main()

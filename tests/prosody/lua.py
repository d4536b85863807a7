"""Writes Python values as Lua, for configuration files."""

import re

RESERVED = {"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local",
            "nil", "not", "or", "repeat", "return", "then", "true", "until", "while"}


def literal(value):
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{ " + "".join(f"{key(name)} = {literal(item)}; " for name, item in value.items()) + "}"
    return "{ " + "".join(f"{literal(item)}; " for item in value) + "}"


def quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\0", "\\0")
    return f'"{escaped}"'


def key(name):
    if isinstance(name, str) and re.fullmatch(r"[A-Za-z_]\w*", name) and name not in RESERVED:
        return name
    return f"[{literal(name)}]"


def assignments(options):
    """Top-level options of a configuration file, one per line."""
    return "".join(f"{name} = {literal(value)}\n" for name, value in options.items())

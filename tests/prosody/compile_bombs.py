"""Components that are small to write and long to compile. Each is one core module inside of a component, in their binary form
(Component Model, Binary.md; WebAssembly Core §5)."""

CORE, COMPONENT = b"\0asm\1\0\0\0", b"\0asm\x0d\0\1\0"
BLOCK, END, BR_TABLE, I32_CONST, I32_ADD, LOCAL_GET, LOCAL_SET = b"\x02\x40", b"\x0b", b"\x0e", b"\x41", b"\x6a", b"\x20", b"\x21"


def number(value):
    """LEB128, unsigned."""
    low, value = value & 0x7F, value >> 7
    return bytes([low]) if value == 0 else bytes([low | 0x80]) + number(value)


def section(kind, content):
    return bytes([kind]) + number(len(content)) + content


def component(bodies):
    """`bodies` are the instructions of functions from i32 to nothing."""
    functions = [number(len(body) + 2) + b"\0" + body + END for body in bodies]
    core = (CORE + section(1, b"\1\x60\1\x7f\0") + section(3, number(len(functions)) + b"\0" * len(functions))
            + section(10, number(len(functions)) + b"".join(functions)))
    return COMPONENT + section(1, core)


def tables(megabytes):
    """Jump tables."""
    entries = 60_000
    body = BLOCK + LOCAL_GET + b"\0" + BR_TABLE + number(entries) + b"\0" * entries + b"\0" + END
    return component([body] * (megabytes * 1_000_000 // entries))


def functions(count):
    """Many functions with something to do in each."""
    body = (LOCAL_GET + b"\0" + I32_CONST + b"\1" + I32_ADD + LOCAL_SET + b"\0") * 40
    return component([body] * count)


def one_function(instructions):
    """A single function that cannot be divided among threads."""
    step = BLOCK + LOCAL_GET + b"\0" + b"\x0d\0" + LOCAL_GET + b"\0" + I32_CONST + b"\1" + I32_ADD + LOCAL_SET + b"\0" + END
    return component([step * (instructions // 9)])

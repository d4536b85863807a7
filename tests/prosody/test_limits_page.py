"""docs/limits.md has every limit of the two tables of numbers in the sources, with the number that is in force."""

import re

from places import PROJECT

PAGE = (PROJECT / "docs" / "limits.md").read_text()
ROWS = dict(re.findall(r"^\| ([^|]+?) \|(.*)$", PAGE, re.MULTILINE))

# Constant -> the beginning of its row.
RUNTIME = {
    "MOST_MILLISECONDS": "processor time of one decision", "MOST_MEMORY": "memory, all", "MOST_BUDGET": "processor time of all decisions",
    "BUDGET_SAVED": "processor time of all decisions", "BUDGET_SENDERS": "senders of whom is noted",
    "JOINT_BUDGET": "that of all policies", "JOINT_BUDGET_LITTLE": "that of all policies", "JOINT_BUDGET_OWED": "that of all policies",
    "EXEMPTIONS": "exemptions", "RETENTION_HOURS": "retention", "DELIVERY_KEY": "key of a stanza", "PUSH_PAUSE": "pause between",
    "NOTES": "piece of a file", "RETRY": "an upload may be tried again", "ADDRESS": "address to which", "HOLDING_KEY": "address to which",
    "SETUP_MILLISECONDS": "processor time of each", "STACK": "stack", "FUEL_PER_MILLISECOND": "fuel", "HOST_CALLS": "calls of the host",
    "BYTES_FROM_GUEST": "bytes passed", "HANDLES": "handles", "TABLES": "tables", "TABLE_ENTRIES": "tables", "MEMORIES": "memories",
    "CORE_INSTANCES": "memories", "SETTINGS": "settings", "WANTS": "wants", "NAMESPACE": "wants", "SAMPLES": "samples",
    "SAMPLE": "samples", "EDITS": "edits", "NOTICES": "messages about", "NOTICE": "messages about", "BOUNCE_TEXT": "text of a bounce",
    "REASON": "reason", "REASONS": "reason", "LOG_LINES": "log lines", "LOG_LINES_PER_SECOND": "log lines", "LOG_LINE": "log lines",
    "FAILURES_PER_MINUTE": "what is told", "LAST_LINES": "what is told", "FRAMES": "what is told", "FUNCTION": "what is told",
    "STORE_KEY": "store", "STORE_VALUE": "store", "STORE_KEYS": "store", "STORE_BYTES": "store", "STORE_WRITES": "store",
    "STORE_WRITTEN": "store",
    "STATE": "state handed over", "RECORDING_STANZAS": "a recording", "RECORDING_BYTES": "a recording", "COMPONENT": "component",
}
# Of no interest to whoever reads the page.
LEFT_OUT = {
    "FUNCTION_MANGLED": "the form of a name that nobody is shown",
    "SECTION": "what prosody-wasm itself writes into a component; the schema has a row",
}
STANZA = {"depth": "{} levels", "nodes": "{} elements, texts and attributes", "attributes": "{} attributes on one element",
          "bytes": "{} of names, attributes and text together", "text": "{}\nof text"}


def number(expression):
    """The value of an expression of numbers as Rust has it; a duration in milliseconds."""
    arithmetic = re.sub(r"Duration::from_millis\((\d+)\)", r"\1", expression).replace("_", "")
    assert re.fullmatch(r"[\d\s*<+]+", arithmetic), expression
    return eval(arithmetic)


def constants():
    source = (PROJECT / "host" / "runtime" / "src" / "limits.rs").read_text()
    found = {name: number(value) for name, value in re.findall(r"^pub const (\w+): \w+ = (.*);$", source, re.MULTILINE)}
    assert len(found) == source.count("pub const ")
    return found


def written(value):
    """The forms in which the page may write it."""
    units = {"KiB": 1 << 10, "MiB": 1 << 20}
    return {f"{value:,}"} | {f"{value // size:,} {unit}" for unit, size in units.items() if value % size == 0}


def has(text, value):
    return any(re.search(rf"(?<![\d,]){re.escape(form)}(?![\d,]*\d)", text) for form in written(value))


def row(beginning):
    if beginning in ROWS:
        return beginning + ROWS[beginning]
    found = [name + cells for name, cells in ROWS.items() if name.startswith(beginning)]
    assert len(found) == 1, (beginning, found)
    return found[0]


def test_every_limit_of_the_runtime_has_its_row():
    found = constants()
    assert found.keys() == RUNTIME.keys() | LEFT_OUT.keys()
    wrong = {name: value for name, value in found.items() if name in RUNTIME and not has(row(RUNTIME[name]), value)}
    assert not wrong


def test_what_an_operator_may_set_has_its_default():
    source = (PROJECT / "host" / "runtime" / "src" / "limits.rs").read_text()
    defaults = dict(re.findall(r"(\w+): ([\d_* ]+)", re.search(r"Self \{ (milliseconds: .*) \}", source)[1]))
    rows = {"milliseconds": "processor time of one", "memory": "memory, all", "budget": "processor time of all"}
    assert defaults.keys() == rows.keys()
    options = (PROJECT / "docs" / "reference" / "options.md").read_text()
    for name, beginning in rows.items():
        value = number(defaults[name].strip())
        assert has(row(beginning), value), name
        assert f"| `limits.{name}` | {value} |" in options and f"{name} = {value}" in options


def test_every_limit_of_a_stanza_is_named():
    source = (PROJECT / "host" / "stanza" / "src" / "limits.rs").read_text()
    values = dict(re.findall(r"(\w+): ([\d_* ]+)", re.search(r"Self \{ (depth: .*) \}", source)[1]))
    assert values.keys() == STANZA.keys()
    for name, sentence in STANZA.items():
        value = number(values[name].strip())
        assert any(sentence.format(form) in PAGE for form in written(value)), name

"""The language of scansion: who takes part, and what each does in turn.

    [Client] Romeo                          # indented below it: jid, password, resource
    Romeo connects
    Romeo sends: <xml/>                     # the XML may be in indented lines below
    Juliet receives: <xml from="${Romeo's full JID}" id="{scansion:any}"/>
    Romeo disconnects
"""

import re
from dataclasses import dataclass, field

COMMENTS = ("#", "//", "--")
VERBS = ("connects", "disconnects", "sends", "receives")
_SECTION = re.compile(r"\[(\w+)\]\s+(.+)")
_STEP = re.compile(rf"(.+?)\s+({'|'.join(VERBS)}):?\s*(.*)")


class Unreadable(Exception):
    pass


@dataclass
class Person:
    name: str
    options: dict = field(default_factory=dict)

    @property
    def address(self):
        """The bare JID."""
        return self.options["jid"].partition("/")[0]

    @property
    def resource(self):
        """As the script has it. Else one that is the same each time, so that two runs can be compared."""
        return self.options["jid"].partition("/")[2] or self.options.get("resource") or re.sub(r"\W", "", self.name)

    @property
    def full(self):
        return f"{self.address}/{self.resource}"


@dataclass
class Step:
    line: int
    person: Person
    verb: str
    xml: str = ""

    def __str__(self):
        return f"line {self.line}: {self.person.name} {self.verb}"


@dataclass
class Script:
    name: str
    text: str
    people: dict = field(default_factory=dict)
    steps: list = field(default_factory=list)


def read(path):
    """Raises Unreadable for what is not in the language, and for components, which no script of Prosody's has."""
    script = Script(path.stem, path.read_text())
    below = None  # what indented lines belong to
    for number, line in enumerate(script.text.splitlines(), 1):
        if line[:1].isspace() and below is not None:
            _continue(below, line)
        elif line.strip("- ") and not line.startswith(COMMENTS):
            below = _begin(script, number, line.strip())
    return script


def _continue(below, line):
    if isinstance(below, Step):
        below.xml += line + "\n"
    elif ":" in line and not line.strip().startswith("#"):
        name, _, value = line.partition(":")
        below.options[name.strip()] = value.strip()


def _begin(script, number, line):
    section = _SECTION.fullmatch(line)
    if section and section[1] == "Client":
        return script.people.setdefault(section[2], Person(section[2]))
    step = _STEP.fullmatch(line)
    if section or not step or step[1] not in script.people:
        raise Unreadable(f"{script.name}, line {number}: {line}")
    script.steps.append(Step(number, script.people[step[1]], step[2], step[3]))
    return script.steps[-1]

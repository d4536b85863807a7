"""Where mod_firewall and the policy do not do the same, and why. A row that is here and does not differ is a mistake, too."""

from collections.abc import Callable
from dataclasses import dataclass

from firewall_corpus import PRESENCE_TYPES

EVERY = frozenset()
STRANGER = "rick@remote.test"
LISTED = "mallory@listed.test"


@dataclass(frozen=True)
class Difference:
    """`rules` are names of sets; `rows` says of a row's name whether it is meant; `versions` of Prosody, all if there are none."""

    reason: str
    rules: frozenset
    rows: Callable
    versions: frozenset = EVERY

    def covers(self, version, name, row):
        return name in self.rules and (not self.versions or version in self.versions) and row is not None and bool(self.rows(row))


def one_of(*names):
    return frozenset(names).__contains__


# Of one sender what is a chat message, of the other what is no headline: those go by the time.
def is_judged_by_day(row):
    words = row.split()
    if f"from {STRANGER}" in row or f"from {LISTED}" in row:
        return True
    if row.startswith(f"{STRANGER} to"):
        return True
    if words[0] != "message":
        return False
    # An error to nobody in particular is delivered to nobody.
    is_delivered = words[1] in ("chat", "normal", "groupchat") or words[1] == "error" and words[-1] == "full"
    return words[1:3] == ["chat", STRANGER] or words[2] == LISTED and is_delivered


def messages(kinds, targets):
    return {f"message {kind} {sender} to {target}" for kind in kinds for sender in ("carol", "dave") for target in targets}


TABLE = [
    Difference("What is for the server itself, and for nobody here, is not judged where it arrives.",
               frozenset({"simple", "lists", "addresses"}), one_of(f"iq get {LISTED} to host", f"iq set {LISTED} to host")),
    Difference("The same, with other rules.", frozenset({"kinds"}), lambda row: row.startswith("iq set") and row.endswith("to host")),
    Difference("The same, from a user of this server, if no rules are about what leaves him.",
               frozenset({"blocking", "lists", "kinds", "rates", "times", "roles", "senders"}), one_of("alice headline to {host}")),
    Difference("The same, with other rules.", frozenset({"memory", "rates", "roster", "senders"}), one_of("alice message to {host}")),
    Difference("A room service is taken for one of this server's if it is of the domain of the user.",
               frozenset({"zones"}), one_of("alice headline to room@rooms.local.test")),
    Difference("Presence that is refused is dropped: an error would only tell that somebody is there.",
               frozenset({"simple"}), lambda row: row in {f"presence {kind} {LISTED} to {target}" for kind in PRESENCE_TYPES[:3] for target in ("bare", "gone")}
               or row.startswith("presence ") and row.endswith(f"subscribe {LISTED}")),
    Difference("The same, for who asks for a subscription.",
               frozenset({"lists"}), one_of(f"presence subscribe {LISTED}")),
    Difference("DAY is the day of the week; mod_firewall compares it with the day of the month.",
               frozenset({"times"}), is_judged_by_day),
    Difference("USER MARKED holds for who was marked; in mod_firewall for 13.0 for nobody, since it looks at the connection.",
               frozenset({"marks"}), one_of("formatting from bob", "formatting from alice", "formatting from stan"), frozenset({"13.0", "13.0.7"})),
    Difference("SUBSCRIBED is the subscription of who gets it to who sent it; in mod_firewall for 0.12 it is the other way round.",
               frozenset({"blocking", "lists"}), messages(("normal", "headline"), ("bare", "gone")).union(messages(("groupchat",), ("bare",))).__contains__,
               frozenset({"0.12"})),
    Difference("The same, with other rules.",
               frozenset({"roster"}), messages(("chat", "normal", "groupchat", "headline"), ("bare", "full", "gone")).union(messages(("error",), ("full",))).__contains__,
               frozenset({"0.12"})),
    Difference("A room is not answered by an error, or it would take who sends one for gone.",
               frozenset({"roster"}), one_of("alice privately in her room")),
]

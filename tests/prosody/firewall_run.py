"""Sends the whole corpus to one host after another and tells what became of every row."""

import re
import time
import xml.etree.ElementTree as ElementTree
from contextlib import ExitStack, closing

from client import Client, new_marker
from component import Component
from configuration import Host
from firewall_corpus import FORGER, LOCAL, REMOTE, RESOURCE, ROOM, rows
from firewall_servers import judged_host, local_server, put_rosters, remote_server, serving_list, uses_list
from shell import Shell
from stream import SECONDS
from world import PASSWORD, SECRET, introduce, wait_until_settled

STREAMS = ("{jabber:client}", "{jabber:server}", "{jabber:component:accept}")
ROW = re.compile(r"row-(\d+)-")
# What a later day or another run would have different.
VOLATILE = {"{urn:xmpp:delay}delay", "{urn:xmpp:sid:0}stanza-id", "{urn:xmpp:occupant-id:0}occupant-id"}


def plain(tag):
    for stream in STREAMS:
        tag = tag.replace(stream, "")
    return tag


def canonical(element, is_stanza=True):
    """Everything of an element that both must have alike."""
    attributes = {name: value for name, value in element.attrib.items() if not name.endswith("}lang")}
    if is_stanza and not ROW.search(attributes.get("id", "")):
        attributes.pop("id", None)
    children = [canonical(child, plain(child.tag) in ("message", "presence", "iq")) for child in element if child.tag not in VOLATILE]
    return plain(element.tag), tuple(sorted(attributes.items())), element.text or "", tuple(children)


def row_of(element):
    found = ROW.search(ElementTree.tostring(element, encoding="unicode"))
    return int(found.group(1)) if found else None


def without(host, element):
    """Every host under test is called the same, so that what becomes of a row can be compared between them."""
    return ElementTree.fromstring(ElementTree.tostring(element, encoding="unicode").replace(host, "{host}"))


def by_row(arrived, corpus):
    """Beside the rows, under None, what changed a roster."""
    found = {row.name: [] for row in corpus} | {None: []}
    for name, stanza in arrived:
        number = row_of(stanza)
        if number is not None:
            found[corpus[number].name].append((name, canonical(stanza)))
        elif stanza.get("type") in ("subscribe", "subscribed", "unsubscribe", "unsubscribed"):
            found[None].append((name, canonical(stanza)))
    return {row: sorted(everything) for row, everything in found.items()}


class Observers:
    """Every stream of a run by its name, and all that arrived there."""

    def __init__(self, streams):
        self.streams = streams
        self.arrived = []

    def keep(self, name, stanzas):
        self.arrived += [(name, stanza) for stanza in stanzas]

    def synchronise(self, name):
        self.keep(name, self.streams[name].synchronise())

    def ask(self, name, host):
        """Returns when `host` has done all that it was sent by this one: it answers every query, if only with an error."""
        marker = new_marker()
        self.streams[name].send(f"<iq type='get' to='{host}' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.keep(name, self.streams[name].receive_marker(marker))

    def show(self, name, witness):
        marker = new_marker()
        self.streams[name].send(f"<iq type='get' to='{witness}/{RESOURCE}' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.keep(witness, self.streams[witness].receive_marker(marker))


# One on each of the other servers: what was sent there before has arrived when he sees a query.
WITNESSES = ("rose@remote.test", "mona@listed.test")


class Side:
    """One pair of servers; `options_of(paths)` makes a host judge by these rule files."""

    def __init__(self, version, sets, options_of, list_server):
        neighbours = {}
        self.sets = sets
        hosts = [judged_host(f"{name}.test", options_of(paths)) for name, paths in sets.items()]
        hosts.append(Host("rooms.local.test", {"muc_room_locking": False}, component="muc"))
        self.local = local_server(version, hosts, list_server, neighbours)
        self.remote = remote_server(version, neighbours)
        introduce(neighbours, self.local, self.remote)
        put_rosters(self.local, self.remote, [f"{name}.test" for name in sets])

    def __enter__(self):
        with ExitStack() as stack:
            stack.enter_context(self.remote)
            stack.enter_context(self.local)
            self.distant = {jid: stack.enter_context(Client(self.remote, jid, PASSWORD, RESOURCE)) for jid in REMOTE}
            self.forger = stack.enter_context(closing(Component(self.remote, FORGER, SECRET)))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        return self.stack.__exit__(*error)

    # Only now, when what stands in for the web is there.
    def load_mod_firewall(self):
        with closing(Shell(self.local)) as shell:
            for name in self.sets:
                answer = shell.run(f"module:load('firewall', '{name}.test')")
                assert answer.ok, answer
        self._wait_for_lists()

    def _wait_for_lists(self):
        wanted = sum(uses_list(paths) for paths in self.sets.values())
        deadline = time.monotonic() + SECONDS
        while self.local.log().count("Fetched updated list from") < wanted:
            assert time.monotonic() < deadline, "mod_firewall did not fetch its lists"
            time.sleep(0.05)

    def wait_for_policies(self):
        listing = wait_until_settled(self.local)
        assert listing.count("running") == len(self.sets), listing

    def judge(self, host):
        """{ name of a row: what arrived where }; under None what names no row."""
        with ExitStack() as stack:
            users = {name: stack.enter_context(Client(self.local, f"{name}@{host}", PASSWORD, RESOURCE)) for name in LOCAL if name != "erin"}
            for name in ("alice", "stan"):
                # Rules may keep back what a room says of it.
                users[name].send(f"<presence to='{ROOM}/{name}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
            observers = Observers({**users, **self.distant})
            self._settle(observers, host)
            observers.arrived.clear()
            corpus = rows()
            self._send(observers, host, corpus)
            self._settle(observers, host)
            erin = stack.enter_context(Client(self.local, f"erin@{host}", PASSWORD, RESOURCE))
            observers.keep("erin", erin.greeting)
            for name in ("alice", "stan"):
                users[name].send(f"<presence to='{ROOM}/{name}' type='unavailable'/>")
        return by_row([(name, without(host, stanza)) for name, stanza in observers.arrived], corpus)

    def _send(self, observers, host, corpus):
        last = None
        for number, row in enumerate(corpus):
            if last not in (None, row.sender):
                self._finish(observers, host, last)
            stream = self.forger if row.sender == FORGER else observers.streams[row.sender]
            stream.send(row.xml.replace("{host}", host).replace("{id}", f"row-{number}-"))
            last = row.sender
        self._finish(observers, host, last)

    # The rows of the next sender come after all of this one's: some rules remember what was before.
    def _finish(self, observers, host, sender):
        if sender == FORGER:
            marker = new_marker()
            self.forger.send(f"<iq type='get' from='{FORGER}' to='{host}' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
            observers.keep(FORGER, self.forger.receive_marker(marker))
        else:
            observers.ask(sender, host)

    def _settle(self, observers, host):
        for jid in REMOTE:
            observers.ask(jid, host)
        for jid in WITNESSES:
            observers.show("root", jid)
        self._finish(observers, host, FORGER)
        for name in observers.streams:
            observers.synchronise(name)



def decisions(version, sets, options_of, is_ready):
    """{ (set, row): what arrived where }. `is_ready(side)` returns when everything decides."""
    with serving_list() as list_server, Side(version, sets, options_of, list_server) as side:
        is_ready(side)
        return {(name, row): arrived for name in sets for row, arrived in side.judge(f"{name}.test").items()}

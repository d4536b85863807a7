"""Users who have blocked somebody, by his address, his domain or one of his devices, and ways to reach them all the same.

local.test   a user for each way of blocking, with two devices; beside each one who is offline, with a phone to push to
next.test    on the same server, so that a whole domain of ours can be blocked
remote.test, elsewhere.test on another server; rooms on both
In each user's room is who is blocked, who owns it, and a friend who may do whatever the other does.
"""

from contextlib import ExitStack
from dataclasses import dataclass

from app_server import AppServer
from client import Client, new_marker
from configuration import MODULES, Host
from server import Server
from side_door_stanzas import archived, ask, block, is_from, publish, tells, text
from storage import put
from world import PASSWORD, SECRET, introduce, shared_cache, wait_until_settled, with_wasm

WAYS = ["address", "domain", "device"]
PLACES = ["local", "remote"]
SERVICE = "push.local.test"
DEVICES = "eu.siacs.conversations.axolotl.devicelist"
NICK = "http://jabber.org/protocol/nick"
BLOCKED_HOSTS = {("local", "domain"): "next.test", ("local", None): "local.test", ("remote", None): "remote.test"}
FRIEND_HOSTS = {"local": "local.test", "remote": "elsewhere.test"}
MODULES_ALL = [*MODULES, "mam", "offline", "smacks", "cloud_notify", "vcard_legacy", "lastactivity", "version", "uptime"]
OWNER = "http://jabber.org/protocol/muc#owner"


@dataclass
class Person:
    """Somebody who tries to reach users: with his client, and from an account that nobody knows."""

    client: Client
    asker: Client
    nick: str

    @property
    def bare(self):
        return self.client.bare


@dataclass
class User:
    """Who has blocked somebody. `offline` is another account with the same block list, where nobody is online."""

    name: str
    devices: list
    blocked: Person
    friend: Person

    @property
    def bare(self):
        return f"{self.name}@local.test"

    @property
    def offline(self):
        return f"{self.name}-offline@local.test"

    def room(self, where):
        return f"{self.name}@rooms.{where}.test"


def blocked_host(place, way):
    return BLOCKED_HOSTS.get((place, way)) or BLOCKED_HOSTS[place, None]


def user_names():
    return [f"{way}-{place}" for way in WAYS for place in PLACES]


def contacts(addresses):
    return {address: {"subscription": "both", "groups": {}} for address in addresses}


class Scene:
    def __init__(self, version, policies):
        self.version, self.policies = version, policies
        neighbours = {}
        users = [name + end for name in user_names() for end in ("", "-offline")]
        self.people = ["mallory", "asker", "friend", "newcomer"]
        accounts = dict.fromkeys(self.people, PASSWORD)
        wasm = with_wasm(policies) if policies is not None else {}
        local = [Host("local.test", wasm, users={**accounts, **dict.fromkeys(users, PASSWORD)}), Host("next.test", users=accounts),
                 Host("rooms.local.test", {"muc_room_locking": False}, component="muc"),
                 Host(SERVICE, {"component_secret": SECRET}, component=None)]
        remote = [Host("remote.test", users=accounts), Host("elsewhere.test", users=accounts),
                  Host("rooms.remote.test", {"muc_room_locking": False}, component="muc")]
        options = {"modules_enabled": MODULES_ALL, "default_archive_policy": True, "push_max_devices": 1000, **shared_cache()}
        self.local = Server(version, local, options, neighbours=neighbours)
        self.remote = Server(version, remote, options, neighbours=neighbours)
        introduce(neighbours, self.local, self.remote)
        self._write_rosters()
        self.clients, self.persons = {}, {}

    def _write_rosters(self):
        addresses = [f"{name}@local.test" for name in user_names()]
        for server in (self.local, self.remote):
            for host in server.hosts:
                for person in ("mallory", "friend") if host.users else ():
                    put(server, host.name, "roster", person, contacts(addresses))
        for user in user_names():
            way, place = user.split("-")
            known = [f"mallory@{blocked_host(place, way)}", f"friend@{FRIEND_HOSTS[place]}"]
            put(self.local, "local.test", "roster", user, contacts(known))

    def __enter__(self):
        with ExitStack() as started:
            started.enter_context(self.local)
            started.enter_context(self.remote)
            if self.policies is not None:
                listing = wait_until_settled(self.local)
                assert "running" in listing, listing
            self.app_server = AppServer(self.local, SERVICE, SECRET)
            started.callback(self.app_server.close)
            self.users = {name: self._user(name) for name in user_names()}
            for client in self.clients.values():
                started.callback(client.close)
                client.synchronise()
            self.started = started.pop_all()
        return self

    def __exit__(self, *error):
        self.started.__exit__(*error)

    def client(self, address, resource="test"):
        key = f"{address}/{resource}"
        if key not in self.clients:
            host = address.split("@")[1]
            server = self.local if host in ("local.test", "next.test") else self.remote
            self.clients[key] = Client(server, address, PASSWORD, resource)
        return self.clients[key]

    def _person(self, name, asker, host):
        key = f"{name}@{host}"
        if key not in self.persons:
            self.persons[key] = Person(self.client(key), self.client(f"{asker}@{host}"), name)
            self._publish(self.client(key))
        return self.persons[key]

    def _publish(self, client):
        publish(client, NICK, f"<nick xmlns='{NICK}'>before</nick>")

    def _user(self, name):
        way, place = name.split("-")
        blocked = self._person("mallory", "asker", blocked_host(place, way))
        friend = self._person("friend", "newcomer", FRIEND_HOSTS[place])
        devices = [self.client(f"{name}@local.test", resource) for resource in ("phone", "desk")]
        user = User(name, devices, blocked, friend)
        self._prepare(user)
        return user

    def _prepare(self, user):
        phone, desk = user.devices
        for where in ("local", "remote"):
            for client, nick in ((user.blocked.client, "mallory"), (user.friend.client, "friend"), (phone, "user")):
                if nick == "friend":
                    self._open(user.blocked.client, user.room(where), user.friend.bare)
                client.join(user.room(where), nick)
        for device in user.devices:
            ask(device, None, "<enable xmlns='urn:xmpp:carbons:2'/>")
        for node in ("urn:example:public", DEVICES):
            publish(phone, node, "<public xmlns='urn:example:public'/>", "open")
        for person in (user.blocked, user.friend):
            ask(phone, person.bare, f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscribe node='{NICK}' jid='{phone.full}'/></pubsub>")
        with Client(self.local, user.offline, PASSWORD) as offline:
            ask(offline, None, f"<enable xmlns='urn:xmpp:push:0' jid='{SERVICE}' node='{user.name}'/>")
            block(offline, user)
        block(phone, user)

    # The friend may do there what the owner may, and all see who is who.
    def _open(self, owner, room, friend):
        form = "".join(f"<field var='{name}'><value>{value}</value></field>" for name, value in (
            ("FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig"), ("muc#roomconfig_whois", "anyone")))
        ask(owner, room, f"<query xmlns='{OWNER}'><x xmlns='jabber:x:data' type='submit'>{form}</x></query>")
        ask(owner, room, f"<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='owner' jid='{friend}'/></query>")

    # ── what came of an attempt ──────────────────────────────────────────────────────────────────────────────────

    def attempt(self, door, user, person):
        """Somebody goes through a door: where it arrived, and what he got back."""
        everybody = [*user.devices, person.client, person.asker]
        for client in everybody:
            client.synchronise()
        self.app_server.collect()
        marker = new_marker()
        door.go(self, user, person, marker)
        returned = [stanza for client in (person.client, person.asker) for stanza in self._settle(client)]
        returned += self._settle_room(user, person, door.room) if door.room else []
        reached = {name for name, device in zip(("phone", "desk"), user.devices)
                   if any(is_from(stanza, user, person, marker) for stanza in device.synchronise())}
        reached |= self._kept(user, marker)
        reached |= {"answer" for stanza in returned if tells(stanza, user)}
        return reached, returned

    # On the way to a host of ours and back, everything that was sent there before has been dealt with.
    def _settle(self, client):
        found = client.synchronise()
        for host in ("local.test", "rooms.local.test"):
            marker = new_marker()
            client.send(f"<iq type='get' to='{host}' id='{marker}'><ping xmlns='urn:xmpp:ping'/></iq>")
            found += client.receive_marker(marker)
        return found

    # What he sent is with the user when a message to all that he sent after it is, and the answer with him when one is that
    # the user sent then.
    def _settle_room(self, user, person, where):
        phone, found = user.devices[0], []
        before = self._say_to_all(person.client, phone, user.room(where))
        found += self._say_to_all(phone, person.client, user.room(where))
        phone.stanzas[:0] = before
        return found

    def _say_to_all(self, speaker, listener, room):
        marker = new_marker()
        speaker.send(f"<message to='{room}' type='groupchat' id='{marker}'><body>settled</body></message>")
        return listener.receive_marker(marker)

    def _kept(self, user, marker):
        kept = {"archive"} if any(marker in text(stanza) for stanza in archived(user.devices[1])) else set()
        if any(push.device == user.name for push in self.app_server.collect()):
            kept.add("push")
        with Client(self.local, user.offline, PASSWORD) as offline:
            if any(marker in text(stanza) for stanza in offline.greeting):
                kept.add("offline")
        return kept

-- Has the local recipient blocked who is behind a stanza? mod_blocklist looks at the sender's address; of a private message
-- in a room that is one in the room, and of an invitation the room itself.

local jid_prep = require "util.jid".prep;
local address = module:require "addresses".of;
local block_lists = module:require "block_lists";
local muc = module:require "muc";
local parties = module:require "parties";
local seen_in_rooms = module:require "seen_in_rooms";

local xmlns_muc_user = "http://jabber.org/protocol/muc#user";
local seconds_between_lines = 60;

-- A room does not tell from which of several devices under one name something comes.
local function is_occupant_blocked(username, room, jid)
	local occupant = room:get_occupant_by_nick(jid);
	if not occupant then return false; end
	if block_lists.has(username, occupant.bare_jid) then return true; end
	for real_jid in occupant:each_session() do
		if block_lists.has(username, real_jid) then return true; end
	end
	return false;
end

-- What is for an account may be about any room that one of its clients is in.
local function sessions_of(username, to)
	local session = prosody.full_sessions[to];
	if session then return { session }; end
	local user = prosody.hosts[module.host].sessions[username];
	return user and user.sessions or {};
end

local function is_behind_a_room(username, to, jid)
	local room = muc.room(jid);
	if room then return is_occupant_blocked(username, room, jid); end
	for _, session in pairs(sessions_of(username, to)) do
		local real_jid = seen_in_rooms.real_address(session, jid);
		if real_jid and block_lists.has(username, real_jid) then return true; end
	end
	return false;
end

local function is_person_blocked(username, to, jid)
	return block_lists.has(username, jid) or is_behind_a_room(username, to, jid);
end

-- Who invites, or declines an invitation, by a room (XEP-0045 §7.8.2). -> address | nil
local function spokesman_of(stanza)
	local x = stanza.name == "message" and stanza:get_child("x", xmlns_muc_user);
	local said = x and (x:get_child("invite") or x:get_child("decline"));
	return said and said.attr.from and jid_prep(said.attr.from);
end

local function is_blocked(event)
	local stanza = event.stanza;
	local from, to = stanza.attr.from, stanza.attr.to;
	if not from or not to then return nil; end
	local recipient = address(to);
	local username = recipient.node;
	if not username or recipient.host ~= module.host or address(from).bare == recipient.bare then return nil; end
	if block_lists.is_empty(username) then return nil; end
	if is_person_blocked(username, to, from) then return true; end
	local spokesman = spokesman_of(stanza);
	return spokesman and is_person_blocked(username, to, spokesman) or nil;
end

-- Is it for somebody else to have looked at the sender? mod_blocklist has, unless a room stands between.
local function may_be_behind_a_room(event)
	local stanza = event.stanza;
	local from, to = stanza.attr.from, stanza.attr.to;
	if muc.room(from) or stanza:get_child("x", xmlns_muc_user) then return true; end
	local room = address(from).bare;
	for _, session in pairs(sessions_of(address(to).node, to)) do
		if parties.has_entered(session, room) then return true; end
	end
	return false;
end

-- One line for many stanzas: a disk that is gone is gone for all of them.
local function report(err)
	local now = os.time();
	if now < (module.wasm_unknown_blocked or 0) + seconds_between_lines then return; end
	module.wasm_unknown_blocked = now;
	module:log("error", "It is not known whether a sender is blocked: %s", tostring(err));
end

-- (event, direction, passage) -> true | nil. If nobody knows, nothing is delivered that may come from behind a room: who is
-- blocked must not come in because a disk is full.
return function (event)
	local ok, found = pcall(is_blocked, event);
	if ok then return found; end
	report(found);
	local is_known, may_be = pcall(may_be_behind_a_room, event);
	return (not is_known or may_be) and true or nil;
end;

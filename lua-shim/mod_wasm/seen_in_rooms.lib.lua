-- Whom a user's client sees in rooms elsewhere, as far as they show who is behind a name (XEP-0045 §7.2.2): in rooms that are
-- not anonymous everybody, in others moderators. Rooms of ours can be asked directly and are not here.

local jid_bare = require "util.jid".bare;
local jid_prep = require "util.jid".prep;
local jid_split = require "util.jid".split;
local parties = module:require "parties";

local xmlns_muc_user = "http://jabber.org/protocol/muc#user";
-- Of one client. A room can show as many as it likes; those that do not fit have no real address.
local most = 5000;

local function is_of_ours(room_jid)
	local _, name = jid_split(room_jid);
	local host = prosody.hosts[name];
	return host ~= nil and host.modules ~= nil and host.modules.muc ~= nil;
end

-- Kept with the session, over a reload: { count, real = { [address in the room] = real address },
-- occupants = { [real address without resource] = { [address in the room] = true } } }
local function seen_by(session)
	local seen = session.wasm_seen_in_rooms;
	if not seen then
		seen = { count = 0; real = {}; occupants = {} };
		session.wasm_seen_in_rooms = seen;
	end
	return seen;
end

local function forget(seen, occupant)
	local real = seen.real[occupant];
	if not real then return; end
	local bare = jid_bare(real);
	local occupants = seen.occupants[bare];
	occupants[occupant] = nil;
	if not next(occupants) then seen.occupants[bare] = nil; end
	seen.real[occupant], seen.count = nil, seen.count - 1;
end

local function forget_room(seen, room_jid)
	for occupant in pairs(seen.real) do
		if jid_bare(occupant) == room_jid then forget(seen, occupant); end
	end
end

local function remember(seen, occupant, real)
	if seen.real[occupant] == real then return; end
	forget(seen, occupant);
	if seen.count >= most then return; end
	local bare = jid_bare(real);
	seen.occupants[bare] = seen.occupants[bare] or {};
	seen.occupants[bare][occupant] = true;
	seen.real[occupant], seen.count = real, seen.count + 1;
end

local function statuses_of(x)
	local statuses = {};
	for status in x:childtags("status") do
		if status.attr.code then statuses[status.attr.code] = true; end
	end
	return statuses;
end

-- Of whoever changes his name it is said that the old one is not there any more, but he stays, and is not shown the others
-- again (XEP-0045 §7.6).
local function has_left(x)
	local statuses = statuses_of(x);
	return statuses["110"] == true and not statuses["303"];
end

local function note_of(session, stanza, x)
	local occupant, seen = stanza.attr.from, seen_by(session);
	local room_jid = jid_bare(occupant);
	if stanza.attr.type ~= nil then
		forget(seen, occupant);
		if has_left(x) then forget_room(seen, room_jid); end
		return;
	end
	local item = x:get_child("item");
	local real = item and item.attr.jid and jid_prep(item.attr.jid);
	if real and parties.has_entered(session, room_jid) then remember(seen, occupant, real); else forget(seen, occupant); end
end

-- "presence/full", before anybody can keep it back. Anybody can say so: it counts from where the client sent presence to.
local function note(event)
	local stanza = event.stanza;
	local from, x = stanza.attr.from, stanza:get_child("x", xmlns_muc_user);
	local session = x and from and prosody.full_sessions[stanza.attr.to];
	if not session or session.host ~= module.host or is_of_ours(from) then return nil; end
	note_of(session, stanza, x);
	return nil;
end

-- Who is behind an address in a room elsewhere, as the room showed it to this session. -> address | nil
local function real_address(session, occupant_jid)
	local seen = session.wasm_seen_in_rooms;
	local real = seen and seen.real[occupant_jid];
	return real and parties.has_entered(session, jid_bare(occupant_jid)) and real or nil;
end

-- Does this session see somebody, by his address without resource, in a room elsewhere in which it is?
local function has_seen(session, bare)
	local seen = session.wasm_seen_in_rooms;
	for occupant in pairs(seen and seen.occupants[bare] or {}) do
		if parties.has_entered(session, jid_bare(occupant)) then return true; end
	end
	return false;
end

return { note = note; real_address = real_address; has_seen = has_seen };

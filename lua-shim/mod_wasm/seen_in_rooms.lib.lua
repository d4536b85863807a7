-- Whom a user's client sees in rooms elsewhere, as far as they show who is behind a name (XEP-0045 §7.2.2): in rooms that are
-- not anonymous everybody, in others moderators. Rooms of ours can be asked directly and are not here.

local jid_bare = require "util.jid".bare;
local jid_prep = require "util.jid".prep;
local muc = module:require "muc";
local parties = module:require "parties";
local statuses = module:require "statuses";

local xmlns_muc_user = "http://jabber.org/protocol/muc#user";
-- Of one client. A room can show as many as it likes, but not so that others cannot.
local most = 5000;

-- Kept with the session, over a reload: { count, rooms = { [room] = { count, real = { [address in the room] = real address },
-- people = { [real address without resource] = by how many names } } } }
local function seen_by(session)
	local seen = session.wasm_seen_in_rooms;
	if not seen then
		seen = { count = 0; rooms = {} };
		session.wasm_seen_in_rooms = seen;
	end
	return seen;
end

local function add(seen, room, number)
	room.count, seen.count = room.count + number, seen.count + number;
end

local function add_name(room, real, number)
	local bare = jid_bare(real);
	local names = (room.people[bare] or 0) + number;
	room.people[bare] = names > 0 and names or nil;
end

local function forget(seen, occupant)
	local room_jid = jid_bare(occupant);
	local room = seen.rooms[room_jid];
	local real = room and room.real[occupant];
	if not real then return; end
	room.real[occupant] = nil;
	add_name(room, real, -1);
	add(seen, room, -1);
	if room.count == 0 then seen.rooms[room_jid] = nil; end
end

local function forget_room(seen, room_jid)
	local room = seen.rooms[room_jid];
	if not room then return; end
	seen.rooms[room_jid], seen.count = nil, seen.count - room.count;
end

-- Not every room says so when one is out of it.
local function forget_left(session, seen)
	local entered = parties.entered(session);
	for room_jid in pairs(seen.rooms) do
		if not entered[room_jid] then forget_room(seen, room_jid); end
	end
end

local function largest(seen)
	local found;
	for _, room in pairs(seen.rooms) do
		if not found or room.count > found.count then found = room; end
	end
	return found;
end

-- Rooms in which the client is no more go first, then somebody in the largest room.
local function has_place(session, seen, room_jid)
	if seen.count < most then return true; end
	forget_left(session, seen);
	if seen.count < most then return true; end
	local room, most_seen = seen.rooms[room_jid], largest(seen);
	if room and room.count >= most_seen.count then return false; end
	forget(seen, (next(most_seen.real)));
	return true;
end

local function remember(session, seen, occupant, real)
	local room_jid = jid_bare(occupant);
	local room = seen.rooms[room_jid];
	if room and room.real[occupant] == real then return; end
	forget(seen, occupant);
	if not has_place(session, seen, room_jid) then return; end
	room = seen.rooms[room_jid] or { count = 0; real = {}; people = {} };
	seen.rooms[room_jid], room.real[occupant] = room, real;
	add_name(room, real, 1);
	add(seen, room, 1);
end

-- Of whoever changes his name it is said that the old one is not there any more, but he stays, and is not shown the others
-- again (XEP-0045 §7.6).
local function has_left(x)
	local codes = statuses.of(x);
	return codes["110"] == true and not codes["303"];
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
	if real and parties.has_entered(session, room_jid) then remember(session, seen, occupant, real); else forget(seen, occupant); end
end

-- "presence/full", before anybody can keep it back. Anybody can say so: it counts from where the client sent presence to.
local function note(event)
	local stanza = event.stanza;
	local from, x = stanza.attr.from, stanza:get_child("x", xmlns_muc_user);
	local session = x and from and prosody.full_sessions[stanza.attr.to];
	if not session or session.host ~= module.host or muc.at(from) then return nil; end
	note_of(session, stanza, x);
	return nil;
end

-- Who is behind an address in a room elsewhere, as the room showed it to this session. -> address | nil
local function real_address(session, occupant_jid)
	local room_jid, seen = jid_bare(occupant_jid), session.wasm_seen_in_rooms;
	local room = seen and seen.rooms[room_jid];
	local real = room and room.real[occupant_jid];
	return real and parties.has_entered(session, room_jid) and real or nil;
end

-- Does this session see somebody, by his address without resource, in a room elsewhere in which it is?
local function has_seen(session, bare)
	local entered; -- not looked for in vain
	for room_jid, room in pairs(session.wasm_seen_in_rooms and session.wasm_seen_in_rooms.rooms or {}) do
		if room.people[bare] then
			entered = entered or parties.entered(session);
			if entered[room_jid] then return true; end
		end
	end
	return false;
end

return { note = note; real_address = real_address; has_seen = has_seen };

-- Whom a user meets in rooms on other servers, by the addresses that these rooms show to his clients (XEP-0045 §7.2.3).
-- Kept with the session, over a reload, and gone with it.

local jid_bare = require "util.jid".bare;
local jid_prep = require "util.jid".prep;
local jid_resource = require "util.jid".resource;
local parties = module:require "parties";

local xmlns_muc_user = "http://jabber.org/protocol/muc#user";
local most_people = 2000; -- of a session
local bare_sessions = prosody.bare_sessions;

local function is_about_himself(x)
	for status in x:childtags("status") do
		if status.attr.code == "110" then return true; end
	end
	return false;
end

local function shown_address(x)
	local item = x:get_child("item");
	local jid = item and item.attr.jid and jid_prep(item.attr.jid);
	return jid and jid_bare(jid);
end

-- Of each room the names in it: [room] = { [name] = address }, and how many there are in all.
local function known_to(session)
	local known = session.wasm_roommates;
	if not known then known = { rooms = {}; count = 0 }; session.wasm_roommates = known; end
	return known;
end

local function forget_name(known, room_jid, name)
	local people = known.rooms[room_jid];
	if not people or not people[name] then return; end
	people[name], known.count = nil, known.count - 1;
	if not next(people) then known.rooms[room_jid] = nil; end
end

local function forget_room(known, room_jid)
	for name in pairs(known.rooms[room_jid] or {}) do forget_name(known, room_jid, name); end
end

local function note_name(known, room_jid, name, address)
	forget_name(known, room_jid, name);
	if not address or known.count >= most_people then return; end
	local people = known.rooms[room_jid] or {};
	known.rooms[room_jid] = people;
	people[name], known.count = address, known.count + 1;
end

-- Anybody can send this: it counts from where the client itself has sent presence to, so from a room that it chose.
local function note(event)
	local stanza = event.stanza;
	local x = stanza:get_child("x", xmlns_muc_user);
	local session = x and prosody.full_sessions[stanza.attr.to];
	local name = session and jid_resource(stanza.attr.from);
	if not name then return nil; end
	local room_jid, known = jid_bare(stanza.attr.from), known_to(session);
	if stanza.attr.type == nil and parties.has_entered(session, room_jid) then
		note_name(known, room_jid, name, shown_address(x));
	elseif is_about_himself(x) then
		forget_room(known, room_jid);
	else
		forget_name(known, room_jid, name);
	end
	return nil;
end

local function meets(session, other)
	local known = session.wasm_roommates;
	for _, people in pairs(known and known.rooms or {}) do
		for _, address in pairs(people) do
			if address == other then return true; end
		end
	end
	return false;
end

-- Has one of the user's clients met the other in a room elsewhere?
local function have_met(user, other)
	local all = bare_sessions[user];
	for _, session in pairs(all and all.sessions or {}) do
		if meets(session, other) then return true; end
	end
	return false;
end

-- Has one of them entered this room elsewhere?
local function is_in_room(user, room_jid)
	local all = bare_sessions[user];
	for _, session in pairs(all and all.sessions or {}) do
		local known = session.wasm_roommates;
		if known and known.rooms[room_jid] then return true; end
	end
	return false;
end

return { note = note; have_met = have_met; is_in_room = is_in_room };

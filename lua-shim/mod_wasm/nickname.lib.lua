-- What a user is called in a room that he has entered with one of his clients.

local jid_bare = require "util.jid".bare;
local jid_resource = require "util.jid".resource;
local address = module:require "addresses".of;
local muc = module:require "muc";
local parties = module:require "parties";
local statuses = module:require "statuses";

local xmlns_muc_user = "http://jabber.org/protocol/muc#user";

-- A room of ours knows its occupants.
local function in_room_of_ours(session, room_jid)
	local room = muc.room(room_jid);
	local occupant = room and room:get_occupant_by_real_jid(session.full_jid);
	return occupant and jid_resource(occupant.nick);
end

-- A room elsewhere says what it calls the client, when it enters and whenever that changes (XEP-0045 §7.2.2, §7.6). Anybody
-- can say so: it counts from where the client itself has sent presence to. Kept with the session, over a reload.
local function note(event)
	local stanza = event.stanza;
	local x = stanza:get_child("x", xmlns_muc_user);
	local session = x and statuses.of(x)["110"] and prosody.full_sessions[stanza.attr.to];
	if not session or not stanza.attr.from then return nil; end
	local room_jid = jid_bare(stanza.attr.from);
	local is_there = stanza.attr.type == nil and parties.has_entered(session, room_jid);
	local names = session.wasm_nicknames or {};
	session.wasm_nicknames = names;
	names[room_jid] = is_there and jid_resource(stanza.attr.from) or nil;
	return nil;
end

-- Where the session sent presence to. Names that it had before or never got are among them: of several nobody knows which.
local function by_presence_sent(session, room_jid)
	local name;
	for jid in pairs(session.directed or {}) do
		if jid_bare(jid) == room_jid then
			if name then return nil; end
			name = jid_resource(jid);
		end
	end
	return name;
end

local function is_from_room(stanza)
	return stanza.attr.type == "groupchat" or stanza:get_child("x", xmlns_muc_user) ~= nil;
end

-- -> text | nil, when the stanza does not come from a room, the session has not entered it, or nobody knows
local function of(session, stanza)
	local from = stanza.attr.from;
	if not from or not from:find("@", 1, true) then return nil; end
	local room_jid = address(from).bare;
	local known = in_room_of_ours(session, room_jid) or session.wasm_nicknames and session.wasm_nicknames[room_jid];
	return known or is_from_room(stanza) and by_presence_sent(session, room_jid) or nil;
end

return { of = of; note = note };

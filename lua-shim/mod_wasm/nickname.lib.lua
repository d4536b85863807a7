-- What a user is called in a room that he has entered with one of his clients.

local jid_bare = require "util.jid".bare;
local jid_resource = require "util.jid".resource;

-- A room of ours knows its occupants, also after a change of the name.
local function in_room_of_ours(session, room_jid)
	local host = prosody.hosts[room_jid:match("@(.*)$")];
	local muc = host and host.modules and host.modules.muc;
	local room = muc and muc.get_room_from_jid and muc.get_room_from_jid(room_jid);
	local occupant = room and room:get_occupant_by_real_jid(session.full_jid);
	return occupant and jid_resource(occupant.nick);
end

-- Elsewhere: where the session has sent presence to.
local function in_room_elsewhere(session, room_jid)
	for jid in pairs(session.directed or {}) do
		if jid_bare(jid) == room_jid then return jid_resource(jid); end
	end
end

-- -> text | nil, when the stanza does not come from a room, or the session has not entered it
local function of(session, stanza)
	local from = stanza.attr.from;
	if not from or not from:find("@", 1, true) then return nil; end
	local room_jid = jid_bare(from);
	return in_room_of_ours(session, room_jid) or in_room_elsewhere(session, room_jid);
end

return { of = of };

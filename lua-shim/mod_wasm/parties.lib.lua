-- Who is at the two ends of a stanza, in the five words policies know:
-- "user", "remote", "component", "room", "service".

local address = module:require "addresses".of;

local hosts = prosody.hosts;

local function kind_of_host(name)
	local host = hosts[name];
	if not host then return "remote"; end
	if host.type ~= "component" then return "virtual"; end
	if host.modules.component then return "component"; end -- mod_component: connects from outside
	return host.modules.muc and "room" or "service";
end

local function kind_of_jid(jid)
	local parts = address(jid);
	local kind = kind_of_host(parts.host);
	if kind ~= "virtual" then return kind; end
	return parts.node and "user" or "service";
end

-- A client that sends presence to more addresses has rooms that we do not see, and nobody has to wait for it.
local most_directed = 2000;

-- The address by which a session is in a room, if it is.
local function entrance(directed, room)
	local left = most_directed;
	for jid in pairs(directed) do
		if address(jid).bare == room then return jid; end
		left = left - 1;
		if left == 0 then return nil; end
	end
	return nil;
end

-- Has this session entered the room? Prosody keeps the addresses that a session sent presence to directly,
-- and a contact is none of them. Once found, an address is looked for first.
local function has_entered(session, room)
	local directed = session and session.directed;
	if not directed then return false; end
	local entered = session.wasm_entrances or {};
	if entered[room] and directed[entered[room]] then return true; end
	local found = entrance(directed, room);
	entered[room], session.wasm_entrances = found, entered;
	return found ~= nil;
end

-- All rooms that this session has entered, for whoever asks about several. -> { [address] = true }
local function entered(session)
	local rooms, left = {}, most_directed;
	for jid in pairs(session.directed or {}) do
		rooms[address(jid).bare or jid] = true;
		left = left - 1;
		if left == 0 then break; end
	end
	return rooms;
end

-- A room elsewhere is a room to the users who have entered it. The type of a message proves nothing: a
-- person can send and get "groupchat" as well.
local function or_room(kind, stanza, session, jid)
	if (kind == "remote" or kind == "component") and stanza.attr.type == "groupchat" and stanza.name == "message"
		and has_entered(session, address(jid).bare) then
		return "room";
	end
	return kind;
end

local function kind_of_source(origin, stanza)
	local origin_type = origin and origin.type;
	if origin_type == "c2s" then return "user"; end
	if origin_type == "s2sin" then return "remote"; end
	-- Hosts of ours are called "component" too; they have events, the session of a component has none.
	if origin_type == "component" and not origin.events then return "component"; end
	local from = stanza.attr.from;
	return from and kind_of_jid(from) or "service";
end

local function source(origin, stanza)
	local session = stanza.attr.to and prosody.full_sessions[stanza.attr.to];
	return or_room(kind_of_source(origin, stanza), stanza, session, stanza.attr.from);
end

-- Without an address a stanza is for the sender's own account.
local function destination(origin, stanza)
	local to = stanza.attr.to;
	if not to then return "user"; end
	return or_room(kind_of_jid(to), stanza, origin and origin.type == "c2s" and origin or nil, to);
end

-- There are few of them, and every stanza has one: none is made twice, and nobody may change one.
local passages = {};
for _, direction in ipairs({ "outgoing", "incoming" }) do
	passages[direction] = { user = {}; remote = {}; component = {}; room = {}; service = {} };
end

-- questions: where crossing.lib.lua keeps what the library calls the questions about it
local function between(direction, from, to)
	local ways = passages[direction][from];
	local known = ways[to];
	if not known then
		known = { direction = direction; source = from; destination = to; questions = {} };
		ways[to] = known;
	end
	return known;
end

local function passage(direction, origin, stanza)
	return between(direction, source(origin, stanza), destination(origin, stanza));
end

return { source = source; destination = destination; between = between; passage = passage; has_entered = has_entered; entered = entered };

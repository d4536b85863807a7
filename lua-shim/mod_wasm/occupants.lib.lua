-- What a room writes down of those who are in it when it is evicted from memory, or the server stops: their presence, which
-- may carry a text, for when the room is back. It is not asked about, so this is the same for every policy that keeps.

local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local xmlns_caps = "http://jabber.org/protocol/caps";
local shows = { away = true; chat = true; dnd = true; xa = true };

-- The rest of a presence is text, or could be.
local function is_kept(child)
	if type(child) ~= "table" then return false; end
	local xmlns = child.attr and child.attr.xmlns;
	if child.name == "show" and not xmlns then return shows[child[1]] == true; end
	if child.name == "priority" and not xmlns then return tonumber(child[1]) ~= nil; end
	return child.name == "c" and xmlns == xmlns_caps;
end

-- A stanza as it is stored, in the form of util.stanza.preserialize.
local function without_texts(presence)
	local copy = { name = presence.name; attr = presence.attr };
	for _, child in ipairs(presence) do
		if is_kept(child) then copy[#copy + 1] = child; end
	end
	return copy;
end

-- state: what `room:freeze(true)` makes, by real address, by address in the room, and of the last message
local function strip(state)
	for key, value in pairs(state) do
		if type(value) == "table" and value.name == "presence" then state[key] = without_texts(value); end
	end
	return state;
end

-- Is this the presence of a session of ours that is no more? A crash leaves them.
local function is_gone(address, value)
	if type(value) ~= "table" or value.name ~= "presence" then return false; end
	local _, name = jid_split(address);
	local host = prosody.hosts[name];
	return host ~= nil and host.type ~= "component" and not prosody.full_sessions[address];
end

-- Takes out the last message if it is not younger than this time, and who is not there any more. -> has it changed?
local function expire(state, time)
	local has_changed, present = false, {};
	if state._last_message_at and state._last_message_at <= time then
		state._last_message, state._last_message_at, has_changed = nil, nil, true;
	end
	for address, value in pairs(state) do
		if is_gone(address, value) then
			state[address], has_changed = nil, true;
		elseif type(value) == "table" and value.name == "presence" then
			present[jid_bare(address)] = true;
		end
	end
	for nick, value in pairs(state) do
		if type(value) == "table" and value.bare_jid and not present[value.bare_jid] then state[nick], has_changed = nil, true; end
	end
	return has_changed;
end

-- Each room gets a `freeze` of its own, which Prosody calls instead of that of all rooms.
local function watch(room, is_heard)
	if rawget(room, "freeze") then return; end
	local freeze = room.freeze;
	room.freeze = function (...)
		local frozen, state = freeze(...);
		if state and is_heard() then
			local ok, stripped = pcall(strip, state);
			state = ok and stripped or nil;
		end
		return frozen, state;
	end;
end

local is_stopping = false; -- then rooms may be written down after this module has gone

local function live_rooms()
	local muc = prosody.hosts[module.host].modules.muc;
	return muc and muc.live_rooms and muc.live_rooms() or function () end;
end

local function start(is_heard)
	for room in live_rooms() do watch(room, is_heard); end
	local function hook(event_name)
		module:hook(event_name, function (event)
			if event.room then watch(event.room, is_heard); end
		end, 1000);
	end
	module:hook_global("server-stopping", function () is_stopping = true; end);
	for _, event_name in ipairs({ "muc-room-pre-create", "muc-room-created", "muc-room-restored" }) do hook(event_name); end
end

local function stop()
	if is_stopping then return; end
	for room in live_rooms() do room.freeze = nil; end
end

return { start = start; stop = stop; expire = expire };

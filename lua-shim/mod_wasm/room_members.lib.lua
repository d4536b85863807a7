-- Who is in a room when it becomes one for members only becomes a member, or he would be thrown out; and when it becomes one in
-- which everybody is shown, he is shown.
--
-- All of them at once, as the room must not change in between. Everybody hears of it one after the other: what Prosody does for one
-- of them is as much work as there are people in the room.

local now = require "util.time".monotonic;
local st = require "util.stanza";

local xmlns_muc_user = "http://jabber.org/protocol/muc#user";
local seconds_at_once, seconds_between = 0.005, 0.05;

-- A member may speak where a guest may not.
local function raise_role(room, occupant)
	local role = room:get_default_role("member");
	if occupant.role ~= "visitor" or role == "visitor" then return; end
	occupant.role = role;
	room:save_occupant(occupant);
end

local function show(room, guest)
	local occupant = room:get_occupant_by_nick(guest.nick);
	if not occupant or occupant.bare_jid ~= guest.bare then return; end
	room:publicise_occupant_status(occupant, st.stanza("x", { xmlns = xmlns_muc_user }));
end

local function tell_of_membership(room, guest)
	if room:get_affiliation(guest.bare) ~= "member" then return; end
	local occupant = room:get_occupant_by_nick(guest.nick);
	local is_there = occupant ~= nil and occupant.bare_jid == guest.bare;
	if is_there then
		raise_role(room, occupant);
		room:publicise_occupant_status(occupant, st.stanza("x", { xmlns = xmlns_muc_user }));
	end
	module:fire_event("muc-set-affiliation", { room = room; jid = guest.bare; affiliation = "member"; previous_affiliation = "none"; in_room = is_there });
end

local function tell_slowly(room, guests, tell)
	local position = 1;
	module:add_timer(0, function ()
		local stop_at = now() + seconds_at_once;
		while guests[position] and not room.destroying do
			local ok, err = pcall(tell, room, guests[position]);
			if not ok then module:log("error", "What somebody is in a room now was not told: %s", tostring(err)); end
			position = position + 1;
			if now() > stop_at then return seconds_between; end
		end
		return nil;
	end);
end

-- It is saved by whoever changes the room.
local function make_members(room)
	local guests = {};
	for nick, occupant in room:each_occupant() do
		local affiliation = room:get_affiliation(occupant.bare_jid);
		if not affiliation or affiliation == "none" then guests[#guests + 1] = { nick = nick; bare = occupant.bare_jid }; end
	end
	for _, guest in ipairs(guests) do room._affiliations[guest.bare] = "member"; end
	if guests[1] then tell_slowly(room, guests, tell_of_membership); end
end

-- Everybody, whatever his role.
local function show_all(room)
	local guests, was_shown = {}, room:get_presence_broadcast();
	for nick, occupant in room:each_occupant() do
		if not was_shown[occupant.role or "none"] then guests[#guests + 1] = { nick = nick; bare = occupant.bare_jid }; end
	end
	room._data.presence_broadcast = { visitor = true; participant = true; moderator = true };
	if guests[1] then tell_slowly(room, guests, show); end
end

return { make_members = make_members; show_all = show_all };

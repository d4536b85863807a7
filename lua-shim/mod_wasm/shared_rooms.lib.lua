-- Who is in a room of this server, or a member of one, with a user of this host. To go through all rooms for each question
-- would take long, so there is an index of who may be where; the rooms themselves are asked before it counts.

local jid_split = require "util.jid".split;
local now = require "util.time".monotonic;
local rooms_here = module:require "muc";

local most_entries = 500000;
local most_members = 5000; -- of one room, who have not entered it: its owner can name as many as he likes
-- Of one question. To ask a room may be to read it from the disk, so what others can make up is not asked at all: only
-- rooms that the user has entered.
local most_asked = 20;
local seconds_at_once, seconds_between = 0.005, 0.05;
local is_member = { owner = true; admin = true; member = true };
-- With a member's affiliation, as Prosody keeps it: others can make somebody a member, but only he himself can enter.
local entered = "wasm_entered";


local function is_in(room, bare)
	for _, occupant in pairs(room._occupants) do
		if occupant.bare_jid == bare then return true; end
	end
	return false;
end

local function belongs(room, bare) return is_member[room:get_affiliation(bare)] or is_in(room, bare); end

-- Of his own will?
local function has_entered(room, bare)
	return is_in(room, bare) or is_member[room:get_affiliation(bare)] and room:get_affiliation_data(bare, entered) == true;
end

local function new()
	local self = {};
	local rooms_of, entries = {}, 0; -- [bare address] = { [room] = has he entered it? }
	local named = {}; -- [room] = how many of these have not entered it

	local function count_named(room_jid, difference)
		local count = (named[room_jid] or 0) + difference;
		named[room_jid] = count > 0 and count or nil;
	end
	local watched = {}; -- [host] = its session, when we listen to it
	local is_needed, run = false, 0;

	local function note(bare, room_jid, is_entered)
		local rooms = rooms_of[bare];
		if rooms and rooms[room_jid] ~= nil then
			if is_entered and not rooms[room_jid] then count_named(room_jid, -1); end
			rooms[room_jid] = rooms[room_jid] or is_entered;
			return;
		end
		if entries >= most_entries or not is_entered and (named[room_jid] or 0) >= most_members then return; end
		if not is_entered then count_named(room_jid, 1); end
		rooms_of[bare] = rooms or {};
		rooms_of[bare][room_jid], entries = is_entered, entries + 1;
		if entries == most_entries then
			module:log("warn", "There are so many people in rooms that from now on it is not known of all who shares one");
		end
	end

	local function forget(bare, room_jid)
		local rooms = rooms_of[bare];
		if not rooms or rooms[room_jid] == nil then return; end
		if not rooms[room_jid] then count_named(room_jid, -1); end
		rooms[room_jid], entries = nil, entries - 1;
		if not next(rooms) then rooms_of[bare] = nil; end
	end

	local function note_affiliations(affiliations, data, room_jid)
		for bare, affiliation in pairs(affiliations or {}) do
			local of_him = type(data) == "table" and data[bare];
			if is_member[affiliation] then note(bare, room_jid, type(of_him) == "table" and of_him[entered] == true); end
		end
	end

	-- Once for each member of ours. -> is the room to be saved?
	local function mark(room, bare)
		local _, host = jid_split(bare);
		if host ~= module.host or not is_member[room:get_affiliation(bare)] then return false; end
		local data = room._affiliation_data[bare] or {};
		if data[entered] == true then return false; end
		data[entered], room._affiliation_data[bare] = true, data;
		return true;
	end

	-- people: a list of bare addresses
	local function note_occupants(room, people)
		local is_marked = false;
		for _, bare in ipairs(people) do
			note(bare, room.jid, true);
			is_marked = mark(room, bare) or is_marked;
		end
		if is_marked then room:save(true); end
	end

	local function has_been_in(room, bare)
		local rooms = rooms_of[bare];
		return is_in(room, bare) or rooms and rooms[room.jid] or false;
	end

	local function forget_if_gone(room, bare)
		if not belongs(room, bare) then forget(bare, room.jid); end
	end

	local function note_room(room)
		note_affiliations(room._affiliations, room._affiliation_data, room.jid);
		local people = {};
		for _, occupant in pairs(room._occupants) do people[#people + 1] = occupant.bare_jid; end
		note_occupants(room, people);
	end

	-- As mod_muc keeps a room: affiliations in a table of their own, or (13.0) among the rest.
	local function note_kept(host, jid)
		local data = module:context(host):open_store("config"):get((jid_split(jid)));
		if type(data) ~= "table" or rooms_here.of(host) == nil then return; end
		note_affiliations(type(data._affiliations) == "table" and data._affiliations or data, data._affiliation_data, jid);
	end

	local function kept_rooms(host)
		local ok, kept, err = pcall(function () return module:context(host):open_store("persistent"):get(nil); end);
		if ok and not err then return kept; end
		module:log("warn", "Which rooms of %s are kept could not be read: %s", host, tostring(not ok and kept or err));
		return nil;
	end

	local function queue_of_all()
		local queue = {};
		for host in pairs(watched) do
			local muc = rooms_here.of(host);
			for room in muc and muc.live_rooms and muc.live_rooms() or function () end do queue[#queue + 1] = { room = room }; end
			for jid in pairs(muc and kept_rooms(host) or {}) do queue[#queue + 1] = { host = host; jid = jid }; end
		end
		return queue;
	end

	local function look_at(entry)
		if entry.room then note_room(entry.room); else note_kept(entry.host, entry.jid); end
	end

	local function fill()
		run = run + 1;
		local this_run, queue, position = run, nil, 1;
		module:add_timer(0, function ()
			if run ~= this_run then return nil; end
			queue = queue or queue_of_all();
			local stop_at = now() + seconds_at_once;
			while queue[position] do
				local ok, err = pcall(look_at, queue[position]);
				if not ok then module:log("warn", "Who is in a room could not be read: %s", tostring(err)); end
				position = position + 1;
				if now() > stop_at then return seconds_between; end
			end
		end);
	end

	local function on(host, event_name, action)
		module:context(host):hook(event_name, function (event)
			if not is_needed then return; end
			local ok, err = pcall(action, event);
			if not ok then module:log("error", "Who is in a room could not be noted: %s", tostring(err)); end
		end, -20);
	end

	local function listen(host)
		on(host, "muc-occupant-joined", function (event) note_occupants(event.room, { event.occupant.bare_jid }); end);
		on(host, "muc-room-restored", function (event) note_room(event.room); end);
		on(host, "muc-occupant-left", function (event) forget_if_gone(event.room, event.occupant.bare_jid); end);
		on(host, "muc-room-destroyed", function (event)
			for bare in pairs(event.room._affiliations) do forget(bare, event.room.jid); end
		end);
		on(host, "muc-set-affiliation", function (event)
			if not is_member[event.affiliation] then return forget_if_gone(event.room, event.jid); end
			-- Prosody 0.12 forgets the mark when somebody else gives him a nickname.
			if has_been_in(event.room, event.jid) then return note_occupants(event.room, { event.jid }); end
			note(event.jid, event.room.jid, false);
		end);
	end

	function self.watch_hosts()
		local is_new = false;
		for name, host in pairs(prosody.hosts) do
			if watched[name] ~= host and rooms_here.of(name) then
				watched[name], is_new = host, true;
				listen(name);
			end
		end
		if is_new and is_needed then fill(); end
	end

	-- Is anybody going to ask?
	function self.need(needed)
		if needed == is_needed then return; end
		is_needed = needed;
		if needed then return fill(); end
		run, rooms_of, named, entries = run + 1, {}, {}, 0;
	end

	local function is_shared(user, other, jid)
		local room = rooms_here.room(jid);
		local user_belongs, other_belongs = room and belongs(room, user), room and belongs(room, other);
		if not user_belongs then forget(user, jid); end
		if not other_belongs then forget(other, jid); end
		return user_belongs and other_belongs and has_entered(room, user) and true or false;
	end

	-- Is there a room that this user of ours has entered, and the other as well, or is a member of?
	function self.share(user, other)
		local of_user, of_other = rooms_of[user], rooms_of[other];
		if not of_user or not of_other then return false; end
		local candidates = {};
		for jid, is_entered in pairs(of_user) do
			if is_entered and of_other[jid] ~= nil then candidates[#candidates + 1] = jid; end
			if #candidates == most_asked then break; end
		end
		for _, jid in ipairs(candidates) do
			if is_shared(user, other, jid) then return true; end
		end
		return false;
	end

	-- May he be in rooms of ours?
	function self.is_in_rooms(user) return rooms_of[user] ~= nil; end

	-- Has the user entered this room of ours?
	function self.is_in_room(user, jid)
		local of_user = rooms_of[user];
		if not of_user or not of_user[jid] then return false; end -- not entered, as far as we know
		local room = rooms_here.room(jid);
		return room and has_entered(room, user) or false;
	end

	return self;
end

return { new = new };

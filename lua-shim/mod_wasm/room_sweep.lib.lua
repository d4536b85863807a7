-- Goes through all rooms when other policies than before decide about them: first those in memory, then those that only
-- are on the disk. A little at a time, so that nobody waits for it.

local now = require "util.time".now;

local seconds_at_once, seconds_between = 0.005, 0.05;

local function muc() return prosody.hosts[module.host].modules.muc; end

-- Addresses, in an order in which looking at all of them leaves those used last as the last to be thrown out of memory.
local function live_rooms()
	local jids = {};
	for room in muc().live_rooms() do table.insert(jids, 1, room.jid); end
	return jids;
end

-- Of all rooms that are kept, as mod_muc keeps them.
local function kept_rooms()
	local kept, err = module:open_store("persistent"):get(nil);
	if not kept and err then module:log("error", "The list of rooms on the disk cannot be read, so they are left as they are: %s", tostring(err)); end
	return kept or {};
end

-- visit: function (room), for a room that was in memory; a room from the disk is visited when it is restored
local function new(visit)
	local self = {};
	local run = 0; -- each start ends what was going on before
	local restored; -- the address of the room that has come from the disk

	function self.note_restored(room) restored = room.jid; end

	-- Back to where it was, with what was being said in it.
	local function put_back(room)
		if room:has_occupant() then return; end
		room:save(nil, true);
		muc().forget_room(room);
	end

	local function look_at(jid)
		restored = nil;
		local room = muc().get_room_from_jid(jid);
		if not room or room.destroying or room._data.destroyed then return; end
		if restored == jid then put_back(room); else visit(room); end
	end

	local function try(jid)
		local ok, err = pcall(look_at, jid);
		if not ok then module:log("error", "A room could not be looked at, so it stays as it is: %s", tostring(err)); end
	end

	local function queue_of_all()
		local jids, is_live = live_rooms(), {};
		for _, jid in ipairs(jids) do is_live[jid] = true; end
		for jid in pairs(kept_rooms()) do
			if not is_live[jid] then jids[#jids + 1] = jid; end
		end
		return jids;
	end

	-- -> how long until it goes on | nil, when it is done
	local function go_on(jids, position)
		local stop_at = now() + seconds_at_once;
		repeat
			local jid = jids[position.next];
			if not jid then return nil; end
			position.next = position.next + 1;
			try(jid);
		until now() > stop_at;
		return seconds_between;
	end

	function self.start()
		run = run + 1;
		local this_run, jids, position = run, nil, { next = 1 };
		module:add_timer(seconds_between, function ()
			if run ~= this_run then return nil; end
			if not muc() then return 1; end
			jids = jids or queue_of_all();
			return go_on(jids, position);
		end);
	end

	function self.stop() run = run + 1; end

	return self;
end

return { new = new; kept_rooms = kept_rooms };

-- Goes through all rooms when other policies than before decide about them: first those in memory, then those that only
-- are on the disk. A little at a time, so that nobody waits for it.

local now = require "util.time".monotonic;

local seconds_at_once, seconds_between, seconds_until_again = 0.005, 0.05, 60;

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

-- visit: function (room) -> is it to be looked at again later?, for a room that was in memory; a room from the disk is visited
-- when it is restored
local function new(visit)
	local self = {};
	local run = 0; -- each start ends what was going on before
	local restored; -- { jid, is_postponed } of the room that has come from the disk

	function self.note_restored(room, is_postponed) restored = { jid = room.jid; is_postponed = is_postponed }; end

	-- Back to where it was, with what was being said in it, which the disk has no more since it was restored.
	local function put_back(room)
		if room:has_occupant() then return; end
		if room._history and room._history[1] then room:save(nil, true); end
		muc().forget_room(room);
	end

	local function look_at(jid)
		restored = nil;
		local room = muc().get_room_from_jid(jid);
		if not room or room.destroying or room._data.destroyed then return false; end
		if not restored or restored.jid ~= jid then return visit(room); end
		put_back(room);
		return restored.is_postponed;
	end

	-- -> is it to be looked at again later?
	local function try(jid)
		local ok, result = pcall(look_at, jid);
		if not ok then module:log("error", "A room could not be looked at, so it stays as it is: %s", tostring(result)); end
		return ok and result;
	end

	local function queue_of_all()
		local jids, is_live = live_rooms(), {};
		for _, jid in ipairs(jids) do is_live[jid] = true; end
		for jid in pairs(kept_rooms()) do
			if not is_live[jid] then jids[#jids + 1] = jid; end
		end
		return jids;
	end

	-- work: { jids, next, postponed = jids }. -> how long until it goes on | nil, when it is done
	local function go_on(work)
		local stop_at = now() + seconds_at_once;
		repeat
			local jid = work.jids[work.next];
			if not jid then break; end
			work.next = work.next + 1;
			if try(jid) then table.insert(work.postponed, jid); end
		until now() > stop_at;
		if work.jids[work.next] then return seconds_between; end
		work.jids, work.next, work.postponed = work.postponed, 1, {};
		return work.jids[1] and seconds_until_again or nil;
	end

	function self.start()
		run = run + 1;
		local this_run, work = run, nil;
		module:add_timer(seconds_between, function ()
			if run ~= this_run then return nil; end
			if not muc() then return 1; end
			local ok, result = pcall(function ()
				work = work or { jids = queue_of_all(); next = 1; postponed = {} };
				return go_on(work);
			end);
			if ok then return result; end
			module:log("error", "Rooms could not be gone through, so some stay as they are: %s", tostring(result));
		end);
	end

	function self.stop() run = run + 1; end

	return self;
end

return { new = new; kept_rooms = kept_rooms };

-- Files are kept no longer than the policies say, and no more than they say: the oldest go first.

local now = require "util.time".monotonic;

local seconds_between_sweeps = 15 * 60;
local seconds_at_once, pause = 0.005, 0.05;

-- index: upload_index.lib.lua; files: upload_files.lib.lua; is_arriving: is a file of this slot being uploaded?
local function new(index, files, is_arriving)
	local self = {};
	local limits, queue, is_working, is_watching, is_stopped, has_failed, is_asked_again = nil, {}, false, false, false, false, false;

	local function report(err)
		if has_failed then return; end
		has_failed = true;
		module:log("error", "Removing uploaded files failed, and is tried again in a quarter of an hour: %s", tostring(err));
	end

	-- -> the slots of which the file is gone
	local function remove_contents()
		local gone, stop_at = {}, now() + seconds_at_once;
		while #queue > 0 and now() < stop_at do
			local slot = table.remove(queue, 1);
			local removed, err = not is_arriving(slot);
			if removed then removed, err = files.remove_content(slot); end
			if removed then gone[#gone + 1] = slot; elseif err then report(err); break; end
		end
		return gone;
	end

	local function remove_some()
		local gone = remove_contents();
		if #gone == 0 then return; end
		files.forget(gone);
		index.remove(gone);
		module:log("debug", "Removed uploaded files that are not kept any longer: %d", #gone);
	end

	-- -> seconds until it goes on | nil
	local function go_on()
		remove_some();
		if #queue > 0 then return pause; end
		local seconds, err = files.remove_records();
		if err then report(err); end
		return seconds;
	end

	local function work()
		local ok, result = pcall(go_on);
		if not ok then
			queue = {};
			report(result);
		end
		if ok and result and not is_stopped then return result; end
		is_working = false;
		if is_asked_again then self.soon(); end
		return nil;
	end

	local function sweep()
		is_asked_again = is_working;
		if is_working or is_stopped or not limits then return; end
		local ok, slots = pcall(index.expired, limits, is_arriving);
		if not ok then return report(slots); end
		queue, is_working = slots, true;
		module:add_timer(0, work);
	end

	local function watch()
		is_watching = limits ~= nil and not is_stopped;
		if not is_watching then return nil; end
		has_failed = false;
		sweep();
		return seconds_between_sweeps;
	end

	-- What has newly come may be more than may be kept.
	function self.soon()
		if limits then module:add_timer(0, function () sweep(); end); end
	end

	-- new_limits: { hours, user_bytes, total_bytes } | nil
	function self.refresh(new_limits)
		limits = new_limits and next(new_limits) and new_limits or nil;
		if not limits then return; end
		self.soon();
		if is_watching then return; end
		is_watching = true;
		module:add_timer(seconds_between_sweeps, watch);
	end

	function self.stop() is_stopped = true; end

	return self;
end

return { new = new };

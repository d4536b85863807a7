-- What is kept is kept no longer than the policies say, to the hour; Prosody's own clean-up goes by days.

local now = require "util.time".monotonic;
local kept = module:require "kept";

local seconds_between_sweeps = 15 * 60;
local slice, pause = 0.005, 0.02; -- seconds of work at once, and between

-- memory: memory.lib.lua
local function new(memory)
	local self = { queue = {}, hours = nil, failed = 0 };
	local is_working = false;

	local function do_next()
		local job = table.remove(self.queue);
		local ok, done, err = pcall(job);
		if ok and done ~= nil and done ~= false then return; end
		self.failed = self.failed + 1;
		if self.failed == 1 then
			module:log("error", "Removing what is kept failed, and is tried again in a quarter of an hour: %s",
				tostring(ok and (err or "the store gives no reason") or done));
		end
	end

	local function work()
		local started = now();
		while #self.queue > 0 and now() - started < slice do do_next(); end
		if #self.queue > 0 then return pause; end
		is_working = false;
		return nil;
	end

	local function start(jobs)
		table.move(jobs, 1, #jobs, #self.queue + 1, self.queue);
		if is_working or #self.queue == 0 then return; end
		is_working = true;
		module:add_timer(0, work);
	end

	local function sweep()
		local time = os.time() - self.hours * 3600;
		self.failed = 0;
		memory.expire(time);
		start(kept.jobs_until(time));
	end

	local is_watching = false;

	local function watch()
		is_watching = self.hours ~= nil;
		if not is_watching then return nil; end
		if #self.queue > 0 then return seconds_between_sweeps; end -- the one before is still at it
		local ok, err = pcall(sweep);
		if not ok then module:log("error", "Looking for what is kept for too long failed: %s", tostring(err)); end
		return seconds_between_sweeps;
	end

	-- For how many hours from now on; nil when no policy says. What is too old by a shorter retention is removed now.
	function self.refresh(hours)
		if hours == self.hours then return; end
		self.hours = hours;
		if not hours then return; end
		sweep();
		if is_watching then return; end
		is_watching = true;
		module:add_timer(seconds_between_sweeps, watch);
	end

	-- Until it is done: nobody asks for it again.
	local function persistent(job)
		return function ()
			local ok, done, err = pcall(job);
			if ok and done then return true; end
			module:add_timer(seconds_between_sweeps, function () start({ persistent(job) }); end);
			return nil, ok and err or done;
		end;
	end

	function self.forget(username)
		memory.forget(username);
		local jobs = kept.jobs_for(username);
		for i, job in ipairs(jobs) do jobs[i] = persistent(job); end
		start(jobs);
	end

	return self;
end

return { new = new };

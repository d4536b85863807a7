-- Jobs that prepare generations. The library works in a thread; here they are started and looked at, always
-- from a timer: 0.12 forks after its modules are loaded, and a thread started before that would be lost.

local now = require "util.time".monotonic;

local max_running = 2; -- on the whole server: each may have a compiler beside it
local quick_seconds, seconds_between_looks, seconds_between_quick_looks = 1, 0.1, 0.02;

-- [work] = path of its component, for all hosts. Two that want the same file take turns: the second finds the cache filled.
local running = module:shared("/*/wasm/staging");

local function may_start(work)
	local count = 0;
	for _, path in pairs(running) do
		count = count + 1;
		if path == work.request.path then return false; end
	end
	return count < max_running;
end

-- self: { native, works = { [policy] = work } }
-- work: { key = name of the policy unless said, request, on_phase(phase, seconds), on_done(staged, seconds), on_unchanged(), on_error(sentence, phase) }
local methods = {};
methods.__index = methods;

local function key_of(work) return work.key or work.request.name; end

function methods:forget(work)
	running[work] = nil;
	if self.works[key_of(work)] == work then self.works[key_of(work)] = nil; end
end

-- What becomes of a work is told once.
function methods:finish(work, callback, ...)
	self:forget(work);
	local ok, err = pcall(work[callback], ...);
	if ok then return; end
	module:log("error", "What follows the staging of %s failed: %s", work.request.name, tostring(err));
	if callback ~= "on_error" then pcall(work.on_error, tostring(err), "publishing"); end
end

function methods:begin(work)
	if not may_start(work) then return; end
	local job, err = self.native.stage(work.request);
	if not job then return self:finish(work, "on_error", tostring(err), "starting"); end
	work.job, work.began, running[work] = job, now(), work.request.path;
end

function methods:look(work)
	local answer, what, phase = work.job:poll();
	if answer == "done" then return self:finish(work, "on_done", what, now() - work.began); end
	if answer == "unchanged" then return self:finish(work, "on_unchanged"); end
	if answer ~= "running" then return self:finish(work, "on_error", tostring(what), phase); end
	if what ~= work.phase then
		work.phase = what;
		if work.on_phase then work.on_phase(what, now() - work.began); end
	end
end

function methods:step(work)
	if work.job then self:look(work); else self:begin(work); end
end

function methods:tick()
	local works, newest = {}, math.huge;
	for _, work in pairs(self.works) do works[#works + 1] = work; end
	table.sort(works, function (a, b) return a.number < b.number; end);
	for _, work in ipairs(works) do
		local ok, err = pcall(self.step, self, work);
		if not ok then self:finish(work, "on_error", tostring(err), "staging"); end
		newest = math.min(newest, work.began and now() - work.began or 0);
	end
	if next(self.works) == nil then self.is_ticking = false; return nil; end
	return newest < quick_seconds and seconds_between_quick_looks or seconds_between_looks;
end

-- The younger work for a policy takes the place of the older.
function methods:add(work)
	self:cancel(key_of(work), "something newer was asked for meanwhile");
	self.last_number = self.last_number + 1;
	work.number, work.job, work.phase, work.began = self.last_number, nil, nil, nil;
	self.works[key_of(work)] = work;
	if self.is_ticking then return; end
	self.is_ticking = true;
	module:add_timer(0, function () return self:tick(); end);
end

function methods:cancel(name, reason)
	local work = self.works[name];
	if not work then return; end
	if work.job then pcall(work.job.cancel, work.job); end
	self:finish(work, "on_error", reason, "cancelled");
end

function methods:phase_of(name)
	local work = self.works[name];
	return work and (work.phase or "waiting");
end

function methods:is_idle()
	return next(self.works) == nil;
end

function methods:stop()
	for name in pairs(self.works) do self:cancel(name, "mod_wasm was unloaded meanwhile"); end
end

local function new(native)
	return setmetatable({ native = native; works = {}; last_number = 0 }, methods);
end

return { new = new };

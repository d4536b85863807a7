-- Timers that go with the module. Prosody keeps one of a module that was unloaded until its time has come, only not to call it, and
-- with it all of that module: 600 KB of a reload for a quarter of an hour, since that is how far apart the clean-ups are.

local add_timer = module.add_timer; -- Prosody's own
local pending = setmetatable({}, { __mode = "k" }); -- those that are over are collected

local function add(_, delay, callback, ...)
	local timer = add_timer(module, delay, callback, ...);
	pending[timer] = true;
	return timer;
end

local function stop_all()
	for timer in pairs(pending) do timer:stop(); end
end

return { add = add; stop_all = stop_all };

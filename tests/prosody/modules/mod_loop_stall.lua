-- How long the event loop keeps everybody waiting: the time from one return of epoll_wait to the next call of it.
-- At the shell: stall:clear() begins, stall:dump("FILE"): a line "moment seconds" for each of at least 0.1 ms, and the sum;
-- stall:dump("FILE", true): with the processor time in place of that on the wall, which a busy machine makes longer.
module:set_global();

local monotonic = require "util.time".monotonic;
local methods = debug.getmetatable(require "util.poll".new()).__index;
local wait = methods.wait;
local shortest = 0.0001;
local moments, lengths, worked, iterations, returned, clock, is_recording = {}, {}, {}, 0, nil, 0, false;

function methods.wait(...)
	if returned then
		iterations = iterations + 1;
		local length = monotonic() - returned;
		if is_recording and length >= shortest then
			moments[#moments + 1], lengths[#lengths + 1], worked[#worked + 1] = returned, length, os.clock() - clock;
		end
	end
	local fd, r, w = wait(...);
	returned, clock = monotonic(), os.clock();
	return fd, r, w;
end

local commands = {};

function commands.clear()
	moments, lengths, worked, iterations, is_recording = {}, {}, {}, 0, true;
	return true, "cleared";
end

function commands.dump(_, path, is_processor)
	local measured = is_processor and worked or lengths;
	local file = assert(io.open(path, "w"));
	for index, moment in ipairs(moments) do file:write(("%.6f %.6f\n"):format(moment, measured[index])); end
	file:close();
	return true, ("%d of %d iterations"):format(#moments, iterations);
end

local sections = module:shared("/*/admin_shell/env");

function module.load() sections.stall = commands; end

function module.unload()
	methods.wait = wait;
	sections.stall = nil;
end

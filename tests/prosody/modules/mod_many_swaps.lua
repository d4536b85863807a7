-- Swaps a policy many times from inside, by the shell's own command, and looks at what the process holds meanwhile.
-- At the shell: many:swaps("HOST", "POLICY", NUMBER, SAMPLES, { { "FILE", "--flag=value", .. }, .. })
module:set_global();

local lfs = require "lfs";
local promise = require "util.promise";

local sections = module:shared("/*/admin_shell/env");
local quiet = { session = { print = function () end } };

local function count(iterator, state)
	local number = 0;
	for _ in iterator, state do number = number + 1; end
	return number;
end

local function status(name)
	for line in io.lines("/proc/self/status") do
		local value = line:match("^"..name..":%s+(%d+)");
		if value then return tonumber(value); end
	end
end

-- Everything that Lua itself can still reach is counted twice: what is garbage must be gone by then.
local function sample(number)
	collectgarbage(); collectgarbage();
	return ("swaps=%d resident=%d mappings=%d descriptors=%d threads=%d registry=%d lua=%d"):format(number, status("VmRSS"),
		count(io.lines("/proc/self/maps")), count(lfs.dir("/proc/self/fd")) - 2, status("Threads"),
		count(pairs(debug.getregistry())), math.floor(collectgarbage("count")));
end

local commands = {};

function commands:swaps(host, policy, number, samples, choices)
	local print, every = self.session.print, math.max(1, number // samples);
	return promise.new(function (resolve, reject)
		local function step(done)
			if done % every == 0 then print(sample(done)); end
			if done == number then return resolve(("%d swaps"):format(done)); end
			local choice = choices[done % #choices + 1];
			local answer, err = sections.wasm.swap(quiet, host, policy, table.unpack(choice));
			if not answer then return reject(("swap %d: %s"):format(done + 1, err)); end
			answer:next(function ()
				-- From the loop, so that the stack does not grow with the number.
				module:add_timer(0, function () step(done + 1); end);
			end, function (reason) reject(("swap %d: %s"):format(done + 1, tostring(reason))); end);
		end
		step(0);
	end);
end

function module.load() sections.many = commands; end
function module.unload() sections.many = nil; end

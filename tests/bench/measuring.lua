-- What the groups in Lua share: rounds in which all that is compared takes turns, and rows for run.py, which does the sums.
-- Run from the project's folder.

package.path = "tests/bench/?.lua;tests/lua/?.lua;"..package.path;
local native = require "native"; -- makes Prosody's own files known
local encode = require "util.json".encode;

-- Prosody's own settings of the collector.
collectgarbage("incremental", 105, 500);

local rounds = tonumber(os.getenv("BENCH_ROUNDS")) or 41;
local batch_seconds = 0.002;
local clock = os.clock; -- processor time: something else may run on this machine

local function seconds(action, count)
	local before = clock();
	for _ = 1, count do action(); end
	return clock() - before;
end

-- How often it is done in a round; so that it is warm, too.
local function batch_of(action)
	local count = 1;
	while true do
		local spent = seconds(action, count);
		if spent >= batch_seconds / 2 then return math.max(1, math.ceil(count * batch_seconds / spent)); end
		count = count * 2;
	end
end

-- row: { case, what, unit, values, reference = the `what` of another row of the case }
local function emit(row)
	io.stdout:write(encode(row), "\n");
	io.stdout:flush();
end

-- subjects: { { what, action, [reference] }, .. }; of those without a reference of their own it is the first.
local function compare(case, subjects)
	collectgarbage();
	local batches, values = {}, {};
	for number, subject in ipairs(subjects) do
		batches[number], values[number] = batch_of(subject[2]), {};
	end
	for round = 1, rounds do
		for number, subject in ipairs(subjects) do
			values[number][round] = seconds(subject[2], batches[number]) / batches[number] * 1e6;
		end
	end
	for number, subject in ipairs(subjects) do
		emit({ case = case, what = subject[1], unit = "µs", values = values[number], reference = subject[3] or subjects[1][1] });
	end
end

return { native = native, rounds = rounds, emit = emit, compare = compare };

-- What it costs to take the addresses out of a line of the log, beside what Prosody spends on that line anyway:
-- string.format. Ratios are of one run on one machine; the microseconds are only good for those.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";
local now = require "util.time".monotonic;
local format = require "util.format".format;

local rounds, batch = 15, 20000;

local lines = {
	{ "no address", "Not archiving stanza: %s (%s)", "<presence xml:lang='en' type='unavailable'>", "not a message" };
	{ "one bare JID", "Authenticated as %s@%s [%s]", "alice", "example.org", "prosody:registered" };
	{ "a stanza's head", "Sending[c2s]: %s", "<message xml:lang='en' id='a1' from='alice@example.org/phone' to='bob@example.org' type='chat'>" };
	{ "a connection", "New connection %s on server %s", "FD 12 (192.0.2.1, 40000, 198.51.100.7, 5222)", "FD 4 (198.51.100.7, 5222)" };
	{ "64 KiB, no address", "%s", ("nothing to see here; "):rep(3120) };
};

-- The median over rounds of the mean over a batch, in microseconds.
local function measure(count, action, ...)
	local figures = {};
	for round = 1, rounds do
		local before = now();
		for _ = 1, count do action(...); end
		figures[round] = (now() - before) / count * 1e6;
	end
	table.sort(figures);
	return figures[(rounds + 1) // 2], figures[2], figures[rounds - 1];
end

local scrub = native.load().scrub;
print(("%-20s %7s %18s %14s %18s %10s"):format("line of the log", "bytes", "string.format µs", "Prosody's µs", "scrub µs", "× format"));
for _, line in ipairs(lines) do
	local text = format(table.unpack(line, 2));
	local count = math.max(10, batch // (1 + #text // 100));
	local plain, careful = measure(count, string.format, table.unpack(line, 2)), measure(count, format, table.unpack(line, 2));
	local median, low, high = measure(count, scrub, text);
	print(("%-20s %7d %18.2f %14.2f %6.2f (%.2f–%.2f) %9.2f"):format(line[1], #text, plain, careful, median, low, high, median / plain));
end

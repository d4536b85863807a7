-- What it costs to take the addresses out of a line of the log, beside what Prosody spends on that line anyway.

package.path = "tests/bench/?.lua;"..package.path;
local measuring = require "measuring";
local format = require "util.format".format;

local lines = {
	{ "no address", "Not archiving stanza: %s (%s)", "<presence xml:lang='en' type='unavailable'>", "not a message" };
	{ "one bare JID", "Authenticated as %s@%s [%s]", "alice", "example.org", "prosody:registered" };
	{ "a stanza's head", "Sending[c2s]: %s", "<message xml:lang='en' id='a1' from='alice@example.org/phone' to='bob@example.org' type='chat'>" };
	{ "a connection", "New connection %s on server %s", "FD 12 (192.0.2.1, 40000, 198.51.100.7, 5222)", "FD 4 (198.51.100.7, 5222)" };
	{ "64 KiB, no address", "%s", ("nothing to see here; "):rep(3120) };
};

local scrub = measuring.native.load().scrub;
for _, line in ipairs(lines) do
	local text = format(table.unpack(line, 2));
	measuring.compare(line[1], {
		{ "string.format", function () return string.format(table.unpack(line, 2)); end };
		{ "Prosody's util.format", function () return format(table.unpack(line, 2)); end };
		{ "scrub", function () return scrub(text); end };
	});
end

-- Lines of the log through the real library.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";
local scrub = native.load().scrub;

describe("scrub", function ()
	local cases = {
		-- what it is, line, what comes back
		{ "addresses", "Authenticated as alice@example.org from 192.0.2.1", "Authenticated as <jid> from <ip>" };
		{ "a resource with spaces", "<message to='a@b/my phone' type='chat'>", "<message to='<jid>' type='chat'>" };
		{ "IPv6 with zone and port", "[fe80::1%eth0]:5269", "[<ip>]:5269" };
		{ "zero bytes", "a\0b alice@example.org\0", "a\0b <jid>\0" };
		{ "bytes that are no UTF-8", "\255\254 ::1 \128", "\255\254 <ip> \128" };
		{ "a number, as Lua gives it", 12.5, "12.5" };
	};
	for _, case in ipairs(cases) do
		it(case[1], function () assert.equal(case[3], scrub(case[2])); end);
	end

	it("makes no new string of a line without addresses", function ()
		local line = ("nothing to see here; "):rep(100);
		collectgarbage(); collectgarbage("stop");
		scrub(line);
		local before = collectgarbage("count");
		for _ = 1, 1000 do scrub(line); end
		local grown = collectgarbage("count") - before;
		collectgarbage("restart");
		assert.is_true(grown < 100, grown.." KiB for 1000 lines of 2 KiB");
	end);

	it("takes a line of a megabyte whole", function ()
		local line = ("alice@example.org "):rep(60000);
		assert.equal(("<jid> "):rep(60000), scrub(line));
	end);

	it("raises on what is no line, and lives on", function ()
		for _, value in ipairs({ {}, true, print }) do assert.is_false(pcall(scrub, value)); end
		assert.is_false(pcall(scrub));
		assert.equal("<jid>", scrub("a@b"));
	end);
end);

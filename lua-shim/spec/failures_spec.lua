local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local failure = {
	what = "it trapped"; hint = "look"; place = "in f at 0x2a"; offsets = "0x2a 0x1"; used = "3 ms"; hook = "message-policy"; at = 0; count = 2;
	lines = { { level = "debug", text = "for a@b" }, { level = "nonsense", text = "two\nlines" } };
};

local function failures()
	local running = server.new({});
	return running.module:require("failures"), running;
end

describe("a failure", function ()
	it("is one sentence, with the commands to go on", function ()
		local it = failures();
		assert.equal("it trapped, in f at 0x2a, after 3 ms", it.sentence(failure));
		assert.equal("2 since it came into force, last 1970-01-01 00:00:00Z at message-policy", it.times(failure));
		assert.equal("prosody-wasm explain '/a b/it'\\''s.wasm' 0x2a 0x1", it.explanation("/a b/it's.wasm", failure));
		assert.is_nil(it.explanation("/x.wasm", { what = "it refuses" }));
	end);

	it("is logged at the levels of its lines, each on one line", function ()
		local it, running = failures();
		it.tell({ policy = "p", hook = "message-policy", left_out = 7, failure = failure }, "/x.wasm");
		local said = running.log;
		assert.equal("warn: The policy p failed at message-policy (and 7 times more since it was said last): "
			.."it trapped, in f at 0x2a, after 3 ms; look", said[1]);
		assert.same({ "debug: p, before it failed: for a@b", "info: p, before it failed: two\\x0alines" }, { said[2], said[3] });
		assert.matches("^warn: To look into it: prosody%-wasm explain /x.wasm 0x2a 0x1; ", said[4]);
	end);
end);

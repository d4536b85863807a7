local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local text = server.new({}).module:require("text");

describe("odd text", function ()
	local cases = {
		-- given, escaped
		{ "plain", "plain" };
		{ "grün", "grün" };
		{ 5, "5" };
		{ "a\0b\n\127", "a\\x00b\\x0a\\x7f" };
		{ "\194\155", "\\xc2\\x9b" };
		{ "gr\252n", "gr\\xfcn" };
		{ "", "" };
	};
	for _, case in ipairs(cases) do
		it("becomes "..case[2], function ()
			assert.equal(case[2], text.escape(case[1]));
			assert.equal(case[2], text.shown(case[1]));
		end);
	end

	it("is cut between characters", function ()
		assert.equal(("ü"):rep(80), text.shown(("ü"):rep(80)));
		assert.equal(("ü"):rep(80).."...", text.shown(("ü"):rep(81)));
		assert.equal("ab...", text.shown("abc", 2));
	end);
end);

describe("a path", function ()
	it("may be anything that can be a file", function ()
		for _, path in ipairs({ "x", "/opt/grün.wasm", ("x"):rep(4096) }) do
			assert.is_nil(text.path_problem(path));
		end
	end);
end);

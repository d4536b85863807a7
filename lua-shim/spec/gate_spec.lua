local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local gate = server.new({}).module:require("gate");
local parse = require "util.xml".parse;
local st = require "util.stanza";

local function deep(levels)
	local stanza = st.iq({ id = "1", type = "get" });
	for _ = 1, levels do stanza:tag("x"); end
	return stanza;
end

local function wide(children)
	local stanza = st.iq({ id = "1", type = "get" });
	for _ = 1, children do stanza:tag("x"):up(); end
	return stanza;
end

-- Each row of a file that the library is held to as well: a verdict, a stanza.
local function rows()
	local all = {};
	for line in io.lines(folder.."/../../tests/closed.txt") do
		local verdict, text = line:match("^(%a+) (<.*)$");
		if verdict then all[#all + 1] = { verdict, text }; end
	end
	return all;
end

describe("the gate", function ()
	for _, row in ipairs(rows()) do
		it("says: "..row[1].." "..row[2], function ()
			local expected = ({ passes = false, denied = true })[row[1]];
			assert.is_not_nil(expected);
			assert.equal(expected, gate.is_denied(assert(parse(row[2]))));
		end);
	end

	local cases = {
		-- what, stanza, is it denied?
		{ "a token of 256 characters", st.presence({ id = ("x"):rep(256) }), false };
		{ "a token of 257 characters", st.presence({ id = ("x"):rep(257) }), true };
		{ "64 levels", deep(64), false };
		{ "65 levels", deep(65), true };
		{ "36,000 levels", deep(36000), true };
		{ "10,000 children", wide(10000), false };
		{ "60,000 children", wide(60000), true };
	};
	for _, case in ipairs(cases) do
		it((case[3] and "denies " or "lets through ")..case[1], function ()
			assert.equal(case[3], gate.is_denied(case[2]));
		end);
	end
end);

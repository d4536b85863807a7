local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local gate = server.new({}).module:require("gate");
local st = require "util.stanza";

local function deep(levels)
	local stanza = st.iq({ id = "1", type = "set" });
	for _ = 1, levels do stanza:tag("x"); end
	return stanza;
end

local function wide(children)
	local stanza = st.presence();
	for _ = 1, children do stanza:tag("x"):up(); end
	return stanza;
end

local function iq(iq_type, text) return st.iq({ id = "1", type = iq_type }):tag("query"):tag("value"):text(text); end

describe("the gate", function ()
	local cases = {
		-- what, stanza, is it denied?
		{ "a message with text", st.message():text_tag("body", "hello"), true };
		{ "a message without text", st.message():tag("active"), true };
		{ "an error message", st.message({ type = "error" }), true };
		{ "empty presence", st.presence(), false };
		{ "presence with capabilities", st.presence():tag("c", { ver = "abc" }), false };
		{ "presence with a status", st.presence():text_tag("status", "hello"), true };
		{ "presence with blanks", st.presence():text_tag("status", " \n\t "), false };
		{ "a question with text", iq("get", "hello"), true };
		{ "an order with text", iq("set", "hello"), true };
		{ "an order without text", iq("set", ""), false };
		{ "an answer with text", iq("result", "hello"), false };
		{ "an error with text", iq("error", "hello"), false };
		{ "text beside elements", st.iq({ id = "1", type = "set" }):tag("x"):up():text("hello"), true };
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

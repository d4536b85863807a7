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
	local stanza = st.iq({ id = "1", type = "set" });
	for _ = 1, children do stanza:tag("x"):up(); end
	return stanza;
end

local function iq(iq_type, text) return st.iq({ id = "1", type = iq_type }):tag("query"):tag("value"):text(text); end

local alice = "alice@example.com/phone";
local function addressed(iq_type, to, xmlns)
	local stanza = st.iq({ id = "1", type = iq_type, from = alice, to = to });
	return xmlns and stanza:tag("query", { xmlns = xmlns, node = "hello" }):reset() or stanza;
end

local function presence_with(xmlns) return st.presence():tag("x", { xmlns = xmlns, ver = "abc" }):reset(); end

describe("the gate", function ()
	local cases = {
		-- what, stanza, is it denied?
		{ "a message with text", st.message():text_tag("body", "hello"), true };
		{ "a message without text", st.message():tag("active"), true };
		{ "an error message", st.message({ type = "error" }), true };
		{ "empty presence", st.presence(), false };
		{ "presence with capabilities", presence_with("http://jabber.org/protocol/caps"), false };
		{ "presence to enter a room", presence_with("http://jabber.org/protocol/muc"), false };
		{ "presence with an element that may hold text in attributes", presence_with("urn:other"), true };
		{ "presence with an element of the stream", presence_with(nil), true };
		{ "presence with both kinds", presence_with("http://jabber.org/protocol/caps"):tag("x", { xmlns = "urn:other" }):reset(), true };
		{ "presence with text in capabilities", presence_with("http://jabber.org/protocol/caps"):text("hello"), true };
		{ "presence with a status", st.presence():text_tag("status", "hello"), true };
		{ "presence with blanks", st.presence():text(" \n\t "), false };
		{ "a question with text", iq("get", "hello"), true };
		{ "an order with text", iq("set", "hello"), true };
		{ "an order without text", iq("set", ""), false };
		{ "an answer with text", iq("result", "hello"), true };
		{ "an error with text", iq("error", "hello"), true };
		{ "an answer without text", iq("result", ""), false };
		{ "a question to one's own account", addressed("get", "alice@example.com", "urn:other"), false };
		{ "a question to one's other device", addressed("get", "alice@example.com/desk", "urn:other"), false };
		{ "a question to a server", addressed("get", "example.org", "urn:other"), false };
		{ "a question to a server's resource", addressed("get", "example.org/a@b", "urn:other"), false };
		{ "a question to somebody else", addressed("get", "bob@example.com", "urn:other"), true };
		{ "an order to somebody else's device", addressed("set", "bob@example.com/desk", "urn:other"), true };
		{ "an answer to somebody else", addressed("result", "bob@example.com/desk", "urn:other"), true };
		{ "an error to somebody else", addressed("error", "bob@example.com/desk", "urn:other"), true };
		{ "a ping to somebody else", addressed("get", "bob@example.com/desk", "urn:xmpp:ping"), false };
		{ "the answer to a ping", addressed("result", "bob@example.com/desk"), false };
		{ "a ping with text", addressed("get", "bob@example.com/desk", "urn:xmpp:ping"):text("hello"), true };
		{ "a ping with company", addressed("get", "bob@example.com", "urn:xmpp:ping"):tag("x", { xmlns = "urn:other" }):reset(), true };
		{ "a question from nobody", st.iq({ id = "1", type = "get", to = "bob@example.com" }):tag("x", { xmlns = "urn:x" }):reset(), true };
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

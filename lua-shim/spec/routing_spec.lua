local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local st = require "util.stanza";

-- -> what was routed on, what the host sent, what the sender was answered, the log
local function apply(effect, stanza, options)
	local running = server.new({});
	local routed = {};
	running.prosody.core_post_stanza = function (origin, copy) routed[#routed + 1] = { origin, copy }; end;
	local origin = server.client("alice@example.com/phone");
	local routing = running.module:require("routing");
	stanza._wasm_hops = options and options.hops;
	routing.apply[effect.kind](effect, { origin = origin, stanza = stanza });
	return routed, running.sent, origin.sent, running;
end

local function message(attributes)
	attributes.from = attributes.from or "alice@example.com/phone";
	return st.message(attributes):text_tag("body", "hello");
end

local redacted = { { { op = "set-text", node = 1, text = "redacted" } } };

describe("a copy", function ()
	it("goes to the other address as it is, from whom it was", function ()
		local stanza = message({ to = "bob@example.org", id = "1", type = "chat" });
		local routed = apply({ kind = "copy", to = "Carol@Example.com" }, stanza);
		assert.equal(1, #routed);
		assert.same({ from = "alice@example.com/phone", to = "carol@example.com", id = "1", type = "chat" }, routed[1][2].attr);
		assert.equal("hello", routed[1][2]:get_child_text("body"));
		assert.equal("bob@example.org", stanza.attr.to);
		assert.equal("alice@example.com/phone", routed[1][1].full_jid);
	end);

	it("has the edits, and the original has not", function ()
		local stanza = message({ to = "bob@example.org" });
		local routed = apply({ kind = "copy", to = "carol@example.com", edits = redacted }, stanza);
		assert.equal("redacted", routed[1][2]:get_child_text("body"));
		assert.equal("hello", stanza:get_child_text("body"));
	end);

	local refused = {
		-- why, to, hops, from
		{ "to no address", "@", 0 };
		{ "to an address that is too long", ("x"):rep(3072), 0 };
		{ "a third time", "carol@example.com", 2 };
		{ "from another server to another one", "carol@example.net", 0, "bob@example.org/x" };
	};
	for _, case in ipairs(refused) do
		it("does not go "..case[1], function ()
			local routed = apply({ kind = "copy", to = case[2] }, message({ from = case[4], to = "bob@example.com" }), { hops = case[3] });
			assert.equal(0, #routed);
		end);
	end

	it("remembers how often it was sent on", function ()
		local first = apply({ kind = "copy", to = "carol@example.com" }, message({ to = "bob@example.com" }));
		local second = apply({ kind = "copy", to = "dave@example.com" }, first[1][2], { hops = first[1][2]._wasm_hops });
		local third = apply({ kind = "copy", to = "erin@example.com" }, second[1][2], { hops = second[1][2]._wasm_hops });
		assert.same({ 1, 2, 0 }, { first[1][2]._wasm_hops, second[1][2]._wasm_hops, #third });
	end);
end);

describe("a forward", function ()
	it("is a message of the host around it", function ()
		local _, sent = apply({ kind = "forward", to = "admin@example.com", edits = redacted }, message({ to = "bob@example.org", id = "1" }));
		local inner = sent[1]:get_child("forwarded", "urn:xmpp:forward:0"):get_child("message", "jabber:client");
		assert.same({ "example.com", "admin@example.com", 1 }, { sent[1].attr.from, sent[1].attr.to, sent[1]._wasm_hops });
		assert.same({ "alice@example.com/phone", "1" }, { inner.attr.from, inner.attr.id });
		assert.equal("redacted", inner.tags[1]:get_text());
		assert.is_nil(sent[1]:get_child("report", "urn:xmpp:reporting:1"));
	end);

	it("can be a report", function ()
		local _, sent = apply({ kind = "forward", to = "admin@example.com", reason = "urn:xmpp:reporting:spam", text = "again" }, message({}));
		local report = sent[1]:get_child("report", "urn:xmpp:reporting:1");
		assert.same({ "urn:xmpp:reporting:spam", "again" }, { report.attr.reason, report:get_child_text("text") });
	end);

	it("is not sent a third time", function ()
		local _, sent, _, running = apply({ kind = "forward", to = "admin@example.com" }, message({}), { hops = 2 });
		assert.equal(0, #sent);
		assert.is_truthy(running.logged("^debug: A stanza was sent on 2 times already"));
	end);
end);

describe("an answer", function ()
	it("comes from the recipient, and is not judged", function ()
		local _, _, answers = apply({ kind = "answer", text = "I am away" }, message({ to = "bob@example.org", id = "1", type = "chat" }));
		assert.same({ from = "bob@example.org", to = "alice@example.com/phone", id = "1", type = "chat" }, answers[1].attr);
		assert.equal("I am away", answers[1]:get_child_text("body"));
		assert.is_true(answers[1]._wasm_notice);
	end);

	for _, stanza in ipairs({ message({ type = "error" }), message({ type = "groupchat" }), st.presence({}), st.iq({ type = "get", id = "1" }) }) do
		it(("is not given to %s of type %s"):format(stanza.name, tostring(stanza.attr.type)), function ()
			local _, _, answers = apply({ kind = "answer", text = "no" }, stanza);
			assert.equal(0, #answers);
		end);
	end
end);

describe("what policies were asked about", function ()
	it("is kept from their edits, if it is to be sent on", function ()
		local routing = server.new({}).module:require("routing");
		local event = { origin = {}, stanza = message({}) };
		event.stanza._wasm_hops = 1;
		assert.equal(event, routing.as_asked(event, nil));
		assert.equal(event, routing.as_asked(event, { effects = { { kind = "log" } } }));
		local kept = routing.as_asked(event, { effects = { { kind = "copy" } } });
		assert.not_equal(event.stanza, kept.stanza);
		assert.equal(1, kept.stanza._wasm_hops);
	end);
end);

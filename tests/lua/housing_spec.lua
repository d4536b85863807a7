-- What the shim says of files, rooms, keys, lists and of the two parties reaches a policy, and what it answers comes back.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";
local st = require "util.stanza";
local library = native.load();

local function chain_of(settings) return native.chain(library, native.guests.."/housing.wasm", settings); end

local usage = { hour_slots = 1, hour_ends = 60, day_bytes = 2, day_ends = 70, user_bytes = 3, total_bytes = 2^40 };
local slot = { user = "bob@x", name = "a.png", size = 9, type = "image/png", usage = usage };
local no_stanza = st.iq({ type = "get"; id = "1" });

local function ask(chain, word, facts, stanza)
	local verdict, _, reason, _, details = chain:decide(stanza or no_stanza, chain:question(word, "incoming", "user", "user"), facts);
	return verdict, reason, details or {};
end

describe("rulings about", function ()
	it("slots", function ()
		for settings, expected in pairs({
			['{}'] = "pass nil nil nil";
			['{"slot":"renamed"}'] = "pass limited nil nil";
			['{"slot":"unnamed"}'] = "pass redacted nil nil";
			['{"slot":"refuse"}'] = "bounce nil nil nil";
			['{"slot":"size"}'] = "bounce nil 1000 nil";
			['{"slot":"now"}'] = "bounce nil nil 60";
		}) do
			local verdict, _, details = ask(chain_of(settings), "slot", { slot = slot });
			assert.are.equal(expected, ("%s %s %s %s"):format(verdict, details.manner, details.limit, details.pause), settings);
			if verdict == "bounce" then assert.are.equal("bob@x a.png 9 image/png 3", details.text); end
		end
	end);

	it("pieces, which come with the notes of the one before", function ()
		local chain, notes = chain_of("{}"), nil;
		for _, piece in ipairs({ { 0, "12\0\255", false }, { 4, "", false }, { 4, "56789", true } }) do
			local offset, bytes, last = table.unpack(piece);
			local facts = { piece = { user = "bob@x", size = 9, offset = offset, bytes = bytes, last = last, notes = notes } };
			local verdict, reason, details = ask(chain, "piece", facts);
			assert.are.equal("pass no-such-byte", verdict.." "..reason);
			notes = details.notes;
			assert.are.equal(8, #notes.policy);
		end
		local lost = { piece = { user = "bob@x", size = 9, offset = 4, bytes = "56789", last = true } };
		assert.are.equal("bounce", (ask(chain, "piece", lost)));
	end);

	it("rooms", function ()
		local form = st.iq({ type = "set"; id = "1" }):query("http://jabber.org/protocol/muc#owner")
			:tag("x", { xmlns = "jabber:x:data", type = "submit" })
			:tag("field", { var = "muc#roomconfig_membersonly" }):text_tag("value", "0"):reset();
		local room = { address = "r@rooms.x", occasion = "created", actor = "bob@x" };
		local _, _, details = ask(chain_of('{"room":"exempt"}'), "configuration", { room = room }, form);
		assert.are.equal("opened", details.manner);
		_, _, details = ask(chain_of('{"room":"close"}'), "configuration", { room = room }, form);
		assert.are.same({ op = "set-text", node = 4, text = "1" }, details.edits[1][1]);
		_, _, details = ask(chain_of('{"room":"refuse"}'), "configuration", { room = room }, form);
		assert.are.equal('Created Some("bob@x")', details.text);
	end);

	it("keys and lists", function ()
		local keys = { keys = { owner = "bob@x", reader = "eve@y", shares_room = true } };
		local _, _, details = ask(chain_of('{"keys":"open"}'), "keys", keys);
		assert.are.equal("opened", details.manner);
		keys.keys.shares_room = false;
		_, _, details = ask(chain_of('{"keys":"open"}'), "keys", keys);
		assert.is_nil(details.manner);
		assert.are.equal("drop", (ask(chain_of('{"keys":"refuse"}'), "keys", keys)));
		local change = { change = { user = "bob@x", blocking = true, count = 2, blocked = 9 } };
		assert.are.equal("bounce", (ask(chain_of('{"blocked":10}'), "blocklist", change)));
		change.change.blocking = false;
		assert.are.equal("pass", (ask(chain_of('{"blocked":10}'), "blocklist", change)));
	end);
end);

it("facts about the parties", function ()
	local chain = chain_of('{"effects":["facts"]}');
	local standing = { entry = { subscription = "from", groups = { "Friends" } }, asked = true, connected = true, greeted = true };
	local known = { rooms = { exempt = true, shared = true }, blocked = true, standing = standing,
		roles = { sender = "prosody:admin" }, subscription = "to" };
	local function said(facts)
		local _, _, _, _, details = chain:decide(st.message(), chain:question("message", "outgoing", "user", "user"), facts);
		return details.effects[1].text;
	end
	assert.are.equal('exempt=true shared=true blocked=true Acquaintance { entry: Some(Entry { subscription: From, groups: ["Friends"] }), '
		..'has_asked: true, is_connected: true, is_greeted: true } sender=Some("prosody:admin") recipient=None roster=Some(To)', said(known));
	assert.are.equal("exempt=false shared=false blocked=false Acquaintance { entry: None, has_asked: false, is_connected: false, "
		.."is_greeted: false } sender=None recipient=None roster=None", said(nil));
end);

it("effects", function ()
	local chain = chain_of('{"effects":["strip","copy","report","answer","tell"]}');
	local message = st.message({ to = "b@x" }, "Hi.");
	local _, _, _, _, details = chain:decide(message, chain:question("message", "outgoing", "user", "user"));
	local edits = { { { op = "remove", node = 1 } } };
	assert.are.same({
		{ policy = "policy", kind = "copy", to = "elsewhere@local.test", edits = edits };
		{ policy = "policy", kind = "forward", to = "elsewhere@local.test", edits = edits, reason = "urn:xmpp:reporting:spam", text = "why" };
		{ policy = "policy", kind = "answer", text = "Thanks." };
		{ policy = "policy", kind = "tell", text = "Look." };
	}, details.effects);
	chain = chain_of('{"effects":["hold","release","discard"]}');
	_, _, _, _, details = chain:decide(message, chain:question("message", "outgoing", "user", "user"));
	assert.are.same({
		{ policy = "policy", kind = "hold", key = "key" };
		{ policy = "policy", kind = "release", key = "key" };
		{ policy = "policy", kind = "discard", key = "key" };
	}, details.effects);
end);

it("who needs what, and how long files are kept", function ()
	local chain = chain_of('{"needs":["rooms"],"hours":48,"user_bytes":1000}');
	assert.is_true(chain:needs("rooms"));
	assert.is_false(chain:needs("standing"));
	assert.are.same({ hours = 48, user_bytes = 1000 }, chain:expiry());
	assert.is_nil(chain_of("{}"):expiry());
end);

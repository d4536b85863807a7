local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local st = require "util.stanza";

local occupants = {
	["tea@rooms.example.com/eve"] = { bare_jid = "eve@example.org"; sessions = { "eve@example.org/pc", "eve@example.org/tv" } };
};
local room = {};

function room.get_occupant_by_nick(_, jid)
	local occupant = occupants[jid];
	return occupant and { bare_jid = occupant.bare_jid; each_session = function ()
		local number = 0;
		return function () number = number + 1; return occupant.sessions[number]; end;
	end };
end

local function new(list)
	local hosts = {
		["example.com"] = { type = "local"; modules = { blocklist = {} }; events = {}; sessions = {} };
		["rooms.example.com"] = { type = "component"; events = {}; modules = { muc = {
			get_room_from_jid = function (jid) return jid == "tea@rooms.example.com" and room or nil; end;
		} } };
	};
	local running = server.new({}, { hosts = hosts;
		opened = { blocklist = { get = function (_, username) return username == "bob" and list or nil; end } } });
	local phone = { host = "example.com"; directed = { ["tea@rooms.example.net/bob"] = true };
		wasm_seen_in_rooms = { rooms = { ["tea@rooms.example.net"] = { real = { ["tea@rooms.example.net/eve"] = "eve@example.org/pc" } } } } };
	running.prosody.full_sessions["bob@example.com/phone"] = phone;
	hosts["example.com"].sessions.bob = { sessions = { phone = phone } };
	return running.module:require("blocked");
end

local function message(from, said, by)
	local stanza = st.message({ from = from; to = "bob@example.com/phone" });
	if said then stanza:tag("x", { xmlns = "http://jabber.org/protocol/muc#user" }):tag(said, { from = by }):reset(); end
	return { stanza = stanza };
end

local here, elsewhere = "tea@rooms.example.com", "tea@rooms.example.net";
local rows = {
	-- what is blocked, what comes, is it blocked?
	{ "eve@example.org", message("eve@example.org/pc"), true };
	{ "example.org", message("eve@example.org/pc"), true };
	{ "eve@example.org/pc", message("eve@example.org/pc"), true };
	{ "eve@example.org/pc", message("eve@example.org/other"), nil };
	{ "eve@example.org", message("adam@example.org/pc"), nil };
	{ "example.org", message("eve@sub.example.org/pc"), nil };
	{ "eve@example.org", message(here.."/eve"), true };
	{ "eve@example.org/tv", message(here.."/eve"), true };
	{ "example.org", message(here.."/eve"), true };
	{ "eve@example.org", message(here.."/adam"), nil };
	{ "eve@example.org", message(here), nil };
	{ "eve@example.org", message("coffee@rooms.example.com/eve"), nil };
	{ "eve@example.org", message(elsewhere.."/eve"), true };
	{ "example.org", message(elsewhere.."/eve"), true };
	{ "eve@example.org/tv", message(elsewhere.."/eve"), nil };
	{ "eve@example.org", message(elsewhere.."/adam"), nil };
	{ elsewhere, message(elsewhere.."/adam"), true };
	{ "eve@example.org", message(here, "invite", "eve@example.org/pc"), true };
	{ "eve@example.org", message(elsewhere, "invite", "Eve@Example.org"), true };
	{ "eve@example.org", message(here, "decline", "eve@example.org"), true };
	{ "eve@example.org", message(elsewhere, "invite", elsewhere.."/eve"), true };
	{ "eve@example.org", message(here, "invite", "adam@example.org"), nil };
	{ "eve@example.org", message(here, "invite", "@@"), nil };
	{ "eve@example.org", message(here, "invite"), nil };
};

describe("a user's block list", function ()
	for number, row in ipairs(rows) do
		it(("with %s meets %s, row %d"):format(row[1], row[2].stanza.attr.from, number), function ()
			assert.equal(row[3], new({ [false] = {}; [row[1]] = true })(row[2]));
		end);
	end

	it("is that of the recipient, on this host", function ()
		local blocked = new({ ["example.org"] = true });
		for _, to in ipairs({ "carol@example.com", "bob@example.net", "example.com" }) do
			assert.is_nil(blocked({ stanza = st.message({ from = "eve@example.org"; to = to }) }));
		end
		assert.is_nil(blocked({ stanza = st.message({ from = "eve@example.org" }) }));
	end);

	it("does not keep a user from himself", function ()
		local event = { stanza = st.message({ from = "bob@example.com/pc"; to = "bob@example.com" }) };
		assert.is_nil(new({ ["example.com"] = true })(event));
	end);
end);

describe("a block list that cannot be read", function ()
	local function unreadable()
		local running = server.new({}, { opened = { blocklist = { get = function () return nil, "the disk is gone"; end } } });
		local hosts = running.prosody.hosts;
		hosts["example.com"].modules.blocklist = {};
		hosts["example.com"].sessions = {};
		hosts["rooms.example.com"].modules.muc.get_room_from_jid = function () return room; end;
		running.prosody.full_sessions["bob@example.com/phone"] = { host = "example.com"; directed = { ["tea@rooms.example.net/bob"] = true } };
		return running, running.module:require("blocked");
	end

	local senders = {
		{ "somebody in a room of ours", message("tea@rooms.example.com/eve"), true };
		{ "somebody in a room elsewhere", message("tea@rooms.example.net/eve"), true };
		{ "who invites", message("new@rooms.example.net", "invite", "eve@example.org"), true };
		-- At these mod_blocklist has looked.
		{ "another user", message("alice@example.com/pc"), nil };
		{ "somebody elsewhere", message("alice@example.org/pc"), nil };
	};
	for _, row in ipairs(senders) do
		it("is taken to have on it "..row[1].." if nobody else looks: "..tostring(row[3]), function ()
			local _, blocked = unreadable();
			assert.equal(row[3], blocked(row[2]));
		end);
	end

	it("is reported once for many stanzas", function ()
		local running, blocked = unreadable();
		for _ = 1, 10 do blocked(message("eve@example.org/pc")); end
		assert.equal(1, #running.log);
		assert.is_truthy(running.logged("^error: It is not known whether a sender is blocked"));
	end);

	it("of many users is read once", function ()
		local reads = 0;
		local running = server.new({ blocklist_cache_size = 300 }, { opened = { blocklist = { get = function (_, username)
			reads = reads + 1;
			return { [false] = { created = 1 }; ["eve@x"] = tonumber(username) > 700 and 1 or nil };
		end } } });
		running.prosody.hosts["example.com"].modules.blocklist = {};
		local lists = running.module:require("block_lists");
		for _ = 1, 2 do
			for number = 1, 1000 do assert.equal(number > 700, lists.has(tostring(number), "eve@x")); end
		end
		assert.equal(1000, reads);
		assert.is_true(lists.is_empty("1"));
		lists.forget("1");
		lists.count("1");
		assert.equal(1001, reads);
	end);

	it("is none where there is no mod_blocklist", function ()
		local running = server.new({}, { stores = { broken = true } });
		running.prosody.hosts["example.com"].sessions = {};
		assert.is_nil(running.module:require("blocked")(message("eve@example.org")));
	end);
end);

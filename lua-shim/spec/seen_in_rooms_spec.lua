local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local st = require "util.stanza";

local room, elsewhere = "tea@rooms.example.org", "coffee@rooms.example.org";
local to = "alice@example.com/phone";

local function new()
	local fake_server = server.new({});
	local session = { host = "example.com", directed = { [room.."/alice"] = true } };
	fake_server.prosody.full_sessions[to] = session;
	return fake_server.module:require("seen_in_rooms"), session;
end

local function presence(from, real, options)
	options = options or {};
	local stanza = st.presence({ from = from; to = to; type = options.type }):tag("x", { xmlns = "http://jabber.org/protocol/muc#user" })
		:tag("item", { affiliation = "none"; role = "participant"; jid = real }):up();
	for _, code in ipairs(options.statuses or {}) do stanza:tag("status", { code = code }):up(); end
	return { stanza = stanza:reset() };
end

describe("a room elsewhere", function ()
	local gone, left = { type = "unavailable" }, { type = "unavailable"; statuses = { "110" } };
	local renamed = { type = "unavailable"; statuses = { "303", "110" } };
	local rows = {
		-- title, presence that came, who is behind tea@…/mallory, is mallory@example.net seen?
		{ "shows who is there", { presence(room.."/mallory", "mallory@example.net/pc") }, "mallory@example.net/pc", true };
		{ "is anonymous", { presence(room.."/mallory", nil) }, nil, false };
		{ "shows no address", { presence(room.."/mallory", "@@") }, nil, false };
		{ "shows it in another way of writing", { presence(room.."/mallory", "Mallory@Example.NET/pc") }, "mallory@example.net/pc", true };
		{ "was not entered", { presence(elsewhere.."/mallory", "mallory@example.net/pc") }, nil, false };
		{ "is one of ours", { presence("tea@rooms.example.com/mallory", "mallory@example.net/pc") }, nil, false };
		{ "shows who leaves", { presence(room.."/mallory", "mallory@example.net/pc"), presence(room.."/mallory", "mallory@example.net/pc", gone) }, nil, false };
		{ "changes a name", { presence(room.."/old", "mallory@example.net/pc"), presence(room.."/old", "mallory@example.net/pc", gone),
			presence(room.."/mallory", "mallory@example.net/pc") }, "mallory@example.net/pc", true };
		{ "gives the name to another", { presence(room.."/mallory", "mallory@example.net/pc"), presence(room.."/mallory", "eve@example.net/pc") },
			"eve@example.net/pc", false };
		{ "shows two devices of one", { presence(room.."/mallory", "mallory@example.net/pc"), presence(room.."/m2", "mallory@example.net/tv"),
			presence(room.."/m2", nil, gone) }, "mallory@example.net/pc", true };
		{ "is left", { presence(room.."/mallory", "mallory@example.net/pc"), presence(room.."/alice", nil, left) }, nil, false };
		{ "is not left with a change of one's own name", { presence(room.."/mallory", "mallory@example.net/pc"), presence(room.."/alice", nil, renamed) },
			"mallory@example.net/pc", true };
	};
	for _, row in ipairs(rows) do
		local title, events, real, is_seen = row[1], row[2], row[3], row[4];
		it(title, function ()
			local seen, session = new();
			for _, event in ipairs(events) do assert.is_nil(seen.note(event)); end
			assert.equal(real, seen.real_address(session, room.."/mallory"));
			assert.equal(is_seen, seen.has_seen(session, "mallory@example.net"));
		end);
	end

	it("is forgotten where the client has gone", function ()
		local seen, session = new();
		seen.note(presence(room.."/mallory", "mallory@example.net/pc"));
		session.directed = nil;
		assert.is_nil(seen.real_address(session, room.."/mallory"));
		assert.is_false(seen.has_seen(session, "mallory@example.net"));
	end);

	it("cannot fill the memory", function ()
		local seen, session = new();
		for number = 1, 5001 do seen.note(presence(room.."/"..number, number.."@example.net/pc")); end
		assert.equal("5000@example.net/pc", seen.real_address(session, room.."/5000"));
		assert.is_nil(seen.real_address(session, room.."/5001"));
		assert.equal(5000, session.wasm_seen_in_rooms.count);
		seen.note(presence(room.."/alice", nil, { type = "unavailable"; statuses = { "110" } }));
		assert.same({ count = 0; rooms = {} }, session.wasm_seen_in_rooms);
	end);

	local function fill(seen, room_jid, number)
		for name = 1, number do seen.note(presence(room_jid.."/"..name, name.."@example.net/pc")); end
	end

	local function enter(session, room_jid) session.directed[room_jid.."/alice"] = true; end

	it("cannot keep others from being seen", function ()
		local seen, session = new();
		enter(session, elsewhere);
		fill(seen, elsewhere, 6000);
		seen.note(presence(room.."/mallory", "mallory@example.net/pc"));
		assert.equal("mallory@example.net/pc", seen.real_address(session, room.."/mallory"));
		assert.is_true(seen.has_seen(session, "mallory@example.net"));
		fill(seen, elsewhere, 6000);
		assert.equal("mallory@example.net/pc", seen.real_address(session, room.."/mallory"));
		fill(seen, room, 6000);
		assert.equal(5000, session.wasm_seen_in_rooms.count);
		local counts = session.wasm_seen_in_rooms.rooms;
		assert.is_true(math.abs(counts[room].count - counts[elsewhere].count) <= 1);
	end);

	it("gives way to others once it is left, whether it says so or not", function ()
		local seen, session = new();
		enter(session, elsewhere);
		fill(seen, elsewhere, 4000);
		session.directed[elsewhere.."/alice"] = nil;
		fill(seen, room, 5000);
		assert.equal("5000@example.net/pc", seen.real_address(session, room.."/5000"));
		assert.is_nil(session.wasm_seen_in_rooms.rooms[elsewhere]);
		assert.is_true(seen.has_seen(session, "1@example.net"));
	end);
end);

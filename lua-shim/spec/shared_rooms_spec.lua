local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_rooms = require "fake_rooms";

local alice, bob, far = "alice@example.com", "bob@example.com", "rose@example.net";
local tea = "tea@rooms.example.com";

-- kept: { [store] = { get = function (self, row) } } of the rooms' host
local function new(rooms, kept)
	local muc = fake_rooms.new(rooms);
	local fake_server = server.new({}, { opened = kept or { persistent = { get = function () return nil; end } } });
	fake_server.prosody.hosts["rooms.example.com"].modules.muc = muc;
	local shared = fake_server.module:require("shared_rooms").new();
	shared.watch_hosts();
	shared.need(true);
	fake_server.settle();
	return shared, muc, fake_server;
end

local function fire(fake_server, name, event)
	for _, handler in ipairs(fake_server.handlers[name]) do handler[1](event); end
end

describe("two people in a room", function ()
	-- title, affiliations, who is in it, does alice share it with bob?
	local rows = {
		{ "both are in it", {}, { alice, bob }, true };
		{ "one is in it", {}, { alice }, false };
		{ "one is a member", { [bob] = "member" }, { alice }, true };
		{ "one is an owner", { [bob] = "owner" }, { alice }, true };
		{ "one is banned", { [bob] = "outcast" }, { alice }, false };
		{ "one was made a member and never came", { [alice] = "member" }, { bob }, false };
		{ "both were made members and never came", { [alice] = "member"; [bob] = "member" }, {}, false };
	};
	for _, row in ipairs(rows) do
		it(row[1], function ()
			local room = fake_rooms.new_room(tea, row[2]);
			for number, bare in ipairs(row[3]) do fake_rooms.enter(room, bare, "n"..number); end
			local shared = new({ room });
			assert.equal(row[4], shared.share(alice, bob));
		end);
	end

	it("is over when the room is gone, whatever was known of it", function ()
		local room = fake_rooms.new_room(tea);
		fake_rooms.enter(room, alice, "a");
		fake_rooms.enter(room, bob, "b");
		local shared, muc = new({ room });
		muc.rooms[tea] = nil;
		assert.is_false(shared.share(alice, bob));
	end);

	it("is known of those who come later, and stays known of members who have been there", function ()
		local room = fake_rooms.new_room(tea, { [alice] = "member"; [bob] = "member" });
		local shared, _, fake_server = new({ room });
		fake_rooms.enter(room, alice, "a");
		fire(fake_server, "muc-occupant-joined", { room = room; occupant = { bare_jid = alice } });
		assert.is_true(shared.share(alice, bob));
		room._occupants = {};
		assert.is_true(shared.share(alice, bob));
		room._affiliations[alice] = nil;
		assert.is_false(shared.share(alice, bob));
	end);

	it("marks members of this host only", function ()
		local room = fake_rooms.new_room(tea, { [far] = "member"; [alice] = "member" });
		fake_rooms.enter(room, far, "r");
		fake_rooms.enter(room, alice, "a");
		new({ room });
		assert.same({ [alice] = { wasm_entered = true } }, room._affiliation_data);
	end);

	it("is known of rooms that are on the disk, in both forms in which they are kept", function ()
		for _, data in ipairs({ { _affiliations = { [bob] = "member" } }, { _jid = tea; _data = {}; [bob] = "member" } }) do
			local kept = {
				persistent = { get = function () return { [tea] = true }; end };
				config = { get = function (_, node) return node == "tea" and data or nil; end };
			};
			local shared, muc, fake_server = new({}, kept);
			local room = fake_rooms.new_room(tea, { [bob] = "member" });
			muc.rooms[tea] = room;
			fake_rooms.enter(room, alice, "a");
			fire(fake_server, "muc-occupant-joined", { room = room; occupant = { bare_jid = alice } });
			assert.is_true(shared.share(alice, bob));
		end
	end);

	it("is not looked for where only others say so, which could mean reading it from the disk", function ()
		local rooms = {};
		for number = 1, 50 do
			rooms[number] = fake_rooms.new_room(number.."@rooms.example.com", { [alice] = "member"; [bob] = "owner" });
		end
		local shared, muc = new(rooms);
		local asked = 0;
		local get_room = muc.get_room_from_jid;
		muc.get_room_from_jid = function (jid) asked = asked + 1; return get_room(jid); end;
		assert.is_false(shared.share(alice, bob));
		assert.equal(0, asked);
	end);

	-- event, what alice is in the room when it is fired
	for _, row in ipairs({ { "muc-occupant-left", nil }, { "muc-set-affiliation", nil }, { "muc-room-destroyed", "member" } }) do
		it("is forgotten by "..row[1], function ()
			local room = fake_rooms.new_room(tea, { [bob] = "member" });
			fake_rooms.enter(room, alice, "a");
			local shared, muc, fake_server = new({ room });
			assert.is_true(shared.share(alice, bob));
			room._occupants, room._affiliations[alice] = {}, row[2];
			fire(fake_server, row[1], { room = room; jid = alice; occupant = { bare_jid = alice } });
			muc.get_room_from_jid = function () error("there is nothing to ask", 0); end;
			assert.is_false(shared.share(alice, bob));
		end);
	end

	it("stays known of a member when somebody else changes what is kept with his affiliation", function ()
		local room = fake_rooms.new_room(tea, { [alice] = "member"; [bob] = "member" });
		fake_rooms.enter(room, alice, "a");
		local shared, _, fake_server = new({ room });
		room._occupants, room._affiliation_data[alice] = {}, { reserved_nickname = "al" };
		fire(fake_server, "muc-set-affiliation", { room = room; jid = alice; affiliation = "member" });
		assert.is_true(shared.share(alice, bob));
		assert.same({ reserved_nickname = "al"; wasm_entered = true }, room._affiliation_data[alice]);
	end);

	it("is written once for all who are in a room", function ()
		local room = fake_rooms.new_room(tea);
		for number = 1, 20 do
			local bare = ("u%d@example.com"):format(number);
			room._affiliations[bare] = "member";
			fake_rooms.enter(room, bare, tostring(number));
		end
		new({ room });
		assert.equal(1, room.saved);
	end);

	it("is not known of more than 5,000 whom an owner names, but of all who enter", function ()
		local room = fake_rooms.new_room(tea);
		fake_rooms.enter(room, alice, "a");
		local shared, _, fake_server = new({ room });
		local function name(number)
			local bare = ("u%d@example.com"):format(number);
			room._affiliations[bare] = "member";
			fire(fake_server, "muc-set-affiliation", { room = room; jid = bare; affiliation = "member" });
			return bare;
		end
		for number = 1, 5000 do name(number); end
		local one_more = name(5001);
		assert.is_true(shared.share(alice, "u5000@example.com"));
		assert.is_false(shared.share(alice, one_more));
		fire(fake_server, "muc-occupant-joined", { room = room; occupant = { bare_jid = one_more } });
		assert.is_true(shared.share(alice, one_more));
		room._affiliations["u1@example.com"] = nil;
		fire(fake_server, "muc-set-affiliation", { room = room; jid = "u1@example.com"; affiliation = "none" });
		assert.is_true(shared.share(alice, name(5002)));
	end);

	it("is not noted while nobody asks", function ()
		local room = fake_rooms.new_room(tea);
		fake_rooms.enter(room, alice, "a");
		fake_rooms.enter(room, bob, "b");
		local shared = new({ room });
		shared.need(false);
		assert.is_false(shared.share(alice, bob));
	end);
end);

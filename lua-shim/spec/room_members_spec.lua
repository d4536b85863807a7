local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_rooms = require "fake_rooms";

local tea = "tea@rooms.example.com";
local alice, bob, carol = "alice@example.com", "bob@example.com", "carol@example.com";

local function new()
	local room = fake_rooms.new_room(tea, { [alice] = "owner" });
	for nick, bare in pairs({ a = alice; b = bob; c = carol }) do fake_rooms.enter(room, bare, nick); end
	room.told_of = {};
	function room:get_occupant_by_nick(nick) return self._occupants[nick]; end
	function room:get_default_role() return "participant"; end
	function room:save_occupant(occupant) self._occupants[occupant.nick] = occupant; end
	function room:publicise_occupant_status(occupant) self.told_of[occupant.bare_jid] = occupant.role; end
	room._occupants[tea.."/b"].role, room._occupants[tea.."/c"].role = "visitor", "moderator";
	local fake_server = server.new({}, { host = "rooms.example.com" });
	local members = fake_server.module:require("room_members");
	return room, fake_server, members.make_members, members.show_all;
end

describe("a room that becomes one for members only", function ()
	it("has its guests as members at once, and tells of it later", function ()
		local room, fake_server, make_members = new();
		make_members(room);
		assert.same({ [alice] = "owner"; [bob] = "member"; [carol] = "member" }, room._affiliations);
		assert.same({}, room.told_of);
		fake_server.settle();
		assert.same({ [bob] = "participant"; [carol] = "moderator" }, room.told_of);
		local noted = {};
		for _, fired in ipairs(fake_server.fired) do noted[fired[2].jid] = fired[1]; end
		assert.same({ [bob] = "muc-set-affiliation"; [carol] = "muc-set-affiliation" }, noted);
	end);

	it("tells of nobody who has left meanwhile, and goes on after one that fails", function ()
		local room, fake_server, make_members = new();
		make_members(room);
		room._affiliations[bob] = "outcast";
		room._occupants[tea.."/c"] = nil;
		fake_rooms.enter(room, "dave@example.com", "c");
		fake_server.settle();
		assert.same({}, room.told_of);
		room, fake_server, make_members = new();
		make_members(room);
		local told = 0;
		function room.publicise_occupant_status() told = told + 1; error("no"); end
		fake_server.settle();
		assert.equal(2, told);
		assert.is_truthy(fake_server.logged("error: What somebody is in a room now was not told"));
	end);
end);

it("a room in which everybody is shown from now on shows who was not, later", function ()
	local room, fake_server, _, show_all = new();
	room._data.presence_broadcast = { moderator = true };
	show_all(room);
	assert.same({ visitor = true, participant = true, moderator = true }, room:get_presence_broadcast());
	assert.same({}, room.told_of);
	room._occupants[tea.."/a"].role = "participant";
	fake_server.settle();
	assert.same({ [alice] = "participant"; [bob] = "visitor" }, room.told_of);
end);

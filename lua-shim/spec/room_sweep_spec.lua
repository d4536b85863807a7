local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_rooms = require "fake_rooms";

-- live, kept: names of rooms. -> the sweep's library, what was visited, the stand-in, rooms that were taken out of memory
local function new(live, kept)
	local rooms, on_disk, forgotten = {}, {}, {};
	for _, name in ipairs(live) do rooms[#rooms + 1] = fake_rooms.new_room(name.."@rooms.example.com"); end
	local muc = fake_rooms.new(rooms);
	for _, name in ipairs(kept) do on_disk[name.."@rooms.example.com"] = true; end
	local fake_server = server.new({}, { host = "rooms.example.com"; opened = { persistent = { get = function () return on_disk; end } } });
	fake_server.prosody.hosts["rooms.example.com"].modules.muc = muc;
	muc.forget_room = function (room) forgotten[#forgotten + 1] = room.jid:match("^[^@]*"); end;
	return fake_server.module:require("room_sweep"), fake_server, muc, forgotten;
end

describe("going through all rooms", function ()
	it("visits those in memory, the last used at last", function ()
		local room_sweep, fake_server = new({ "newest", "older", "oldest" }, { "older" });
		local visited = {};
		room_sweep.new(function (room) visited[#visited + 1] = room.jid:match("^[^@]*"); end).start();
		fake_server.settle();
		assert.same({ "oldest", "older", "newest" }, visited);
	end);

	it("puts back what came from the disk, and writes only what was being said there", function ()
		local room_sweep, fake_server, muc, forgotten = new({}, { "tea", "coffee" });
		local sweep, restored = nil, {};
		muc.get_room_from_jid = function (jid)
			local room = fake_rooms.new_room(jid);
			if jid:find("^tea") then room._history = { { timestamp = 1 } }; end
			restored[jid:match("^[^@]*")] = room;
			sweep.note_restored(room, false);
			return room;
		end;
		sweep = room_sweep.new(function () error("it is visited when it is restored"); end);
		sweep.start();
		fake_server.settle();
		table.sort(forgotten);
		assert.same({ "coffee", "tea" }, forgotten);
		assert.same({ 1, 0 }, { restored.tea.saved, restored.coffee.saved });
	end);

	it("comes again to those that were put off, and goes on after one that fails", function ()
		local room_sweep, fake_server = new({ "put-off", "failing", "fine" }, {});
		local visits = {};
		room_sweep.new(function (room)
			local name = room.jid:match("^[^@]*");
			visits[name] = (visits[name] or 0) + 1;
			if name == "failing" then error("no"); end
			return name == "put-off" and visits[name] < 3;
		end).start();
		fake_server.settle();
		assert.same({ ["put-off"] = 3; failing = 1; fine = 1 }, visits);
		assert.is_truthy(fake_server.logged("error: A room could not be looked at"));
	end);

	it("ends when another one begins, or it is stopped", function ()
		local room_sweep, fake_server = new({ "tea" }, {});
		local visits = 0;
		local sweep = room_sweep.new(function () visits = visits + 1; end);
		sweep.start();
		sweep.start();
		fake_server.settle();
		assert.equal(1, visits);
		sweep.start();
		sweep.stop();
		fake_server.settle();
		assert.equal(1, visits);
	end);

	it("waits for the rooms to be there, and says when they cannot be read", function ()
		local room_sweep, fake_server, muc = new({ "tea" }, {});
		local modules, visits = fake_server.prosody.hosts["rooms.example.com"].modules, 0;
		modules.muc = nil;
		room_sweep.new(function () visits = visits + 1; end).start();
		fake_server.settle();
		assert.equal(0, visits);
		modules.muc = muc;
		muc.live_rooms = function () error("no"); end;
		fake_server.settle();
		assert.is_truthy(fake_server.logged("error: Rooms could not be gone through"));
	end);
end);

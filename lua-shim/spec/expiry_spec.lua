-- What is too old, in stand-ins for Prosody's stores.
local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local hour = 3600;
-- As an archive of Prosody: { [user] = { { when }, … } }
local function archive(rows, caps)
	local store = { caps = caps };
	function store.users() return pairs(rows); end
	function store.delete(_, user, query)
		for name, items in pairs(rows) do
			if user == true or user == name then
				local kept = {};
				for _, item in ipairs(items) do if query and item.when > query["end"] then kept[#kept + 1] = item; end end
				rows[name] = kept;
			end
		end
		return true;
	end
	return store;
end

local function keyval(rows)
	return {
		users = function () return pairs(rows); end;
		get = function (_, name) return rows[name]; end;
		set = function (_, name, value) rows[name] = value; return true; end;
	};
end

local function map(rows)
	return { set = function (_, row, key, value) rows[row][key] = value; return true; end };
end

local function aged(hours) return { when = os.time() - hours * hour }; end

local function start(stores, host, behaviour)
	behaviour.hears = { ["archive-policy"] = true };
	local running = server.new({ wasm_policies = { e2ee = { path = "/fake/e2ee.wasm" } } },
		{ native = fake_native.new(behaviour), host = host, opened = stores });
	running.prosody.bare_sessions = {};
	return running;
end

local function run(running)
	running.load();
	running.settle();
end

local function count(rows)
	local counts = {};
	for name, items in pairs(rows) do counts[name] = #items; end
	return counts;
end

describe("what is kept", function ()
	it("goes a little at a time, also while the clock of the server is set back", function ()
		local time, rows, asked = require "util.time", {}, 0;
		for number = 1, 20 do rows["user"..number] = { aged(50) }; end
		local store, real = archive(rows), time.now;
		local delete = store.delete;
		function store.delete(...)
			asked = asked + 1;
			local until_then = time.monotonic() + 0.006; -- a slow disk
			while time.monotonic() < until_then do end
			return delete(...);
		end
		finally(function () time.now = real; end);
		time.now = function () return real() - 3600 * asked; end;
		local running, most = start({ archive = store }, nil, { retention = 48 }), 0;
		running.load();
		for _ = 1, 40 do
			local before = asked;
			running.run_timers();
			most = math.max(most, asked - before);
		end
		assert.is_true(asked >= 20);
		assert.equal(1, most);
	end);

	for _, caps in ipairs({ false, { wildcard_delete = true } }) do
		it("goes when it is older than the retention", function ()
			local archived = { alice = { aged(50), aged(47), aged(1) }, bob = { aged(49) } };
			local waiting = { carol = { aged(49), aged(47) } };
			local days = { ["2001-01-01"] = { alice = true }, ["2999-01-01"] = { bob = true } };
			run(start({ archive = archive(archived, caps or nil), offline = archive(waiting, caps or nil), archive_cleanup = keyval(days) }, nil, { retention = 48 }));
			assert.same({ alice = 2, bob = 0 }, count(archived));
			assert.same({ carol = 1 }, count(waiting));
			assert.is_nil(days["2001-01-01"]);
			assert.is_truthy(days["2999-01-01"]);
		end);
	end

	it("stays when no policy says for how long", function ()
		local archived = { alice = { aged(5000) } };
		run(start({ archive = archive(archived) }, nil, {}));
		assert.same({ alice = 1 }, count(archived));
	end);

	it("goes at once when the retention becomes shorter", function ()
		local archived = { alice = { aged(40), aged(20) } };
		local behaviour = { retention = 48 };
		local running = start({ archive = archive(archived) }, nil, behaviour);
		run(running);
		assert.same({ alice = 2 }, count(archived));
		behaviour.retention = 30;
		running.global_hooks["config-reloaded"]();
		running.settle();
		assert.same({ alice = 1 }, count(archived));
	end);

	it("goes in time, whatever is not to be had", function ()
		local archived = { alice = { aged(50) } };
		local broken = { users = function () error("the disk is gone"); end, delete = true };
		local running = start({ archive = archive(archived), offline = broken }, nil, { retention = 48 });
		run(running);
		assert.same({ alice = 0 }, count(archived));
		assert.is_truthy(running.logged("Removing what is kept failed"));
	end);

	it("goes with the account", function ()
		local archived, days, wishes = { alice = { aged(1) }, bob = { aged(1) } }, { ["2999-01-01"] = { alice = true, bob = true } }, { alice = { [false] = true } };
		local cleanup = keyval(days);
		cleanup.map = map(days);
		local running = start({ archive = archive(archived), archive_cleanup = cleanup, archive_prefs = keyval(wishes) }, nil, {});
		run(running);
		running.global_hooks["user-deleted"]({ username = "alice", host = "example.com" });
		running.global_hooks["user-deleted"]({ username = "bob", host = "example.org" });
		running.settle();
		assert.same({ alice = 0, bob = 1 }, count(archived));
		assert.same({ bob = true }, days["2999-01-01"]);
		assert.same({}, wishes);
	end);
end);

describe("the history of a room", function ()
	it("goes in memory, from disk, and with the state of a room that was evicted", function ()
		local room = { _history = { { timestamp = os.time() - 49 * hour }, { timestamp = os.time() - 1 } } };
		local states = {
			crashed = { ["crashed@rooms/nick"] = { bare_jid = "alice@example.com" }, ["alice@example.com/gone"] = { name = "presence" } };
			old = { ["old@rooms/nick"] = { bare_jid = "bob@example.org" }, ["bob@example.org/there"] = { name = "presence" };
				_last_message = {}, _last_message_at = os.time() - 49 * hour };
			new = { _last_message = {}, _last_message_at = os.time() - 1 };
		};
		local logged = { room = { aged(49), aged(1) } };
		local running = start({ muc_log = archive(logged), state = keyval(states) }, "rooms.example.com", { retention = 48 });
		running.prosody.hosts["rooms.example.com"].modules.muc = { live_rooms = function ()
			local rooms = { room };
			return function () return table.remove(rooms); end;
		end };
		run(running);
		assert.equal(1, #room._history);
		assert.same({ room = 1 }, count(logged));
		assert.is_nil(states.crashed);
		assert.same({ ["old@rooms/nick"] = { bare_jid = "bob@example.org" }, ["bob@example.org/there"] = { name = "presence" } }, states.old);
		assert.is_truthy(states.new._last_message);
	end);
end);

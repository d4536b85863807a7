local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local number = "base64:*number";

local function store_of(running) return running.module:require("store"); end

local function fill(store, policy, keys, value)
	for key = 1, keys do store.write(policy, { ["key "..key] = value }); end
end

local function names(running)
	local found = {};
	for name in pairs(running.stores) do found[#found + 1] = name; end
	table.sort(found);
	return found;
end

describe("the store", function ()
	local cases = { "plain", "", " ", "a space ", "äöü", "\0\1\2", "\255\254", "line\nbreak", "base64:AA==", number, ("x"):rep(10000) };
	for _, bytes in ipairs(cases) do
		it(("keeps %q"):format(bytes:sub(1, 20)), function ()
			local running = server.new({});
			local store = store_of(running);
			store.write("e2ee", { [bytes] = bytes, other = "kept" });
			assert.same({ [bytes] = bytes, other = "kept" }, store.read("e2ee"));
			assert.same({ [bytes] = bytes, other = "kept" }, store_of(running).read("e2ee"));
			for key, value in pairs(running.stores["policy:e2ee"]) do
				assert.is_nil(key:find("%c"));
				assert.is_nil(key:find(" $"), "MySQL would take it for another key");
				assert.is_truthy(key == number or require "util.encodings".utf8.valid(value));
			end
			store.write("e2ee", { [bytes] = false });
			assert.same({ other = "kept" }, store.read("e2ee"));
		end);
	end

	it("keeps apart what only looks alike", function ()
		local store, different, seen = store_of(server.new({})), {}, {};
		for place, key in ipairs({ "a", "A", "ä", "a\204\136", "a ", "a  ", " a", "base64:YSA=" }) do different[key] = tostring(place); end
		store.write("e2ee", different);
		assert.same(different, store.read("e2ee"));
		local encode = server.new({}).module:require("store_text").encode;
		for key in pairs(different) do
			local compared = encode(key):gsub(" +$", ""); -- as MySQL does with `_bin`
			assert.is_nil(seen[compared], key);
			seen[compared] = true;
		end
	end);

	it("is of one policy", function ()
		local running = server.new({});
		local store = store_of(running);
		for _, policy in ipairs({ "a", "a-1", "a_1", "1" }) do fill(store, policy, 3, policy..("x"):rep(5000)); end
		for _, policy in ipairs({ "a", "a-1", "a_1", "1" }) do
			local value = policy..("x"):rep(5000);
			assert.same({ ["key 1"] = value, ["key 2"] = value, ["key 3"] = value }, store_of(running).read(policy));
		end
		assert.same({ "policy:1", "policy:1:1", "policy:1:2", "policy:a" }, { table.unpack(names(running), 1, 4) });
	end);

	it("is what was in one row before there were several, which goes", function ()
		local before = {};
		for key = 1, 100 do before["key "..key] = ("x"):rep(10000); end
		local running = server.new({}, { stores = { ["policy:e2ee"] = before } });
		local store = store_of(running);
		local found = store.read("e2ee");
		assert.equal(100, require "util.iterators".count(pairs(found)));
		assert.equal(10000, #found["key 100"]);
		running.settle();
		assert.is_nil(running.stores["policy:e2ee"]);
		for name, row in pairs(running.stores) do
			assert.is_true(#require "util.serialization".serialize(row) < 100000, name);
		end
		assert.same(found, store_of(running).read("e2ee"));
	end);

	it("stays in one row where there was one, and needs no other", function ()
		local running = server.new({}, { stores = { ["policy:e2ee"] = { a = "1", b = "2" } } });
		store_of(running).write("e2ee", { a = false, c = "3" });
		assert.same({ ["policy:e2ee"] = { b = "2", c = "3", [number] = 1 } }, running.stores);
	end);

	it("forgets on the disk too, soon", function ()
		local running = server.new({});
		local store = store_of(running);
		fill(store, "e2ee", 2, ("x"):rep(5000));
		store.write("e2ee", { ["key 1"] = false, ["key 2"] = "new" });
		running.settle();
		assert.same({ "policy:e2ee:2" }, names(running));
		assert.equal("new", running.stores["policy:e2ee:2"]["key 2"]);
		assert.is_nil(running.stores["policy:e2ee:2"]["key 1"]);
		assert.same({}, running.timers);
	end);

	it("takes back what the library took back, in pieces", function ()
		local running = server.new({});
		local store, undone, expected = store_of(running), {}, {};
		fill(store, "e2ee", 3, "new");
		for key = 1, 40 do
			undone[key] = { key = "key "..key; value = key > 1 and ("x"):rep(20000) or nil };
			expected["key "..key] = undone[key].value;
		end
		store.undo("e2ee", undone);
		assert.same(expected, store_of(running).read("e2ee"));
		for name, row in pairs(running.stores) do
			assert.is_true(#require "util.serialization".serialize(row) < 200000, name);
		end
	end);

	it("is empty, with a line in the log, when it cannot be read", function ()
		local running = server.new({}, { stores = { broken = true } });
		assert.same({}, store_of(running).read("e2ee"));
		assert.is_truthy(running.logged("^error: Reading the store of policy e2ee failed"));
	end);

	it("lacks what is in rows that cannot be read, says so once, and leaves them alone", function ()
		local spoilt = { ["policy:e2ee:1"] = "no table", ["policy:e2ee:2"] = 5 };
		local running = server.new({}, { stores = { ["policy:e2ee"] = { a = "1", ["base64:?"] = "2", b = "base64:?" } } });
		for name, value in pairs(spoilt) do running.stores[name] = value; end
		local store = store_of(running);
		assert.same({ a = "1" }, store.read("e2ee"));
		fill(store, "e2ee", 5, ("x"):rep(5000));
		for name, value in pairs(spoilt) do assert.equal(value, running.stores[name]); end
		assert.same({ "error: Reading the store of policy e2ee failed in 2 of its rows; what they hold is missing, "
			.."and they are left alone (policy:e2ee:1: it holds no table)" }, running.log);
	end);

	it("is complained of once a minute when it cannot be written", function ()
		local running = server.new({}, { stores = { broken = true } });
		local store = store_of(running);
		for _ = 1, 100 do store.write("e2ee", { key = "value" }); end
		store.write("other", { key = "value" });
		assert.same({
			"error: Writing the store of policy e2ee failed (1 since the last report): the disk is gone";
			"error: Writing the store of policy other failed (1 since the last report): the disk is gone";
		}, { (running.log[1]:gsub("%S+%.lua:%d+: ", "")), (running.log[2]:gsub("%S+%.lua:%d+: ", "")), running.log[3] });
	end);
end);

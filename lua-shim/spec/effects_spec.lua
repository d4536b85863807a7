local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

-- -> what was written, in rows and without their numbers; and who was charged, in the order of it
local function applied(effects)
	local written, charged = {}, {};
	local keyval = { get = function () return nil; end, set = function (_, row, entries)
		entries["base64:*number"] = nil;
		written[#written + 1] = { row, entries };
		return true;
	end };
	local running = server.new({}, { opened = { wasm = keyval } });
	local chain = { charge = function (_, policy, microseconds)
		assert.is_true(microseconds >= 0);
		charged[#charged + 1] = policy;
	end };
	running.module:require("effects").apply_all(effects, { stanza = {} }, { chain = chain, rolled_back = function ()
		written[#written + 1] = "taken back";
	end });
	return written, charged, running;
end

describe("effects", function ()
	it("write each store once, before anything is taken back", function ()
		local written, charged = applied({
			{ kind = "store", policy = "a", key = "one", value = "1" };
			{ kind = "rolled-back", policy = "a" };
			{ kind = "store", policy = "a", key = "two", value = "2" };
			{ kind = "store", policy = "a", key = "three", value = "3" };
			{ kind = "store", policy = "a", key = "one" };
		});
		assert.same({ { "policy:a", { two = "2", three = "3" } }, "taken back" }, written);
		assert.same({ "a" }, charged);
	end);

	it("that are small are charged to nobody, also when they fail", function ()
		local _, charged, running = applied({
			{ kind = "log", policy = "a", level = "info", text = "a line" };
			{ kind = "no such", policy = "b" };
		});
		assert.same({}, charged);
		assert.is_truthy(running.logged("^info: a: a line"));
		assert.is_truthy(running.logged("^error: An effect of a policy failed"));
	end);
end);

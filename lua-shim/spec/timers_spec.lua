-- What waits for its time when the module is unloaded waits no longer.

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

describe("timers", function ()
	it("end with the module", function ()
		local running = server.new({ wasm_policies = {} }).load();
		local called = {};
		running.module:add_timer(900, function () called[1] = true; end);
		assert.equal(1, #running.timers);
		running.module.unload();
		assert.same({}, running.timers);
		running.run_timers();
		assert.same({}, called);
	end);
end);

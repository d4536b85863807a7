local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

describe("the store", function ()
	local cases = { "plain", "", "äöü", "\0\1\2", "\255\254", "line\nbreak", "base64:AA==", ("x"):rep(10000) };
	for _, bytes in ipairs(cases) do
		it(("keeps %q"):format(bytes:sub(1, 20)), function ()
			local running = server.new({});
			local store = running.module:require("store");
			store.write("e2ee", { [bytes] = bytes, other = "kept" });
			assert.same({ [bytes] = bytes, other = "kept" }, store.read("e2ee"));
			for key, value in pairs(running.stores["policy:e2ee"]) do
				assert.is_nil(key:find("%c"));
				assert.is_truthy(require "util.encodings".utf8.valid(value));
			end
			store.write("e2ee", { [bytes] = false });
			assert.same({ other = "kept" }, store.read("e2ee"));
		end);
	end

	it("is empty, with a line in the log, when it cannot be read", function ()
		local running = server.new({}, { stores = { broken = true } });
		assert.same({}, running.module:require("store").read("e2ee"));
		assert.is_truthy(running.logged("^error: Reading the store of policy e2ee failed"));
	end);

	it("is complained of once a minute when it cannot be written", function ()
		local running = server.new({}, { stores = { broken = true } });
		local store = running.module:require("store");
		for _ = 1, 100 do store.write("e2ee", "key", "value"); end
		store.write("other", "key", "value");
		assert.same({
			"error: Writing the store of policy e2ee failed (1 since the last report): the disk is gone";
			"error: Writing the store of policy other failed (1 since the last report): the disk is gone";
		}, { (running.log[1]:gsub("%S+%.lua:%d+: ", "")), (running.log[2]:gsub("%S+%.lua:%d+: ", "")), running.log[3] });
	end);
end);

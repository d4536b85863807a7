-- What is read and parsed is there once for all hosts, and anew when the file is another.

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local function started()
	local running = server.new({ wasm_policies = {} }).load();
	local parsed = running.shared["/*/wasm/parsed"];
	local function host(name)
		local environment = setmetatable({ module = running.module }, { __index = _G });
		return running.module.require(running.module, "requiring").each_once(environment)(running.module, name);
	end
	return parsed, host;
end

describe("files of the shim", function ()
	it("are parsed once, and run on each host", function ()
		local parsed, host = started();
		local chunk = parsed.text.chunk;
		local one, other = host("text"), host("text");
		assert.not_equal(one, other);
		assert.same({ "a", chunk }, { one.shown("a"), parsed.text.chunk });
	end);

	it("are parsed anew after an upgrade", function ()
		local parsed, host = started();
		local chunk = parsed.text.chunk;
		parsed.text.digest = "of the file before";
		host("text");
		assert.not_equal(chunk, parsed.text.chunk);
	end);

	it("are said to be missing, by their names", function ()
		local _, host = started();
		local ok, err = pcall(host, "nothing");
		assert.is_false(ok);
		assert.matches("nothing%.lib%.lua", err);
	end);
end);

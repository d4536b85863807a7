-- The shim's own files in a plain Lua, around the real library: from Prosody's event into the chain and back.
--   shim { .. settings of the guest that looks .. } -> { [event] = handler }

package.path = "lua-shim/spec/?.lua;"..package.path;
local chains = require "chains";
local native = require "native";
local server = require "server"; -- a stand-in for Prosody's module API

local folder = require "lfs".currentdir(); -- Prosody's paths begin where its configuration is
chains.that_looks({}); -- so that it is compiled

-- What is kept while a policy is loaded is of this process only.
local data = ("%s/target/bench/shim-%d"):format(folder, require "util.pposix".getpid());

return function (settings)
	os.execute("mkdir -p "..data);
	local running = server.new({
		wasm_policies = { looking = { path = folder.."/"..chains.looking, settings = settings, limits = { milliseconds = 1000, budget = 1000 } } };
		wasm_cache_path = folder.."/"..native.cache; wasm_compiler = folder.."/"..native.compiler;
	}, { native = chains.library, data = data, host = "example.org", hosts = { ["example.org"] = { type = "local", modules = {}, events = {}, sessions = {} } } });
	running.load();
	assert(running.status[1] == "info" and not running.logged("being prepared"), table.concat(running.log, "\n"));
	os.execute("rm -r "..data);
	function running.module.log() end -- as when nobody wants to read level debug
	local handlers = {};
	for event, hook in pairs(running.hooks) do handlers[event] = hook[1]; end
	return handlers;
end;

-- A helper for busted: Prosody's own specs in a Lua state in which mod_wasm has been loaded, library and shim, and started.
-- Run in the folder of Prosody's source. Raises when loading it has changed what everybody shares.
-- MOD_WASM_PROJECT is the checkout, MOD_WASM_STAGE the staging tree.

require "loader"; -- what Prosody's own specs have as their helper

local project, stage = assert(os.getenv("MOD_WASM_PROJECT")), assert(os.getenv("MOD_WASM_STAGE"));
local shared = { _G = _G; metatable_of_strings = getmetatable(""); metatable_of_modules = getmetatable(package.loaded) };
for _, name in ipairs({ "string", "table", "math", "os", "io", "coroutine", "debug", "utf8" }) do shared[name] = _G[name]; end

local function copy(from)
	local to = {};
	for key, value in next, from do to[key] = value; end
	return to;
end

local function unchanged(name, before, after)
	for key, value in next, before do assert(rawequal(after[key], value), name.."."..tostring(key).." is another now"); end
	for key in next, after do assert(before[key] ~= nil, name.."."..tostring(key).." is new"); end
end

local function load_mod_wasm()
	local library = stage.."/lib/prosody/modules/mod_wasm/prosody_wasm.so";
	local native = assert(package.loadlib(library, "luaopen_prosody_wasm"))();
	package.path = project.."/lua-shim/spec/?.lua;"..package.path;
	local running = require "server".new({ wasm_policies = {} }, { native = native }).load();
	assert(not running.logged("^error"), table.concat(running.log, "\n"));
end

local before, loaded, path, cpath = {}, copy(package.loaded), package.path, package.cpath;
for name, of in pairs(shared) do before[name] = copy(of); end

load_mod_wasm();

for name, of in pairs(shared) do unchanged(name, before[name], of); end
-- The stand-ins for Prosody's own modules, which the shim has met here, are none for its specs.
for name in next, copy(package.loaded) do package.loaded[name] = loaded[name]; end
package.path, package.cpath = path, cpath;

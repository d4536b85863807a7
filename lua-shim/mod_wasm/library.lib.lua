-- The native library: found by its path, because plugin folders are not on package.cpath.

local shown = module:require "text".shown;

local max_path = 200; -- characters
local entry_point = "luaopen_prosody_wasm";
local version = "0.1.0";

local function open_function(path, loadlib)
	local open, err = loadlib(path, entry_point);
	if open then return open; end
	return nil, ("The library %s cannot be opened: %s; install mod_wasm again or set wasm_library"):format(shown(path, max_path), tostring(err));
end

-- -> native | nil, sentence
local function open(path, loadlib)
	local open_native, err = open_function(path, loadlib or package.loadlib);
	if not open_native then return nil, err; end
	local ok, native = pcall(open_native);
	if not ok then
		return nil, ("The library %s failed to start: %s; install mod_wasm again"):format(shown(path, max_path), tostring(native));
	elseif type(native) ~= "table" or type(native.open) ~= "function" or type(native.chain) ~= "function" then
		return nil, ("The library %s is not the one of mod_wasm; check wasm_library"):format(shown(path, max_path));
	elseif native.version ~= version then
		-- A replaced file stays invisible to the running process: Lua keeps what it loaded from this path.
		return nil, ("The library %s is version %s, but this module is version %s; install both from one release and restart Prosody")
			:format(shown(path, max_path), tostring(native.version), version);
	end
	return native;
end

return { open = open; version = version };

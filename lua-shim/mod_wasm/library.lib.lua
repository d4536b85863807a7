-- The native library: found by its path, because plugin folders are not on package.cpath.

local shown = module:require "mod_wasm/text".shown; -- by its folder: mod_wasm_retention requires this file, too

local max_path = 200; -- characters
local entry_point = "luaopen_prosody_wasm";
local version = "0.1.0";

local function open_function(path, loadlib)
	local open, err = loadlib(path, entry_point);
	if open then return open; end
	return nil, ("The library %s cannot be opened: %s; install mod_wasm again or set wasm_library"):format(shown(path, max_path), tostring(err));
end

local function has_functions(native)
	return type(native) == "table" and type(native.stage) == "function" and type(native.stage_now) == "function"
		and type(native.chain) == "function";
end

-- Whatever its version. -> native | nil, sentence
local function open_any(path, loadlib)
	local open_native, err = open_function(path, loadlib or package.loadlib);
	if not open_native then return nil, err; end
	local ok, native = pcall(open_native);
	if not ok then
		return nil, ("The library %s failed to start: %s; install mod_wasm again"):format(shown(path, max_path), tostring(native));
	elseif type(native) == "table" and type(native.version) == "string" and not has_functions(native) then
		return nil, ("The library %s, version %s, cannot prepare policies"):format(shown(path, max_path), tostring(native.version));
	elseif not has_functions(native) then
		return nil, ("The library %s is not the one of mod_wasm; check wasm_library"):format(shown(path, max_path));
	end
	return native;
end

-- -> native | nil, sentence
local function open(path, loadlib)
	local native, err = open_any(path, loadlib);
	if not native then return nil, err; end
	if native.version ~= version then
		return nil, ("The library %s is version %s, but this module is version %s; install both from one release, then run: wasm takeover")
			:format(shown(path, max_path), tostring(native.version), version);
	end
	return native;
end

local function mapped_lines()
	local names, file = {}, io.open("/proc/self/maps", "rb");
	if not file then return names; end
	for line in file:lines() do
		local name = line:match("/([^/]*prosody_wasm[^/]*%.so[^/]*)$");
		if name then names[name] = true; end
	end
	file:close();
	return names;
end

-- How many builds of the library this server has opened since it started: none is ever closed.
local function mapped()
	local count = 0;
	local ok, names = pcall(mapped_lines);
	for _ in pairs(ok and names or {}) do count = count + 1; end
	return count;
end

return { open = open; open_any = open_any; mapped = mapped; version = version };

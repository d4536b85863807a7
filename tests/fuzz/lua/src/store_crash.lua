-- F8: the store of a policy on a disk that fails at any point: full, broken, or gone with the process. What is read afterwards
-- is what was there before a write, or after it.

local server = require "server";
local datamanager = require "util.datamanager";
local folder = host.cache.."-store";
os.execute("mkdir -p '"..folder.."'");
datamanager.set_data_path(folder);

local real_open, real_rename = io.open, os.rename;
local remaining; -- operations until the disk fails; nil: it does not

local function fails()
	if not remaining then return false; end
	remaining = remaining - 1;
	return remaining < 0;
end

-- A file of which a write may be cut short, as on a full disk.
local function failing_file(file)
	local wrapped = {};
	function wrapped.write(_, ...)
		if not fails() then return file:write(...) and wrapped; end
		local text = table.concat({ ... });
		file:write(text:sub(1, #text // 2));
		return nil, "No space left on device", 28;
	end
	function wrapped.seek(_, ...) return file:seek(...); end
	function wrapped.read(_, ...) return file:read(...); end
	function wrapped.setvbuf(_, ...) return file:setvbuf(...); end
	function wrapped.flush()
		if fails() then return nil, "Input/output error", 5; end
		return file:flush();
	end
	function wrapped.close()
		local is_failing = fails();
		file:close();
		if is_failing then return nil, "Input/output error", 5; end
		return true;
	end
	return wrapped;
end

local function open(path, mode)
	if mode and mode:find("[wa+]") and fails() then return nil, path..": No space left on device", 28; end
	local file, err, code = real_open(path, mode);
	if not file or not (mode and mode:find("[wa+]")) then return file, err, code; end
	return failing_file(file);
end

local function rename(...)
	if fails() then return nil, "Input/output error", 5; end
	return real_rename(...);
end

-- Prosody's `keyval` and `map` over its files, as mod_storage_internal and the storage manager make them.
local keyval = {};
function keyval.get(_, row) return datamanager.load(row, "x.example", "wasm"); end
function keyval.set(_, row, data) return datamanager.store(row, "x.example", "wasm", data); end
local map = { remove = {} };
function map.set_keys(_, row, changes)
	local data, err = keyval.get(nil, row);
	if err then return nil, err; end
	data = data or {};
	for key, value in pairs(changes) do
		if value == map.remove then value = nil; end
		data[key] = value;
	end
	return keyval.set(nil, row, next(data) and data or nil);
end
keyval.map = map;

local store = server.new({}, { opened = { wasm = keyval } }).module:require("store");
local keys = { "a", "b", "count", "base64:", "base64:YQ==", "\0", "\xff", "ünï", ("k"):rep(256), "__array" };
local values = { "", "1", "2", "\0", "\xff\xfe", "base64:x", "base64:YQ==", "a\nb", ("v"):rep(5000), "]]--", "ü" };

local function same(one, other)
	for key, value in pairs(one) do if other[key] ~= value then return false; end end
	for key, value in pairs(other) do if one[key] ~= value then return false; end end
	return true;
end

local function copy(of)
	local made = {};
	for key, value in pairs(of) do made[key] = value; end
	return made;
end

return function (bytes)
	local read = choices.new(bytes);
	datamanager.store("policy:p", "x.example", "wasm", nil);
	local model = {};
	io.open, os.rename = open, rename;
	local ok, problem = pcall(function ()
		for _ = 1, read.below(24) do
			if read.is_empty() then break; end
			local changes, after = {}, copy(model);
			for _ = 1, 1 + read.below(3) do
				local key, value = read.one_of(keys), read.one_of(values);
				if read.below(4) == 0 then value = nil; end
				changes[key], after[key] = value or false, value;
			end
			if read.below(3) == 0 then remaining = read.below(8); end
			store.write("p", changes);
			local is_sound = remaining == nil or remaining >= 0;
			remaining = nil;
			local found = store.read("p");
			if same(found, after) then
				model = after;
			else
				assert(not is_sound, "a write that did not fail is not there");
				assert(same(found, model), "what is on the disk is neither what was there before nor what is written");
			end
		end
	end);
	io.open, os.rename, remaining = real_open, real_rename, nil;
	if not ok then error(problem, 0); end
end

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
	for key, value in pairs(changes) do data[key] = value ~= map.remove and value or nil; end
	return keyval.set(nil, row, next(data) and data or nil);
end
keyval.map = map;

local function started()
	local running = server.new({}, { opened = { wasm = keyval } });
	return running, running.module:require("store");
end

local keys = { "a", "b", "count", "base64:", "base64:YQ==", "\0", "\xff", "ünï", ("k"):rep(256), "__array", "a " };
local values = { "", "1", "2", "\0", "\xff\xfe", "base64:x", "base64:YQ==", "a\nb", ("v"):rep(5000), "]]--", "ü" };

local function remove_rows()
	for name in datamanager.users("x.example", "wasm") do datamanager.store(name, "x.example", "wasm", nil); end
end

-- What a policy writes in one call.
local function some_changes(read)
	local changes = {};
	for _ = 1, 1 + read.below(3) do
		local value = read.one_of(values);
		changes[read.one_of(keys)] = read.below(4) > 0 and value;
	end
	return changes;
end

-- What may be there: one value of each key, false for none; or more, where a write failed that may be there all the same.
local function expect(model, changes, is_sound)
	for key, value in pairs(changes) do
		local possible = not is_sound and model[key] or {};
		possible[value] = true;
		model[key] = possible;
	end
end

local function check(model)
	local _, reader = started();
	local found = reader.read("p");
	for _, key in ipairs(keys) do
		assert(model[key][found[key] or false], "what is on the disk is neither what was there before nor what is written");
	end
	return found;
end

return function (bytes)
	local read, model = choices.new(bytes), {};
	remove_rows();
	for _, key in ipairs(keys) do model[key] = { [false] = true }; end
	io.open, os.rename = open, rename;
	local ok, problem = pcall(function ()
		local running, store = started();
		for _ = 1, read.below(24) do
			if read.is_empty() then break; end
			local changes = some_changes(read);
			if read.below(3) == 0 then remaining = read.below(8); end
			store.write("p", changes);
			expect(model, changes, remaining == nil or remaining >= 0);
			if read.below(4) == 0 then running.run_timers(); end
			remaining = nil;
			local found = check(model);
			-- It was killed, and comes back.
			if read.below(6) == 0 then
				for _, key in ipairs(keys) do model[key] = { [found[key] or false] = true }; end
				running, store = started();
			end
		end
	end);
	io.open, os.rename, remaining = real_open, real_rename, nil;
	if not ok then error(problem, 0); end
end

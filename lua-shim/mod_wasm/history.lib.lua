-- Which generations of a policy were in force, in the storage the operator chose for Prosody. A restart goes on from here.

local lfs = require "lfs";

local max_entries = 20;
local max_settings = 1024 * 1024; -- bytes of all entries: the files of a policy are in its settings
-- ":" keeps policies from being accounts, whose rows are purged when they are deleted.
local function row_name(policy) return "generations:"..policy; end

local function is_entry(value)
	return type(value) == "table" and type(value.identity) == "string" and type(value.sha256) == "string"
		and type(value.settings) == "string" and type(value.file) == "string"
		and (value.on_error == "deny" or value.on_error == "pass");
end

local function read_row(policy)
	local store = assert(module:open_store("wasm_generations", "keyval"));
	local stored, err = store:get(row_name(policy));
	if not stored and err then error(err, 0); end
	return stored;
end

-- -> { current = entry|nil, config_signature, config_file, entries } | the same, empty, and why it cannot be read
local function read(policy)
	local ok, stored = pcall(read_row, policy);
	local row = { entries = {} };
	if not ok then return row, tostring(stored); end
	if type(stored) ~= "table" then return row; end
	for _, entry in ipairs(type(stored.entries) == "table" and stored.entries or {}) do
		if is_entry(entry) then row.entries[#row.entries + 1] = entry; end
	end
	row.current = is_entry(stored.current) and stored.current or nil;
	row.config_signature, row.config_file = stored.config_signature, stored.config_file;
	return row;
end

-- Storage refuses a table that is in two places, and `current` is one of the entries.
local function copied(value)
	if type(value) ~= "table" then return value; end
	local copy = {};
	for key, item in pairs(value) do copy[key] = copied(item); end
	return copy;
end

local function write_row(policy, row)
	local store = assert(module:open_store("wasm_generations", "keyval"));
	local ok, err = store:set(row_name(policy), copied(row));
	if not ok then error(err or "the storage says no more than that", 0); end
end

-- -> true | nil, sentence
local function write(policy, row)
	local ok, err = pcall(write_row, policy, row);
	if ok then return true; end
	local reason = tostring(err):gsub("^%S*%.lua:%d+: ", ""); -- of whom, an operator need not know
	return nil, "the history cannot be written: "..reason;
end

local function is_too_much(entries)
	local bytes = 0;
	for _, entry in ipairs(entries) do bytes = bytes + #entry.settings; end
	return #entries > max_entries or bytes > max_settings and #entries > 2;
end

-- A new row; the old one stays as it is, so that it can be written again.
local function with(row, entry, signature, file)
	local entries = { table.unpack(row.entries) };
	local last = entries[#entries];
	-- The same again is not news, but for the way it came.
	if not last or last.identity ~= entry.identity or last.how ~= entry.how then entries[#entries + 1] = entry; end
	while is_too_much(entries) do table.remove(entries, 1); end
	return { current = entry; entries = entries; config_signature = signature; config_file = file };
end

local function find(row, prefix)
	for i = #row.entries, 1, -1 do
		if row.entries[i].identity:sub(1, #prefix) == prefix then return row.entries[i]; end
	end
end

-- The newest that is none of these: { [identity] = true }
local function newest_other(row, identities)
	for i = #row.entries, 1, -1 do
		if not identities[row.entries[i].identity] then return row.entries[i]; end
	end
end

-- Removes kept components; needed: { [sha256] = true }
local function clean(kept_path, needed)
	local ok, iterator, state = pcall(lfs.dir, kept_path);
	if not ok then return; end
	for file in iterator, state do
		local sha256 = file:match("^(%x+)%.wasm$") or file:match("^(%x+)%.wasm%..*minisig$");
		if sha256 and #sha256 == 64 and not needed[sha256] then os.remove(kept_path.."/"..file); end
	end
end

return { read = read; write = write; with = with; find = find; newest_other = newest_other; clean = clean };

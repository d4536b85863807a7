-- The rows of a policy's store (store_rows.lib.lua) in the storage the operator chose for Prosody.

local rows = module:require "store_rows";

-- Purging a deleted account removes its rows in every store; ":" keeps policies from being accounts, and is in no policy's name.
local function row_name(policy, place) return place == 0 and "policy:"..policy or ("policy:%s:%d"):format(policy, place); end

-- -> a row | nil when there is none | nil, why it cannot be read
local function read_row(store, name)
	local ok, row, err = pcall(store.get, store, name);
	if not ok then return nil, tostring(row); end
	if row == nil then return nil, err and tostring(err); end
	if type(row) ~= "table" then return nil, "it holds no table"; end
	return row;
end

-- Others are no worse for a row that cannot be read; it stays as it is, for whoever can mend it.
local function report_unread(policy, unread)
	if #unread == 0 then return; end
	module:log("error", "Reading the store of policy %s failed in %d of its rows; what they hold is missing, and they are left alone (%s: %s)",
		policy, #unread, unread[1].name, unread[1].reason);
end

-- -> { [place] = what storage has there, false when it cannot be read }. Raises when there is no storage.
local function read(policy)
	local store = assert(module:open_store("wasm", "keyval"));
	local stored, unread = {}, {};
	for place = 0, rows.most_rows - 1 do
		local name = row_name(policy, place);
		local row, reason = read_row(store, name);
		if reason then row, unread[#unread + 1] = false, { name = name; reason = reason }; end
		stored[place] = row;
	end
	report_unread(policy, unread);
	return stored;
end

local function write_all(name, write)
	local store = assert(module:open_store("wasm", "keyval"));
	if not write.number then return store:set(name, nil); end
	local row = { [rows.number_key] = write.number };
	for key, value in pairs(write.entries) do row[key] = value or nil; end
	return store:set(name, row);
end

-- A database changes only these entries.
local function write_some(name, write)
	local store = assert(module:open_store("wasm", "map"));
	local changes = { [rows.number_key] = write.number };
	for key, value in pairs(write.entries) do changes[key] = value or store.remove; end
	return store:set_keys(name, changes);
end

-- Raises when it fails.
local function write(policy, planned)
	local perform = planned.is_all and write_all or write_some;
	local ok, err = perform(row_name(policy, planned.place), planned);
	if not ok and err then error(err, 0); end
end

return { read = read; write = write };

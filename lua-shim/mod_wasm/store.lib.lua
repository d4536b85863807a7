-- What policies keep, in the storage the operator chose for Prosody.

local base64 = require "util.encodings".base64;
local is_utf8 = require "util.encodings".utf8.valid;

local marker = "base64:";
-- Purging a deleted account removes its rows in every store; ":" keeps policies from being accounts.
local function row(policy) return "policy:"..policy; end

-- Policies keep bytes; databases and files want text.
local function encode(bytes)
	local is_text = bytes ~= "" and is_utf8(bytes) and not bytes:find("%c") and bytes:sub(1, #marker) ~= marker;
	return is_text and bytes or marker..base64.encode(bytes);
end

local function decode(text)
	if text:sub(1, #marker) ~= marker then return text; end
	return base64.decode(text:sub(#marker + 1));
end

local function read(policy)
	local store = assert(module:open_store("wasm", "keyval"));
	local stored, err = store:get(row(policy));
	if not stored and err then error(err, 0); end
	local values = {};
	for key, value in pairs(stored or {}) do
		if type(key) == "string" and type(value) == "string" then
			values[decode(key)] = decode(value);
		end
	end
	return values;
end

-- All at once: where a row is a file, each write reads and writes all of it, and everybody waits for that.
local function write(policy, changes)
	local store = assert(module:open_store("wasm", "map"));
	local encoded = {};
	for key, value in pairs(changes) do encoded[encode(key)] = value and encode(value) or store.remove; end
	local ok, err = store:set_keys(row(policy), encoded);
	if not ok and err then error(err, 0); end
end

local function report(what, policy, err)
	module:log("error", "%s of policy %s failed: %s", what, policy, tostring(err));
end

local function write_safely(policy, changes)
	local ok, err = pcall(write, policy, changes);
	if not ok then report("Writing the store", policy, err); end
end

return {
	-- Everything a policy has kept; an empty table when it cannot be read.
	read = function (policy)
		local ok, values = pcall(read, policy);
		if ok then return values; end
		report("Reading the store", policy, values);
		return {};
	end;
	-- changes: { [key] = value, or false for none }
	write = write_safely;
	-- What the library took back in memory is taken back on disk: { { key, value|nil }, .. }
	undo = function (policy, undone)
		local changes = {};
		for _, change in ipairs(undone or {}) do changes[change.key] = change.value or false; end
		if next(changes) then write_safely(policy, changes); end
	end;
};

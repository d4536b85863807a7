-- What policies keep, in the storage the operator chose for Prosody.

local base64 = require "util.encodings".base64;
local is_utf8 = require "util.encodings".utf8.valid;
local now = require "util.time".now;

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

local seconds_between_reports = 60;
local reports = {}; -- by policy: { moment of the last, failures since }; there are as many as were ever configured

-- A policy may store something with every stanza, and the disk that is full may be that of the log.
local function report_writing(policy, err)
	local last = reports[policy] or { moment = -math.huge; unreported = 0 };
	reports[policy] = last;
	last.unreported = last.unreported + 1;
	if now() - last.moment < seconds_between_reports then return; end
	module:log("error", "Writing the store of policy %s failed (%d since the last report): %s", policy, last.unreported, tostring(err));
	last.moment, last.unreported = now(), 0;
end

local function write_safely(policy, changes)
	local ok, err = pcall(write, policy, changes);
	if not ok then report_writing(policy, err); end
end

return {
	-- Everything a policy has kept; an empty table when it cannot be read.
	read = function (policy)
		local ok, values = pcall(read, policy);
		if ok then return values; end
		module:log("error", "Reading the store of policy %s failed: %s", policy, tostring(values));
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

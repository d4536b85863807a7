-- What policies keep, in the storage the operator chose for Prosody.

local now = require "util.time".monotonic;
local disk = module:require "store_disk";
local rows = module:require "store_rows";
local text = module:require "store_text";

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

-- Raises when it fails.
local function perform(policy, kept, write)
	local ok, err = pcall(disk.write, policy, write);
	if ok then return kept:written(write); end
	kept:failed(write);
	error(err, 0);
end

local opened = {}; -- by policy: its rows

local function write_encoded(policy, changes)
	local write, err = opened[policy]:write(changes);
	if err then error(err, 0); end
	if write then perform(policy, opened[policy], write); end
end

-- In pieces that a row takes without keeping the server for long.
local function write_in_pieces(policy, changes)
	local piece, bytes = {}, 0;
	for key, value in pairs(changes) do
		piece[key] = value;
		bytes = bytes + #key + (value and #value or 0);
		if bytes >= rows.most_copied then
			write_encoded(policy, piece);
			piece, bytes = {}, 0;
		end
	end
	write_encoded(policy, piece);
end

local seconds_between_tidying = 2;
local is_tidying = false;

-- One row at a time, so that nobody notices. Until the next write, if it fails.
local function tidy_one()
	for policy, kept in pairs(opened) do
		local write = kept:tidy();
		if write then
			local ok, err = pcall(perform, policy, kept, write);
			if ok then return seconds_between_tidying; end
			report_writing(policy, err);
		end
	end
	is_tidying = false;
end

-- What policies removed or replaced is not to stay on the disk.
local function tidy_later(policy)
	if is_tidying or opened[policy]:is_tidy() then return; end
	is_tidying = true;
	module:add_timer(seconds_between_tidying, tidy_one);
end

-- All of it was in one row once.
local function divide(policy, undivided)
	local ok, err = pcall(write_in_pieces, policy, undivided);
	if not ok then report_writing(policy, err); end
end

-- -> { [key] = text }. A policy's rows are read once, and then known.
local function open(policy)
	local stored = disk.read(policy);
	local kept = rows.new(stored);
	opened[policy] = kept;
	local texts, undivided = kept:texts(stored), kept:undivided(stored);
	if undivided then divide(policy, undivided); end
	tidy_later(policy);
	return texts;
end

local function read(policy)
	local values = {};
	for key, value in pairs(open(policy)) do
		local key_bytes, bytes = text.decode(key), text.decode(value);
		if key_bytes and bytes then values[key_bytes] = bytes; end
	end
	return values;
end

local function encode_and_write(policy, changes, write)
	local encoded = {};
	for key, value in pairs(changes) do encoded[text.encode(key)] = value and text.encode(value); end
	if not opened[policy] then open(policy); end
	write(policy, encoded);
end

local function write_safely(policy, changes, write)
	local ok, err = pcall(encode_and_write, policy, changes, write);
	if not ok then return report_writing(policy, err); end
	tidy_later(policy);
end

return {
	-- Everything a policy has kept; an empty table when it cannot be read.
	read = function (policy)
		local ok, values = pcall(read, policy);
		if ok then return values; end
		module:log("error", "Reading the store of policy %s failed: %s", policy, tostring(values));
		return {};
	end;
	-- All or nothing. changes: { [key] = value, or false for none }
	write = function (policy, changes) write_safely(policy, changes, write_encoded); end;
	-- What the library took back in memory is taken back on disk: { { key, value|nil }, .. }
	undo = function (policy, undone)
		local changes = {};
		for _, change in ipairs(undone or {}) do changes[change.key] = change.value or false; end
		if next(changes) then write_safely(policy, changes, write_in_pieces); end
	end;
};

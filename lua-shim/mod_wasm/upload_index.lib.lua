-- How much is kept of whom: what Prosody's store says, read once and then kept up to date by what is seen.
--
-- Prosody removes old files as well, and says so to nobody, so it is read again now and then. A store holds 10,000 slots
-- unless the operator allows more. What was removed goes on to count for what somebody uploaded in an hour and in a day.

local seconds_until_read_again = 6 * 60 * 60;
local hour, day = 3600, 86400;
local most_gone = 10000;

local function older(one, other) return one.time < other.time; end

-- Young enough to count for a day, and not too many.
local function still_counting(gone)
	local counting, oldest = {}, os.time() - day;
	for i = math.max(1, #gone - most_gone + 1), #gone do
		if gone[i].time > oldest then counting[#counting + 1] = gone[i]; end
	end
	return counting;
end

-- files: upload_files.lib.lua
local function new(files)
	local self = {};
	local entries, by_user, total, read_at = {}, nil, nil, nil; -- entries: { slot, user, size, time, is_there, is_gone }, the oldest first

	local function add(entry)
		entries[#entries + 1] = entry;
		local own = by_user[entry.user] or { bytes = 0 };
		by_user[entry.user] = own;
		own[#own + 1] = entry;
		if not entry.is_gone then own.bytes, total = own.bytes + entry.size, total + entry.size; end
	end

	-- kept, gone: lists of entries
	local function fill(kept, gone)
		for _, entry in ipairs(still_counting(gone)) do kept[#kept + 1] = entry; end
		table.sort(kept, older);
		entries, by_user, total = {}, {}, 0;
		for _, entry in ipairs(kept) do add(entry); end
	end

	local function entry_of(slot, user, size, time)
		return { slot = slot, user = user or "", size = math.tointeger(tonumber(size)) or 0, time = tonumber(time) or 0 };
	end

	local function read()
		local found, gone = {}, {};
		for slot, request, time, user in files.records() do
			local entry = entry_of(slot, user, request.attr.size, time);
			entry.is_there = files.is_there(slot);
			found[#found + 1] = entry;
		end
		for _, entry in ipairs(entries) do
			if entry.is_gone then gone[#gone + 1] = entry; end
		end
		fill(found, gone);
	end

	local function refresh()
		if not read_at or math.abs(os.time() - read_at) > seconds_until_read_again then
			read_at = nil; -- if it fails, it is tried again
			read();
			read_at = os.time();
		end
	end

	-- A slot was given.
	function self.note(slot, user, size)
		if not read_at then return; end
		if not slot then
			read_at = nil;
			return;
		end
		add(entry_of(slot, user, size, os.time()));
	end

	-- All of its file has come.
	function self.note_file(slot)
		if not read_at then return; end
		for i = #entries, 1, -1 do
			if entries[i].slot == slot then
				entries[i].is_there = true;
				return;
			end
		end
	end

	-- -> sum, seconds until the first of these is older than that
	local function lately(own, seconds, measure)
		local now, sum, ends = os.time(), 0, 0;
		for i = #own, 1, -1 do
			local age = now - own[i].time;
			if age >= seconds then break; end
			sum, ends = sum + measure(own[i]), seconds - age;
		end
		return sum, math.max(0, math.min(seconds, math.ceil(ends)));
	end

	-- As policies are told it.
	function self.usage(user)
		refresh();
		local own = by_user[user] or { bytes = 0 };
		local hour_slots, hour_ends = lately(own, hour, function () return 1; end);
		local day_bytes, day_ends = lately(own, day, function (entry) return entry.size; end);
		return { hour_slots = hour_slots, hour_ends = hour_ends, day_bytes = day_bytes, day_ends = day_ends,
			user_bytes = own.bytes, total_bytes = total };
	end

	-- From a list, the oldest first, until there are at most so many bytes of files. Takes what is spared into account, and what goes
	-- anyway. A slot alone is no file: who asks for one has not written anything yet.
	local function excess(list, limit, is_spared, going)
		local bytes = 0;
		for _, entry in ipairs(list) do
			if entry.is_there and not entry.is_gone and not going[entry] then bytes = bytes + entry.size; end
		end
		for _, entry in ipairs(list) do
			if bytes <= limit then return; end
			if entry.is_there and not entry.is_gone and not going[entry] and not is_spared(entry.slot) then
				going[entry] = true;
				bytes = bytes - entry.size;
			end
		end
	end

	-- What is to go by these limits: { hours, user_bytes, total_bytes } -> slots, the oldest first
	function self.expired(limits, is_spared)
		refresh();
		local going, slots = {}, {};
		local oldest = limits.hours and os.time() - limits.hours * hour or -math.huge;
		local unused = os.time() - day; -- no file comes any more, or it is gone and its record was left
		for _, entry in ipairs(entries) do
			local is_old = entry.time <= oldest or not entry.is_there and entry.time <= unused;
			if is_old and not entry.is_gone and not is_spared(entry.slot) then going[entry] = true; end
		end
		if limits.user_bytes then
			for _, own in pairs(by_user) do excess(own, limits.user_bytes, is_spared, going); end
		end
		if limits.total_bytes then excess(entries, limits.total_bytes, is_spared, going); end
		for _, entry in ipairs(entries) do
			if going[entry] then slots[#slots + 1] = entry.slot; end
		end
		return slots;
	end

	-- The files of these are gone.
	function self.remove(slots)
		if not read_at then return; end
		local removed, kept, gone = {}, {}, {};
		for _, slot in ipairs(slots) do removed[slot] = true; end
		for _, entry in ipairs(entries) do
			entry.is_gone = entry.is_gone or removed[entry.slot];
			table.insert(entry.is_gone and gone or kept, entry);
		end
		fill(kept, gone);
	end

	return self;
end

return { new = new };

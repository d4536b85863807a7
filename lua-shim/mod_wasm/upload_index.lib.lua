-- How much is kept of whom: what Prosody's store says, read once and then kept up to date by what is seen.
--
-- Prosody removes old files as well, and says so to nobody, so it is read again now and then. A store holds 10,000 slots
-- unless the operator allows more.

local seconds_until_read_again = 6 * 60 * 60;
local hour, day = 3600, 86400;

-- files: upload_files.lib.lua
local function new(files)
	local self = {};
	local entries, by_user, total, read_at; -- entries: { slot, user, size, time }, the oldest first

	local function add(entry)
		entries[#entries + 1] = entry;
		local own = by_user[entry.user] or { bytes = 0 };
		by_user[entry.user] = own;
		own[#own + 1] = entry;
		own.bytes, total = own.bytes + entry.size, total + entry.size;
	end

	local function older(one, other) return one.time < other.time; end

	local function entry_of(slot, user, size, time)
		return { slot = slot, user = user or "", size = math.tointeger(tonumber(size)) or 0, time = tonumber(time) or 0 };
	end

	local function read()
		entries, by_user, total, read_at = {}, {}, 0, os.time();
		local found = {};
		for slot, request, time, user in files.records() do
			found[#found + 1] = entry_of(slot, user, request.attr.size, time);
		end
		table.sort(found, older);
		for _, entry in ipairs(found) do add(entry); end
	end

	local function refresh()
		if not read_at or math.abs(os.time() - read_at) > seconds_until_read_again then
			read_at = nil; -- if it fails, what was read of it is not used
			read();
		end
	end

	function self.forget() read_at = nil; end

	-- A slot was given.
	function self.note(slot, user, size)
		if not read_at then return; end
		if not slot then return self.forget(); end
		add(entry_of(slot, user, size, os.time()));
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

	-- From a list, the oldest first, until there are at most so many bytes. Takes what is spared into account, and what goes anyway.
	local function excess(list, bytes, limit, is_spared, going)
		for _, entry in ipairs(list) do
			if going[entry] then bytes = bytes - entry.size; end
		end
		for _, entry in ipairs(list) do
			if bytes <= limit then return; end
			if not going[entry] and not is_spared(entry.slot) then
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
		for _, entry in ipairs(entries) do
			if entry.time <= oldest and not is_spared(entry.slot) then going[entry] = true; end
		end
		if limits.user_bytes then
			for _, own in pairs(by_user) do excess(own, own.bytes, limits.user_bytes, is_spared, going); end
		end
		if limits.total_bytes then excess(entries, total, limits.total_bytes, is_spared, going); end
		for _, entry in ipairs(entries) do
			if going[entry] then slots[#slots + 1] = entry.slot; end
		end
		return slots;
	end

	-- The time up to which there is nothing but these slots, if that can be said of them.
	function self.end_of(slots)
		local last, next_one = entries[#slots], entries[#slots + 1];
		for i, slot in ipairs(slots) do
			if not entries[i] or entries[i].slot ~= slot then return nil; end
		end
		return last and (not next_one or next_one.time > last.time) and last.time or nil;
	end

	-- These are gone.
	function self.remove(slots)
		if not read_at then return; end
		local gone, before = {}, entries;
		for _, slot in ipairs(slots) do gone[slot] = true; end
		entries, by_user, total = {}, {}, 0;
		for _, entry in ipairs(before) do
			if not gone[entry.slot] then add(entry); end
		end
	end

	return self;
end

return { new = new };

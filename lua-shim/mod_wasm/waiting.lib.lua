-- What waits for holding.lib.lua, in memory: by policy and key, bounded.

-- Of one policy.
local most_under_key, most_bytes_under_key = 20, 64 * 1024;
local most_keys, most_bytes = 1000, 4 * 1024 * 1024;

-- { [policy] = { keys = number, bytes = number, waiting = { [key] = { entry, .. } } } }; an entry is { xml, since, hops }:
-- as text a message takes the memory that is counted.
local policies = {};

local function of_policy(name)
	policies[name] = policies[name] or { keys = 0; bytes = 0; waiting = {} };
	return policies[name];
end

-- What waited under a key, and does not any more.
local function take(name, key)
	local policy = policies[name];
	local entries = policy and policy.waiting[key];
	if not entries then return {}; end
	policy.waiting[key], policy.keys = nil, policy.keys - 1;
	for _, entry in ipairs(entries) do policy.bytes = policy.bytes - #entry.xml; end
	return entries;
end

local function has_room(policy, entries, bytes)
	if policy.bytes + bytes > most_bytes then return false; end
	if not entries then return policy.keys < most_keys and bytes <= most_bytes_under_key; end
	for _, entry in ipairs(entries) do bytes = bytes + #entry.xml; end
	return #entries < most_under_key and bytes <= most_bytes_under_key;
end

-- -> false: there is no room
local function put(name, key, entry)
	local policy = of_policy(name);
	local entries = policy.waiting[key];
	if not has_room(policy, entries, #entry.xml) then return false; end
	if not entries then
		entries = {};
		policy.waiting[key], policy.keys = entries, policy.keys + 1;
	end
	entries[#entries + 1], policy.bytes = entry, policy.bytes + #entry.xml;
	return true;
end

local function keys_of(map)
	local keys = {};
	for key in pairs(map) do keys[#keys + 1] = key; end
	return keys;
end

-- Takes out what is meant. -> entries
local function take_if(is_meant)
	local taken = {};
	for name, policy in pairs(policies) do
		for _, key in ipairs(keys_of(policy.waiting)) do
			for _, entry in ipairs(take(name, key)) do
				if is_meant(name, entry) then taken[#taken + 1] = entry; else put(name, key, entry); end
			end
		end
	end
	return taken;
end

local function does_anything_wait()
	for _, policy in pairs(policies) do
		if next(policy.waiting) then return true; end
	end
	return false;
end

-- What waits, as plain data.
local function all() return policies; end

-- What waited before this module was loaded again.
local function restore(saved)
	for name, policy in pairs(saved or {}) do policies[name] = policy; end
end

return { put = put; take = take; take_if = take_if; does_anything_wait = does_anything_wait; all = all; restore = restore };

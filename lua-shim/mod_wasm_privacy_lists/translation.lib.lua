-- From what mod_privacy or mod_privacy_lists kept of one user to addresses for a block list, and a reason for each entry that
-- is none. The entries of a list count in their order, and the first that fits a stanza decides (XEP-0016 §2.1): whom an
-- earlier entry allows, a later one does not deny, and nothing in a block list can say that.

local jid_prep = require "util.jid".prep;
local jid_bare = require "util.jid".bare;
local overlap = module:require "overlap";

local kinds = { "message", "iq", "presence-in", "presence-out" };

-- An entry for all stanzas names no kind, or all of them.
local function is_partial(item)
	local named = 0;
	for _, kind in ipairs(kinds) do
		if item[kind] then named = named + 1; end
	end
	return named > 0 and named < #kinds;
end

local function described(item)
	local value = tostring(item.value);
	if item.type == "jid" then return value; end
	if item.type == "group" then return ("the group %q"):format(value); end
	if item.type == "subscription" then return ("everybody with the subscription %q"):format(value); end
	return item.type == nil and "everybody" or ("an entry of the type %q"):format(tostring(item.type));
end

local function sorted(items)
	local entries = {};
	for position, item in ipairs(items) do
		if type(item) == "table" then
			local address = item.type == "jid" and type(item.value) == "string" and jid_prep(item.value) or nil;
			entries[#entries + 1] = { item = item; position = position; order = tonumber(item.order) or math.huge; address = address };
		end
	end
	table.sort(entries, function (a, b)
		if a.order ~= b.order then return a.order < b.order; end
		return a.position < b.position;
	end);
	return entries;
end

-- -> why an entry that was allowed before keeps this address from being blocked, or nil
local function exception(allowed, address)
	for _, entry in ipairs(allowed) do
		local name = described(entry.item);
		if not entry.address then return ("%s is allowed before, and may be one of them"):format(name); end
		if overlap.overlap(entry.address, address) then
			return entry.address == address and "allowed before" or ("%s is allowed before"):format(name);
		end
	end
	return nil;
end

-- -> why a block list cannot express this entry that denies, or nil
local function obstacle(entry, allowed, own_address)
	local item, address = entry.item, entry.address;
	if item.type == "group" then return "a block list has no groups"; end
	if item.type == "subscription" then return "a block list does not look at subscriptions"; end
	if item.type ~= "jid" then return "a block list does not block everybody"; end
	if not address then return "not an address"; end
	if is_partial(item) then return "only some kinds of stanzas are denied, and a block list blocks all"; end
	if jid_bare(address) == own_address then return "the user's own address"; end
	return exception(allowed, address);
end

local function translate_default(list, own_address, result)
	local allowed = {};
	for _, entry in ipairs(sorted(list.items)) do
		if entry.item.action == "allow" then
			allowed[#allowed + 1] = entry;
		else
			local why = entry.item.action ~= "deny" and "neither allowed nor denied" or obstacle(entry, allowed, own_address);
			if why then
				table.insert(result.left, { what = described(entry.item); why = why });
			else
				result.blocked[entry.address] = true;
			end
		end
	end
end

local function is_list(list)
	return type(list) == "table" and type(list.items) == "table";
end

-- data: { lists = { [name] = { items } }, default = name } -> { blocked = { [address] = true }, left = { { what, why } } }
local function translate(data, own_address)
	local result = { blocked = {}; left = {} };
	if type(data) ~= "table" or type(data.lists) ~= "table" then return result; end
	for name, list in pairs(data.lists) do
		if name == data.default and is_list(list) then
			translate_default(list, own_address, result);
		else
			local why = is_list(list) and "not the default list, so it was in force only when a client asked for it" or "cannot be read";
			table.insert(result.left, { what = ("the list %q"):format(tostring(name)); why = why });
		end
	end
	table.sort(result.left, function (a, b) return a.what..a.why < b.what..b.why; end);
	return result;
end

return { translate = translate };

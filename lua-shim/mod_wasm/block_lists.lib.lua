-- The block lists of the users of this host (XEP-0191), as mod_blocklist keeps them. It does not show them to others, so they
-- are read from its store, and read again when they have changed.

local cache = require "util.cache";
local jid_split = require "util.jid".split;

-- As many users' lists as mod_blocklist keeps, and that many more block nobody.
local most = math.max(256, math.floor(module:get_option_number("blocklist_cache_size", 256)));
local times_more = 40;
local empty = {};

local store;
local known = { lists = cache.new(most); nobody = cache.new(times_more * most) };

local function is_in_force()
	return prosody.hosts[module.host].modules.blocklist ~= nil;
end

local function has_addresses(list)
	for address in pairs(list) do
		if address then return true; end
	end
	return false;
end

-- -> { [address] = anything; [false] = what is no address }. Raises when it cannot be read: then nobody knows who is blocked.
local function of(username)
	if not is_in_force() then return empty; end
	local list = known.lists:get(username) or known.nobody:get(username);
	if list then return list; end
	store = store or module:open_store("blocklist");
	local found, err = store:get(username);
	if found == nil and err then error("a block list cannot be read: "..tostring(err), 0); end
	if type(found) ~= "table" or not has_addresses(found) then
		known.nobody:set(username, empty);
		return empty;
	end
	known.lists:set(username, found);
	return found;
end

-- Most users block nobody.
local function is_empty(username)
	return not has_addresses(of(username));
end

local function count(username)
	local number = 0;
	for address in pairs(of(username)) do
		if address then number = number + 1; end
	end
	return number;
end

-- Of an address all devices are blocked with it, and all addresses with their domain.
local function has(username, jid)
	local list = of(username);
	if list[jid] then return true; end
	local node, host = jid_split(jid);
	return host ~= nil and (list[host] or node and list[node.."@"..host]) and true or false;
end

local function forget(username)
	known.lists:set(username, nil);
	known.nobody:set(username, nil);
end

return { is_empty = is_empty; count = count; has = has; forget = forget };

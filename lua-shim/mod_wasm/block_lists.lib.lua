-- The block lists of the users of this host (XEP-0191), as mod_blocklist keeps them. It does not show them to others, so they
-- are read from its store, and read again when they have changed.

local jid_split = require "util.jid".split;

local most = 256; -- as many users' lists as mod_blocklist keeps
local empty = {};

local store;
-- One for all who require this file.
local lists = module.wasm_block_lists or require "util.cache".new(most);
module.wasm_block_lists = lists;

local function is_in_force()
	return prosody.hosts[module.host].modules.blocklist ~= nil;
end

-- -> { [address] = anything; [false] = what is no address }. Raises when it cannot be read: then nobody knows who is blocked.
local function of(username)
	if not is_in_force() then return empty; end
	local list = lists:get(username);
	if list then return list; end
	store = store or module:open_store("blocklist");
	local found, err = store:get(username);
	if found == nil and err then error("a block list cannot be read: "..tostring(err), 0); end
	list = type(found) == "table" and found or empty;
	lists:set(username, list);
	return list;
end

-- Most users block nobody.
local function is_empty(username)
	for address in pairs(of(username)) do
		if address then return false; end
	end
	return true;
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
	lists:set(username, nil);
end

return { is_empty = is_empty; count = count; has = has; forget = forget };

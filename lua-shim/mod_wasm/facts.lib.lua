-- What policies may know about the world outside the stanza. Prepared before the call, and only if
-- a policy imports it, because a running policy cannot call back into Lua.

local sorted_pairs = require "util.iterators".sorted_pairs;
local rostermanager = require "core.rostermanager";
local address = module:require "addresses".of;
local blocked = module:require "blocked";

local host = module.host;
local has_roster = module:get_host_type() == "local";

local function local_user_and_other(event, direction)
	local origin, attr = event.origin, event.stanza.attr;
	if direction == "outgoing" then return origin.username, attr.to; end
	return attr.to and address(attr.to).node or origin.username, attr.from;
end

local function read_subscription(event, direction)
	local username, other = local_user_and_other(event, direction);
	if not username or not other then return nil; end
	local roster = rostermanager.load_roster(username, host);
	if not roster then return nil; end
	local item = roster[address(other).bare];
	return item and item.subscription or "none";
end

-- How the local user's roster has the other party: "none", "to", "from", "both"; nil when unknown.
local function subscription(event, direction)
	local ok, found = pcall(read_subscription, event, direction);
	return ok and found or nil;
end

-- By the interface that shows it to policies: under which name it is handed over, and who finds it out.
-- read: function (event, direction, passage) -> value | nil; it never raises
local facts = {
	roster = { name = "subscription"; read = has_roster and subscription or nil };
	blocklist = { name = "blocked"; read = has_roster and blocked or nil };
	standing = { name = "standing"; read = module:require("standing").between };
	roles = { name = "roles"; read = module:require "roles" };
	rooms = { name = "rooms"; read = module:require "room_facts".read };
};

-- needs: what `needed` returned -> what is known besides the stanza; nil when that is nothing
local function gather(needs, event, direction, passage)
	local known;
	for i = 1, #needs do
		local fact = needs[i];
		local value = fact.read(event, direction, passage);
		if value ~= nil then
			known = known or {};
			known[fact.name] = value;
		end
	end
	return known;
end

-- What a chain needs of them. -> { fact, .., [interface] = true }: a list for each stanza, and a set for questions
local function needed(chain)
	local needs = {};
	for interface, fact in sorted_pairs(facts) do
		needs[interface] = chain:needs(interface) or nil;
		if needs[interface] and fact.read then needs[#needs + 1] = fact; end
	end
	return needs;
end

return { subscription = subscription; gather = gather; needed = needed };

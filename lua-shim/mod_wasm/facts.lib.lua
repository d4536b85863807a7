-- What policies may know about the world outside the stanza. Prepared before the call, and only if
-- a policy imports it, because a running policy cannot call back into Lua.

local rostermanager = require "core.rostermanager";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local function local_user_and_other(event, direction)
	local origin, attr = event.origin, event.stanza.attr;
	if direction == "outgoing" then return origin.username, attr.to; end
	return attr.to and jid_split(attr.to) or origin.username, attr.from;
end

local function read_subscription(event, direction)
	local username, other = local_user_and_other(event, direction);
	if not username or not other then return nil; end
	local roster = rostermanager.load_roster(username, module.host);
	if not roster then return nil; end
	local item = roster[jid_bare(other)];
	return item and item.subscription or "none";
end

-- How the local user's roster has the other party: "none", "to", "from", "both"; nil when unknown.
local function subscription(event, direction)
	local ok, found = pcall(read_subscription, event, direction);
	return ok and found or nil;
end

return { subscription = subscription };

-- How the recipient of a stanza stands to its sender: what his roster says, and whom he has greeted.
-- Asked about every stanza, so nothing is looked up twice, and of a stranger no table is made: what Prosody's collector
-- has to clear away is most of what a stanza costs.

local rostermanager = require "core.rostermanager";
local address = module:require "addresses".of;

local bare_sessions, full_sessions, hosts = prosody.bare_sessions, prosody.full_sessions, prosody.hosts;

local max_groups = 32;
-- Most contacts are in no group: by subscription, made once.
local in_no_group = {};
for _, subscription in ipairs({ "none", "from", "to", "both" }) do
	in_no_group[subscription] = { subscription = subscription; groups = {} };
end

local function groups(item)
	local names = {};
	for name in pairs(item.groups) do names[#names + 1] = name; end
	table.sort(names);
	return { table.unpack(names, 1, max_groups) };
end

local function entry(item)
	local subscription = item.subscription or "none";
	if not item.groups or next(item.groups) == nil then return in_no_group[subscription]; end
	return { subscription = subscription; groups = groups(item) };
end

local function has_asked(roster, contact)
	local metadata = roster[false];
	return metadata ~= nil and metadata.pending ~= nil and metadata.pending[contact] ~= nil;
end

local function is_greeted_by(session, from)
	local directed = session.directed;
	return directed ~= nil and directed[from] == true;
end

-- client: the one it is for; without one, any of the account
local function has_greeted(account, client, from)
	if client then return is_greeted_by(client, from); end
	for _, session in pairs(account and account.sessions or {}) do
		if is_greeted_by(session, from) then return true; end
	end
	return false;
end

local function read(event)
	local origin, attr = event.origin, event.stanza.attr;
	local from, to = attr.from, attr.to;
	local user, host, resource = origin.username, origin.host, nil; -- his own account, if there is no address
	if to then
		local parts = address(to);
		user, host, resource = parts.node, parts.host, parts.resource;
	end
	local session = host and hosts[host];
	if not from or not user or not session or session.type ~= "local" then return nil; end
	local account, client = bare_sessions[user.."@"..host], resource and full_sessions[to] or nil;
	local roster, contact = account and account.roster or rostermanager.load_roster(user, host) or {}, address(from).bare;
	local item = roster[contact];
	local asked, connected = has_asked(roster, contact), client ~= nil;
	local greeted = (client or not resource) and has_greeted(account, client, from);
	if not (item or asked or connected or greeted) then return nil; end
	return { entry = item and entry(item); asked = asked; connected = connected; greeted = greeted };
end

-- -> { entry = { subscription, groups }|nil, asked, connected, greeted } | nil: nothing is known of the two, or the
-- recipient is no user of this server
return function (event)
	local ok, found = pcall(read, event);
	return ok and found or nil;
end;

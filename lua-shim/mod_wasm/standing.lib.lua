-- How the recipient of a stanza stands to its sender: what his roster says, and whom he has greeted.
-- Asked about every stanza, so nothing is looked up twice.

local rostermanager = require "core.rostermanager";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local bare_sessions, full_sessions, hosts = prosody.bare_sessions, prosody.full_sessions, prosody.hosts;

local max_groups = 32;
local no_groups = {};

local function groups(item)
	if not item.groups or next(item.groups) == nil then return no_groups; end
	local names = {};
	for name in pairs(item.groups) do names[#names + 1] = name; end
	table.sort(names);
	return { table.unpack(names, 1, max_groups) };
end

local function entry(item)
	return { subscription = item.subscription or "none"; groups = groups(item) };
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
	if to then user, host, resource = jid_split(to); end
	local session = host and hosts[host];
	if not from or not user or not session or session.type ~= "local" then return nil; end
	local account, client = bare_sessions[user.."@"..host], resource and full_sessions[to];
	local roster, contact = account and account.roster or rostermanager.load_roster(user, host) or {}, jid_bare(from);
	local item = roster[contact];
	return {
		entry = item and entry(item);
		asked = has_asked(roster, contact);
		connected = client ~= nil;
		greeted = (client or not resource) and has_greeted(account, client, from);
	};
end

-- -> { entry = { subscription, groups }|nil, asked, connected, greeted } | nil: the recipient is no user of this server
return function (event)
	local ok, found = pcall(read, event);
	return ok and found or nil;
end;

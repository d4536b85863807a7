-- How the recipient of a stanza stands to its sender: what his roster says, and whom he has greeted.
-- Asked about every stanza, so nothing is looked up twice, and of a stranger no table is made: what Prosody's collector
-- has to clear away is most of what a stanza costs.

local rostermanager = require "core.rostermanager";
local address = module:require "addresses".of;

local bare_sessions, full_sessions, hosts = prosody.bare_sessions, prosody.full_sessions, prosody.hosts;

local max_groups, most_names, longest_name = 32, 1000, 64;
-- Most contacts are in one group at most: by subscription, and by group (false: none).
local simple_entries, names_known = { none = {}; from = {}; to = {}; both = {} }, 0;

local function groups(item)
	local names = {};
	for name in pairs(item.groups) do names[#names + 1] = name; end
	table.sort(names);
	return { table.unpack(names, 1, max_groups) };
end

local function simple_entry(subscription, group)
	local entries = simple_entries[subscription];
	if not entries[group] then
		if names_known >= most_names then simple_entries, names_known = { none = {}; from = {}; to = {}; both = {} }, 0; end
		names_known = names_known + 1;
		entries[group] = { subscription = subscription; groups = { group or nil } };
	end
	return entries[group];
end

local function entry(item)
	local subscription, group, another = item.subscription or "none", nil, nil;
	if item.groups then group = next(item.groups); end
	if group then another = next(item.groups, group); end
	local is_long = group and #group > longest_name;
	if another or is_long or not simple_entries[subscription] then return { subscription = subscription; groups = item.groups and groups(item) or {} }; end
	return simple_entry(subscription, group or false);
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

-- parts: of an address, see addresses.lib.lua -> the account, if somebody is logged in, and his roster | nil: no user of ours
local function account_and_roster(parts)
	local session = parts.node and hosts[parts.host];
	if not session or session.type ~= "local" then return nil; end
	local account = bare_sessions[parts.bare];
	return account, account and account.roster or rostermanager.load_roster(parts.node, parts.host) or {};
end

local function read(event)
	local origin, attr = event.origin, event.stanza.attr;
	local from, to = attr.from, attr.to;
	if not from or not (to or origin.username) then return nil; end
	local parts = address(to or origin.username.."@"..origin.host); -- his own account, if there is no address
	local account, roster = account_and_roster(parts);
	if not roster then return nil; end
	local client = parts.resource and full_sessions[to] or nil;
	local contact = address(from).bare;
	local item = roster[contact];
	local asked, connected = has_asked(roster, contact), client ~= nil;
	local greeted = (client or not parts.resource) and has_greeted(account, client, from);
	if not (item or asked or connected or greeted) then return nil; end
	return { entry = item and entry(item); asked = asked; connected = connected; greeted = greeted };
end

-- -> { entry = { subscription, groups }|nil, asked, connected, greeted } | nil: nothing is known of the two, or the
-- recipient is no user of this server
local function between(event)
	local ok, found = pcall(read, event);
	return ok and found or nil;
end

-- As `connected` says it.
local function is_to_client(stanza)
	local from, to = stanza.attr.from, stanza.attr.to;
	return from ~= nil and to ~= nil and full_sessions[to] ~= nil;
end

-- Has he an entry with this subscription, or is he the sender himself?
local function is_from_contact(stanza)
	local from, to = stanza.attr.from, stanza.attr.to;
	if not from or not to then return false; end
	local contact, parts = address(from).bare, address(to);
	if contact == parts.bare then return true; end
	local _, roster = account_and_roster(parts);
	local item = roster and roster[contact];
	local subscription = item and item.subscription;
	return subscription == "both" or subscription == "to";
end

return { between = between; is_to_client = is_to_client; is_from_contact = is_from_contact };

-- How the recipient of a stanza stands to its sender: what his roster says, and whom he has greeted.

local rostermanager = require "core.rostermanager";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local max_groups = 32;

-- The account it goes to, which is the sender's own if there is no address. -> user, host | nil: none of this server
local function recipient(event)
	local origin, to = event.origin, event.stanza.attr.to;
	local user, host = origin.username, origin.host;
	if to then user, host = jid_split(to); end
	local session = host and prosody.hosts[host];
	if user and session and session.type == "local" then return user, host; end
end

local function groups(item)
	local names = {};
	for name in pairs(item.groups or {}) do names[#names + 1] = name; end
	table.sort(names);
	return { table.unpack(names, 1, max_groups) };
end

local function entry(roster, contact)
	local item = roster[contact];
	return item and { subscription = item.subscription or "none"; groups = groups(item) };
end

local function has_asked(roster, contact)
	local metadata = roster[false];
	return metadata ~= nil and metadata.pending ~= nil and metadata.pending[contact] ~= nil;
end

-- By any of his clients, if it is not for one of them.
local function has_greeted(user, host, to, from)
	local account = prosody.bare_sessions[user.."@"..host];
	for _, session in pairs(account and account.sessions or {}) do
		local is_meant = not to or to == jid_bare(to) or session.full_jid == to;
		if is_meant and session.directed and session.directed[from] then return true; end
	end
	return false;
end

local function read(event)
	local attr = event.stanza.attr;
	local user, host = recipient(event);
	if not user or not attr.from then return nil; end
	local roster, contact = rostermanager.load_roster(user, host) or {}, jid_bare(attr.from);
	return {
		entry = entry(roster, contact);
		asked = has_asked(roster, contact);
		connected = attr.to ~= nil and prosody.full_sessions[attr.to] ~= nil;
		greeted = has_greeted(user, host, attr.to, attr.from);
	};
end

-- -> { entry = { subscription, groups }|nil, asked, connected, greeted } | nil: the recipient is no user of this server
return function (event)
	local ok, found = pcall(read, event);
	return ok and found or nil;
end;

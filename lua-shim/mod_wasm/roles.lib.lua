-- The roles that Prosody gives to sender and recipient on this host.

local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;
local usermanager = require "core.usermanager";

local host = module.host;

-- Since 13.0 everybody has at most one, with a name.
local function role_of(address)
	local role = usermanager.get_jid_role(address, host);
	return role and role.name;
end

-- Before, there are admins and the others.
local function role_by_rank(address)
	if usermanager.is_admin(address, host) then return "prosody:admin"; end
	local user, home = jid_split(address);
	return user and home == host and "prosody:registered" or nil;
end

local of = usermanager.get_jid_role and role_of or role_by_rank;

local function read(address)
	if not address then return nil; end
	local ok, name = pcall(of, jid_bare(address));
	return ok and type(name) == "string" and name or nil;
end

-- -> { sender = name|nil, recipient = name|nil }; without an address it goes to the sender's own account
return function (event)
	local attr = event.stanza.attr;
	return { sender = read(attr.from); recipient = read(attr.to or attr.from) };
end;

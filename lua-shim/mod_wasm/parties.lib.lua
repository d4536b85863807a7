-- Who is at the two ends of a stanza, in the five words policies know:
-- "user", "remote", "component", "room", "service".

local jid_split = require "util.jid".split;

local hosts = prosody.hosts;

local function kind_of_host(name)
	local host = hosts[name];
	if not host then return "remote"; end
	if host.type ~= "component" then return "virtual"; end
	if host.modules.component then return "component"; end -- mod_component: connects from outside
	return host.modules.muc and "room" or "service";
end

local function kind_of_jid(jid)
	local node, host = jid_split(jid);
	local kind = kind_of_host(host);
	if kind ~= "virtual" then return kind; end
	return node and "user" or "service";
end

local function source(origin, stanza)
	local origin_type = origin and origin.type;
	if origin_type == "c2s" then return "user"; end
	if origin_type == "s2sin" then return "remote"; end
	-- Hosts of ours are called "component" too; they have events, the session of a component has none.
	if origin_type == "component" and not origin.events then return "component"; end
	local from = stanza.attr.from;
	return from and kind_of_jid(from) or "service";
end

-- Without an address a stanza is for the sender's own account.
local function destination(stanza)
	local to = stanza.attr.to;
	return to and kind_of_jid(to) or "user";
end

return { source = source; destination = destination; kind_of_host = kind_of_host };

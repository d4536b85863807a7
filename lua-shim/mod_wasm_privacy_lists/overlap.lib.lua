-- Whom an entry with an address means (XEP-0016 §2.1, the same in XEP-0191 §3.2): user@domain/resource only that client,
-- user@domain all clients, domain/resource only that, domain everybody there.

local jid_split = require "util.jid".split;

local function parts(jid)
	local node, host, resource = jid_split(jid);
	return { node = node; host = host; resource = resource; is_domain = node == nil and resource == nil };
end

-- Does everybody whom `inner` means belong to those whom `outer` means?
local function covers(outer, inner)
	local a, b = parts(outer), parts(inner);
	if a.host ~= b.host then return false; end
	if a.is_domain then return true; end
	if b.is_domain or a.node ~= b.node then return false; end
	return a.resource == nil or a.resource == b.resource;
end

-- Of two such entries one covers the other, or they have nobody in common.
local function overlap(one, other)
	return covers(one, other) or covers(other, one);
end

return { covers = covers; overlap = overlap };

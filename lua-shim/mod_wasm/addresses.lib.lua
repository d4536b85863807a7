-- Addresses taken apart once: util.jid goes through each with three patterns, and one stanza is looked at by several of us.

local jid_split = require "util.jid".split;

local this_host = module.host;

local most = 5000;
local longest = 256; -- of what is kept: a client can make up addresses of 3,000 bytes
local cache = { known = {}; count = 0 };

-- -> { node, host, resource, bare }, each as util.jid has it, and { mark }, which says that this host has judged something that
-- goes there; nobody may change one
local function of(jid)
	local parts = cache.known[jid];
	if parts then return parts; end
	local node, host, resource = jid_split(jid);
	local bare = node and host and node.."@"..host or host;
	parts = { node = node; host = host; resource = resource; bare = bare; mark = this_host.." "..(bare or "") };
	if #jid > longest then return parts; end
	if cache.count >= most then cache.known, cache.count = {}, 0; end
	cache.known[jid], cache.count = parts, cache.count + 1;
	return parts;
end

return { of = of };

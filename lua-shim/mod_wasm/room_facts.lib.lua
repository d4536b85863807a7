-- What policies may know about the rooms of the two parties: { exempt = boolean, shared = boolean }.

local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local hosts = module:shared("/*/wasm/hosts"); -- see shell.lib.lua

-- The instance of this module that decides about the room with this address; nothing elsewhere.
local function gathering_of(jid)
	local _, name = jid_split(jid);
	local host = name and prosody.hosts[name];
	if not host or not host.modules or not host.modules.muc then return nil; end
	return hosts[name] and hosts[name].gathering;
end

-- The room to which a stanza goes, or else from which it comes.
local function is_exempt(stanza)
	for _, jid in ipairs({ stanza.attr.to or "", stanza.attr.from or "" }) do
		local gathering = gathering_of(jid);
		if gathering then return gathering.is_exempt(jid_bare(jid)); end
	end
	return false;
end

-- acquaintances: acquaintances.lib.lua of this host, or nil
local function of(event, direction, acquaintances)
	local shared = acquaintances and acquaintances.is_shared and acquaintances.is_shared(event, direction) or false;
	return { exempt = is_exempt(event.stanza); shared = shared };
end

return { of = of };

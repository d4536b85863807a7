-- What policies may know about the rooms of the two parties: { exempt = boolean, shared = boolean }.

local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;
local muc = module:require "muc";

local hosts = module:shared("/*/wasm/hosts"); -- see shell.lib.lua

-- The instance of this module that decides about the room with this address; nothing elsewhere.
local function gathering_of(jid)
	local _, name = jid_split(jid);
	return muc.of(name) and hosts[name] and hosts[name].gathering;
end

-- The room to which a stanza goes, or else from which it comes.
local function is_exempt(stanza)
	for _, jid in ipairs({ stanza.attr.to or "", stanza.attr.from or "" }) do
		local gathering = gathering_of(jid);
		if gathering then return gathering.is_exempt(jid_bare(jid)); end
	end
	return false;
end

local function read_both(event, direction)
	local this = hosts[module.host];
	local acquaintances = this and this.acquaintances;
	local is_shared = acquaintances and acquaintances.is_shared and acquaintances.is_shared(event, direction);
	return { exempt = is_exempt(event.stanza); shared = is_shared or false };
end

-- nil, when it cannot be found out: then neither.
local function read(event, direction)
	local ok, found = pcall(read_both, event, direction);
	return ok and found or nil;
end

return { read = read };

-- What policies may know about the rooms of the two parties: { exempt = boolean, shared = boolean }; nil when that is neither,
-- as most often, or cannot be found out.

local address = module:require "addresses".of;
local muc = module:require "muc";

local hosts = module:shared("/*/wasm/hosts"); -- see shell.lib.lua

-- The instance of this module that decides about the room with this address; nothing elsewhere.
local function gathering_of(jid)
	local name = jid and address(jid).host;
	local here = name and hosts[name];
	local gathering = here and here.gathering;
	return gathering and gathering.is_exempt and muc.of(name) and gathering or nil;
end

-- The room to which a stanza goes, or else from which it comes.
local function is_exempt(stanza)
	local to, from = stanza.attr.to, stanza.attr.from;
	local gathering = gathering_of(to);
	if gathering then return gathering.is_exempt(address(to).bare); end
	gathering = gathering_of(from);
	return gathering and gathering.is_exempt(address(from).bare) or false;
end

local function read_both(event, direction)
	local this = hosts[module.host];
	local acquaintances = this and this.acquaintances;
	local is_shared = acquaintances and acquaintances.is_asked_for and acquaintances.is_shared(event, direction);
	local exempt = is_exempt(event.stanza);
	return (exempt or is_shared) and { exempt = exempt; shared = is_shared or false } or nil;
end

local function read(event, direction)
	local ok, found = pcall(read_both, event, direction);
	return ok and found or nil;
end

return { read = read };

-- The rooms of this server (mod_muc), whichever of its hosts has them.

local address = module:require "addresses".of;

-- The mod_muc of a host, if it has one: it comes and goes.
local function of(name)
	local host = name and prosody.hosts[name];
	return host and host.modules and host.modules.muc or nil;
end

-- The mod_muc of the host of an address.
local function at(jid)
	return of(address(jid).host);
end

-- The room with this address, or in which somebody has it, if it is one of ours.
local function room(jid)
	local muc = at(jid);
	return muc and muc.get_room_from_jid and muc.get_room_from_jid(address(jid).bare);
end

return { of = of; at = at; room = room };

-- What was held for a client that is gone, where no mod_smacks looks after it.

local jid_bare = require "util.jid".bare;
local jid_resource = require "util.jid".resource;
local actions = module:require "actions";
local parties = module:require "parties";

local unavailable = { type = "cancel"; condition = "recipient-unavailable" };
local types = { chat = true; normal = true };

-- To the bare address a message goes to all devices of the highest priority (mod_message), so that another one has it.
local function has_reached_another(session, stanza)
	local to = stanza.attr.to or session.full_jid;
	local user = prosody.hosts[module.host].sessions[session.username];
	for _, other in pairs(jid_resource(to) == nil and user and user.sessions or {}) do
		if other ~= session and other.presence and other.priority == session.priority then return true; end
	end
	return false;
end

-- Presence, headlines and what was said in a room were for this client alone; a room takes an error for a client that is
-- gone. Messages go to whoever looks after them, or back to their sender, as mod_smacks does it.
local function give_back(session, stanza)
	local stanza_type = stanza.attr.type or "normal";
	local is_own = jid_bare(stanza.attr.from or session.full_jid) == jid_bare(session.full_jid);
	if stanza.name ~= "message" or not types[stanza_type] or is_own then return; end
	if module:fire_event("delivery/failure", { session = session; stanza = stanza }) then return; end
	if has_reached_another(session, stanza) then return; end
	actions.send_back(stanza, parties.source(nil, stanza), unavailable);
end

return { give_back = give_back };

-- In which state is the device behind a registration for notifications (mod_cloud_notify)?

-- mod_smacks asked for an acknowledgement, and its timer is over.
local function is_silent(session)
	return session.awaiting_ack and not session.delayed_ack_timer;
end

local function is_awake(session)
	return session.conn ~= nil and not session.hibernating and (session.state or "active") == "active" and not is_silent(session);
end

local function session_of(username, identifier)
	local user = prosody.hosts[module.host].sessions[username];
	for _, session in pairs(user and user.sessions or {}) do
		if session.push_identifier == identifier then return session; end
	end
end

-- identifier: as mod_cloud_notify has it in its sessions -> "gone" | "asleep" | "awake", session | nil
local function state(username, identifier)
	local session = session_of(username, identifier);
	if not session then return "gone", nil; end
	return is_awake(session) and "awake" or "asleep", session;
end

return { state = state };

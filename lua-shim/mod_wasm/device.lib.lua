-- In which state is the device behind a registration for notifications (mod_cloud_notify)?

-- mod_smacks asked for an acknowledgement, and its timer is over.
local function is_silent(session)
	return session.awaiting_ack and not session.delayed_ack_timer;
end

local function is_awake(session)
	return session.conn ~= nil and not session.hibernating and (session.state or "active") == "active" and not is_silent(session);
end

-- A device that came back on a new stream may have left an old one that hibernates.
-- identifier: as mod_cloud_notify has it in its sessions -> "gone" | "asleep" | "awake", session | nil
local function state(username, identifier)
	local user = prosody.hosts[module.host].sessions[username];
	local asleep;
	for _, session in pairs(user and user.sessions or {}) do
		if session.push_identifier == identifier then
			if is_awake(session) then return "awake", session; end
			asleep = session;
		end
	end
	return asleep and "asleep" or "gone", asleep;
end

return { state = state };

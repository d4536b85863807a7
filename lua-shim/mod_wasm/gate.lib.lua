-- What is denied while no policy can be asked: everything that may carry text a person wrote to another.
-- The library says the same for a policy that is not there (closed.rs).

local max_nodes, max_depth = 10000, 64;
-- What presence may hold; an attribute of anything else may be a text.
local harmless_presence = { ["http://jabber.org/protocol/caps"] = true; ["http://jabber.org/protocol/muc"] = true };
local harmless_iq = { ["urn:xmpp:ping"] = true };

-- Is there a text that is not blank anywhere inside? Iterative, because Prosody hands us stanzas
-- of any depth; beyond the limits the answer is yes without looking further.
local function carries_text(stanza)
	local waiting, depths, count, seen = { stanza }, { 0 }, 1, 0;
	while count > 0 do
		local element, depth = waiting[count], depths[count];
		waiting[count], depths[count] = nil, nil;
		count = count - 1;
		if depth > max_depth then return true; end
		for i = 1, #element do
			seen = seen + 1;
			if seen > max_nodes then return true; end
			local child = element[i];
			if type(child) == "table" then
				count = count + 1;
				waiting[count], depths[count] = child, depth + 1;
			elseif type(child) ~= "string" or child:find("%S") then
				return true;
			end
		end
	end
	return false;
end

local function has_other_child(stanza, harmless)
	for _, child in ipairs(stanza.tags) do
		if not harmless[child.attr.xmlns] then return true; end
	end
	return false;
end

local function without_resource(jid)
	return jid and jid:match("^[^/]*");
end

-- An account, a room or a bot: but not a server, nor the sender's own account.
local function is_to_another(stanza)
	local to = without_resource(stanza.attr.to);
	return to ~= nil and to:find("@", 1, true) ~= nil and to ~= without_resource(stanza.attr.from);
end

local function is_denied(stanza)
	if stanza.name == "message" or carries_text(stanza) then return true; end
	if stanza.name == "presence" then return has_other_child(stanza, harmless_presence); end
	return is_to_another(stanza) and has_other_child(stanza, harmless_iq);
end

local refusal = {
	verdict = "bounce";
	type = "wait";
	condition = "policy-violation";
	text = "This server cannot check messages at the moment, so it does not deliver them.";
};

return { carries_text = carries_text; is_denied = is_denied; refusal = refusal };

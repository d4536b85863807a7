-- What is denied while no policy can be asked: everything that may carry text a person wrote.

local max_nodes, max_depth = 10000, 64;

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

local function is_denied(stanza)
	if stanza.name == "message" then return true; end
	local is_answer = stanza.name == "iq" and stanza.attr.type ~= "get" and stanza.attr.type ~= "set";
	return not is_answer and carries_text(stanza);
end

local refusal = {
	verdict = "bounce";
	type = "wait";
	condition = "policy-violation";
	text = "This server cannot check messages at the moment, so it does not deliver them.";
};

return { carries_text = carries_text; is_denied = is_denied; refusal = refusal };

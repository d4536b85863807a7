-- From a verdict to what Prosody does.

local st = require "util.stanza";
local edits = module:require "edits";
local clone = module:require "routing".clone;

-- An error may not be answered by an error, presence has no errors worth sending, and an error sent
-- to a room looks like a client that is gone: it would be removed from the room.
local function can_bounce(stanza, source)
	local stanza_type = stanza.attr.type;
	return source ~= "room" and stanza.name ~= "presence" and stanza_type ~= "error"
		and not (stanza.name == "iq" and stanza_type == "result");
end

local function error_reply(stanza, details)
	local text = details.text ~= "" and details.text or nil;
	return st.error_reply(stanza, details.type or "modify", details.condition or "policy-violation", text);
end

local function bounce(event, source, details)
	if not can_bounce(event.stanza, source) then return; end
	event.origin.send(error_reply(event.stanza, details));
end

-- By its address, not over the session of an event: what mod_smacks or we ourselves give back has that of the recipient.
local function send_back(stanza, source, details)
	if not can_bounce(stanza, source) then return; end
	local reply = error_reply(stanza, details);
	reply._wasm_notice = true; -- the server's own words are not judged
	module:send(reply);
end

-- The same stanza may still be read by others: what leaves is changed in place, because routing to
-- other servers holds on to that table; what arrives is changed in a copy, because one table is
-- sent to all occupants of a room, and they are not all subject to the policies of this host.
-- Each round of edits is numbered by the stanza after the round before it: one policy saw the other's work.
local function edit(event, direction, rounds)
	local stanza = event.stanza;
	if direction ~= "outgoing" then stanza = clone(stanza); end
	for _, round in ipairs(rounds) do
		edits.apply(stanza, round);
	end
	event.stanza = stanza;
end

local function is_edit(verdict, details)
	return verdict == "pass" and details ~= nil and details.edits ~= nil and #details.edits > 0;
end

-- -> true (handled: goes no further) | nil
local function apply(event, direction, source, verdict, details)
	if verdict == "pass" then
		if is_edit(verdict, details) then edit(event, direction, details.edits); end
		return nil;
	elseif verdict == "bounce" then
		bounce(event, source, details or {});
		return true;
	elseif verdict == "drop" then
		return true;
	end
	error(("unknown verdict %q"):format(tostring(verdict)), 0);
end

return { apply = apply; send_back = send_back; can_bounce = can_bounce; is_edit = is_edit };

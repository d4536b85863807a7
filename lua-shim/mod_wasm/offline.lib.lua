-- Messages for users who are offline (mod_offline, XEP-0160): kept, kept in memory only, or refused to their sender.

local st = require "util.stanza";
local actions = module:require "actions";
local parties = module:require "parties";

-- Refused while no policy can be asked, or by one that failed.
local unavailable = { type = "wait"; condition = "policy-violation"; text = "This server cannot keep messages for people who are offline at the moment." };
local full = { type = "wait"; condition = "resource-constraint"; text = "This user is offline, and no more messages are kept." };

-- By its address, not over the session of the event: for what mod_smacks gives back that is the recipient's.
local function refuse(stanza, source, details)
	if not actions.can_bounce(stanza, source) then return; end
	local reply = st.error_reply(stanza, details.type or "modify", details.condition or "policy-violation", details.text);
	reply._wasm_notice = true; -- the server's own words are not judged
	module:send(reply);
end

local function new(rulings, memory)
	-- Before mod_cloud_notify (1): nobody is woken for what is not delivered.
	local function rule(event)
		if not rulings.is_heard("offline") then return nil; end
		local stanza = event.stanza;
		local source = parties.source(nil, stanza);
		local passage = { direction = "incoming"; source = source; destination = "user" };
		local ruling = rulings.rule("offline", { stanza = stanza; origin = event.origin }, passage, { wanted = true });
		event.wasm_ruling = ruling;
		if ruling.passes then return nil; end
		if ruling.bounce or ruling.is_closed then refuse(stanza, source, ruling.bounce or unavailable); end
		return true; -- handled: Prosody adds no error of its own
	end

	-- Before mod_offline (-1).
	local function keep(event)
		local ruling = event.wasm_ruling;
		if not ruling then return nil; end
		local stanza = ruling.edited or event.stanza;
		event.stanza = stanza;
		if not ruling.is_limited then return nil; end
		if not memory.hold(event.username, stanza) then refuse(stanza, parties.source(nil, stanza), full); end
		return true;
	end

	return { rule = rule; keep = keep };
end

return { new = new };

-- One stanza at a time: is anybody interested, what do they say, do it.
-- Prosody calls handlers without protection and an error loses the stanza without a word,
-- so nothing may be raised from here; and a handler returns true (handled) or nil, never false.

local now = require "util.time".now;
local actions = module:require "actions";
local effects = module:require "effects";
local facts = module:require "facts";
local gate = module:require "gate";
local parties = module:require "parties";

local seconds_between_reports = 60;
local host = module.host;
local has_roster = module:get_host_type() == "local";

-- Words only: reasons come from policies and must not carry what people wrote into the log.
local function word(text)
	if text == nil or text == "" then return "-"; end
	return (tostring(text):sub(1, 64):gsub("[^%w_.:/-]", "_"));
end

local function log_decision(policy, kind, direction, verdict, reason, microseconds)
	module:log("debug", "decision policy=%s hook=message-policy kind=%s direction=%s verdict=%s reason=%s us=%.1f",
		word(policy), kind, direction, verdict, word(reason), tonumber(microseconds) or 0);
end

-- `wanted` is true, or a set of namespaces of direct children, or nil. Builds nothing: most stanzas end here.
local function is_wanted(wanted, stanza)
	if not wanted then return false; end
	if wanted == true then return true; end
	local tags = stanza.tags;
	for i = 1, #tags do
		if wanted[tags[i].attr.xmlns or "jabber:client"] then return true; end
	end
	return false;
end

local function refuse(event, kind, direction, reason)
	if not gate.is_denied(event.stanza) then return nil; end
	local source = parties.source(event.origin, event.stanza);
	local verdict = actions.can_bounce(event.stanza, source) and "bounce" or "drop";
	log_decision(nil, kind, direction, verdict, reason);
	return actions.apply(event, direction, source, "bounce", gate.refusal);
end

local function mark_judged(event)
	local judged = event.wasm_judged;
	if not judged then judged = {}; event.wasm_judged = judged; end
	judged[host] = true;
end

-- -> wanted, again: what is wanted of such stanzas, and has this chain judged this one before?
local function wanted_of(state, event, kind, direction)
	local wanted = state.wanted[kind];
	if direction == "outgoing" then return wanted.outgoing, false; end
	-- The event of a local sender is the one that arrives, if both are on this host.
	local judged = event.wasm_judged;
	if judged and judged[host] then return wanted.incoming_only, true; end
	return wanted.incoming, false;
end

local function ask(state, event, kind, direction, again)
	local stanza = event.stanza;
	local source = parties.source(event.origin, stanza);
	local subscription = state.needs_roster and has_roster and facts.subscription(event, direction) or nil;
	local verdict, policy, reason, microseconds, details =
		state.chain:decide(stanza, direction, source, parties.destination(event.origin, stanza), again, subscription);
	if direction == "outgoing" then mark_judged(event); end
	local handled = actions.apply(event, direction, source, verdict, details);
	log_decision(policy, kind, direction, actions.is_edit(verdict, details) and "edit" or verdict, reason, microseconds);
	if details and details.effects then effects.apply_all(details.effects, event, state.rolled_back); end
	return handled;
end

local function judge(state, event, kind, direction)
	if event.stanza._wasm_notice then return nil; end -- our own
	if state.closed then return refuse(event, kind, direction, "not-in-force"); end
	if not state.chain then return nil; end
	local wanted, again = wanted_of(state, event, kind, direction);
	if not is_wanted(wanted, event.stanza) then return nil; end
	return ask(state, event, kind, direction, again);
end

local last_report, unreported = -math.huge, 0;

local function report(state, err)
	unreported = unreported + 1;
	if now() - last_report < seconds_between_reports then return; end
	module:log("error", "Judging a stanza failed (%d since the last report), so it was %s: %s",
		unreported, state.denies and "refused if it carries text" or "let through", tostring(err));
	last_report, unreported = now(), 0;
end

local function after_failure(state, err, event, kind, direction)
	pcall(report, state, err);
	if not state.denies then return nil; end
	local ok, handled = pcall(refuse, event, kind, direction, "error");
	if ok then return handled; end
	return true; -- not even the refusal could be sent: drop
end

-- How many stanzas are being judged right now: one that is answered may lead to another.
local depth = 0;

-- state: { closed = sentence|nil, denies, chain = chain|nil, wanted = { [kind] = { [direction] = .. } }, needs_roster,
--          rolled_back = function (effect) }
local function new(state)
	return function (event, kind, direction)
		depth = depth + 1;
		local ok, handled = pcall(judge, state, event, kind, direction);
		depth = depth - 1;
		if ok then return handled; end
		return after_failure(state, handled, event, kind, direction);
	end;
end

return { new = new; is_judging = function () return depth > 0; end };

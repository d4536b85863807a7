-- One stanza at a time: is anybody interested, what do they say, do it.
-- Prosody calls handlers without protection and an error loses the stanza without a word,
-- so nothing may be raised from here; and a handler returns true (handled) or nil, never false.

local actions = module:require "actions";
local address = module:require "addresses".of;
local effects = module:require "effects";
local facts = module:require "facts";
local gate = module:require "gate";
local parties = module:require "parties";
local routing = module:require "routing";

local pcall = pcall; -- each stanza would look for it in the environment of this module first
local interface = "message-policy";
local host = module.host;

local judged_here = { [host] = true }; -- the same for every stanza, so nobody adds to it

-- By whom, and to whom it was going. mod_presence sends subscriptions on by an event of their own, and what goes to all contacts
-- to one after the other.
local function judgement(stanza)
	local to = stanza.attr.to;
	return to and address(to).mark or host;
end

-- On the stanza as well as in its event.
local function mark_judged(event, stanza)
	stanza._wasm_judged = judgement(stanza);
	if not event.wasm_judged then event.wasm_judged = judged_here; return; end
	local judged = { [host] = true };
	for name in pairs(event.wasm_judged) do judged[name] = true; end
	event.wasm_judged = judged;
end

local function is_judged(event)
	local judged = event.wasm_judged;
	if judged and judged[host] then return true; end
	local stanza = event.stanza;
	return stanza._wasm_judged ~= nil and stanza._wasm_judged == judgement(stanza);
end

-- Of what arrives. -> wanted, exempt, again: what is wanted of such stanzas and what of it passes unasked, and has this chain judged
-- this one before?
local function wanted_of_incoming(wanted, event)
	-- The event of a local sender is the one that arrives, if both are on this host.
	if is_judged(event) then return wanted.incoming_only, wanted.exempt_only, true; end
	return wanted.incoming, wanted.exempt, false;
end

-- state: { closed = sentence|nil, denies, chain = chain|nil, hears = { [interface] = .. },
--          wanted = { [kind] = { outgoing, incoming, incoming_only, exempt, exempt_only } }: true, or a set of namespaces of direct
--          children, or nil; and see exemptions.lib.lua;
--          needs = see facts.lib.lua, rolled_back = function (effect), failed = function (effect) }; crossing: crossing.lib.lua
local function new(state, crossing)
	local function refuse(event, kind, direction, reason)
		if event.stanza._wasm_notice or not gate.is_denied(event.stanza) then return nil; end -- a notice is our own
		local source = parties.source(event.origin, event.stanza);
		local verdict = actions.can_bounce(event.stanza, source) and "bounce" or "drop";
		crossing.log_decision(nil, interface, kind, direction, verdict, reason);
		return actions.apply(event, direction, source, "bounce", gate.refusal);
	end

	local function ask(event, kind, direction, again)
		local stanza = event.stanza;
		local passage = parties.passage(direction, event.origin, stanza);
		-- What is known besides the stanza; most often nothing.
		local known = facts.gather(state.needs, event, direction, passage);
		local verdict, policy, reason, microseconds, details = crossing.decide(state.chain, stanza, kind, passage, again, known);
		if direction == "outgoing" then mark_judged(event, stanza); end
		if verdict == "pass" and not details then -- as most do
			crossing.log_decision(policy, interface, kind, direction, verdict, reason, microseconds);
			return nil;
		end
		local asked = routing.as_asked(event, details);
		local handled = actions.apply(event, direction, passage.source, verdict, details);
		crossing.log_decision(policy, interface, kind, direction, actions.is_edit(verdict, details) and "edit" or verdict, reason, microseconds);
		if details and details.effects then effects.apply_all(details.effects, asked, state); end
		return handled;
	end

	local function ask_unless_own(event, kind, direction, again, exempt)
		local stanza = event.stanza;
		if stanza._wasm_notice or exempt and exempt(stanza) then return nil; end
		return ask(event, kind, direction, again);
	end

	-- Most stanzas end here, so this makes nothing and calls little. -> true, handled | false
	local function look(event, kind, direction)
		if state.closed then return true, refuse(event, kind, direction, "not-in-force"); end
		if not state.chain then return true; end
		local of_kind = state.wanted[kind];
		local wanted, exempt, again = of_kind.outgoing, nil, false;
		if direction ~= "outgoing" then wanted, exempt, again = wanted_of_incoming(of_kind, event); end
		local is_wanted = wanted == true;
		if wanted and not is_wanted then
			local tags = event.stanza.tags;
			for i = 1, #tags do
				if wanted[tags[i].attr.xmlns or "jabber:client"] then
					is_wanted = true;
					break;
				end
			end
		end
		if not is_wanted then return true; end
		return crossing.protect(state, ask_unless_own, event, kind, direction, again, exempt);
	end

	-- One protected call for what nobody wants: this one. Who is asked counts as under way, and has another.
	return function (event, kind, direction)
		local has_looked, is_done, handled = pcall(look, event, kind, direction);
		if is_done and has_looked then return handled; end
		if not has_looked then crossing.report(state, is_done); end
		if not state.denies then return nil; end
		local is_refused, answer = pcall(refuse, event, kind, direction, "error");
		if is_refused then return answer; end
		return true; -- not even the refusal could be sent: drop
	end;
end

return { new = new };

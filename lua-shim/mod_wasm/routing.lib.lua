-- Stanzas that policies send elsewhere, and answers in the name of a recipient.

local edits = module:require "edits";
local new_id = require "util.id".short;
local jid_prep = require "util.jid".prep;
local jid_split = require "util.jid".split;
local st = require "util.stanza";

local max_hops = 2;
local max_address_bytes = 3071;

local function address(written)
	return #written <= max_address_bytes and jid_prep(written) or nil;
end

-- A clone does not know how often its original was sent on already.
local function clone(stanza)
	local copy = st.clone(stanza);
	copy._wasm_hops = stanza._wasm_hops;
	return copy;
end

local function edited(stanza, rounds)
	local copy = clone(stanza);
	for _, round in ipairs(rounds or {}) do edits.apply(copy, round); end
	return copy;
end

-- Rules of two users must not send a stanza round for ever. -> the hops of the next, or nil: no further
local function next_hop(stanza)
	local hops = stanza._wasm_hops or 0;
	if hops < max_hops then return hops + 1; end
	module:log("debug", "A stanza was sent on %d times already, it goes no further", hops);
	return nil;
end

-- Prosody writes a whole stanza into the log if it is to go from another server to another one.
local function can_go(from, to)
	local _, from_host = jid_split(from);
	local _, to_host = jid_split(to);
	return prosody.hosts[to_host] ~= nil or prosody.hosts[from_host] ~= nil;
end

local apply = {};

-- The sender stays who he is: answers go to him. The host of the recipient judges it as anything that arrives.
function apply.copy(effect, event)
	local to, hops = address(effect.to), next_hop(event.stanza);
	if not to or not hops then return; end
	local copy = edited(event.stanza, effect.edits);
	copy.attr.to, copy._wasm_hops = to, hops;
	if can_go(copy.attr.from, to) then prosody.core_post_stanza(event.origin, copy); end
end

local function report(message, effect)
	message:tag("report", { xmlns = "urn:xmpp:reporting:1", reason = effect.reason });
	if effect.text and effect.text ~= "" then message:text_tag("text", effect.text); end
	return message:up();
end

-- From the host itself, so that nobody but it hears of what becomes of it.
function apply.forward(effect, event)
	local to, hops = address(effect.to), next_hop(event.stanza);
	if not to or not hops then return; end
	local inner = edited(event.stanza, effect.edits);
	inner.attr.xmlns = "jabber:client";
	local message = st.message({ to = to, from = module.host, id = new_id() })
		:tag("forwarded", { xmlns = "urn:xmpp:forward:0" }):add_child(inner):up();
	if effect.reason then report(message, effect); end
	message._wasm_hops = hops;
	module:send(message);
end

-- What is said to a room would be said to nobody, and errors are not answered.
function apply.answer(effect, event)
	local stanza = event.stanza;
	local kind = stanza.attr.type;
	if stanza.name ~= "message" or kind == "error" or kind == "groupchat" then return; end
	local reply = st.reply(stanza):text_tag("body", effect.text);
	reply._wasm_notice = true; -- the answer is not judged, as a refusal is not
	event.origin.send(reply);
end

local function sends_on(effects)
	for _, effect in ipairs(effects or {}) do
		if effect.kind == "copy" or effect.kind == "forward" then return true; end
	end
	return false;
end

-- What the policies were asked about, before their edits are done: those of a copy begin there too.
local function as_asked(event, details)
	if not details or not sends_on(details.effects) then return event; end
	return { origin = event.origin; stanza = clone(event.stanza) };
end

return { apply = apply; as_asked = as_asked; clone = clone };

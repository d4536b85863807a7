-- What policies ask for besides a verdict. An effect that fails is logged and changes no verdict.

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;
local monotonic = require "util.time".monotonic;
local holding = module:require "holding";
local operators = module:require "operators";
local routing = module:require "routing";
local store = module:require "store";

local none = {};
local levels = { debug = true; info = true; warn = true; error = true };

local function is_local_user(jid)
	local node, host = jid_split(jid);
	local session = host and prosody.hosts[host];
	return node ~= nil and session ~= nil and session.type ~= "component";
end

-- Headlines are neither archived nor copied to other devices. The mark keeps our own notice from
-- being judged, which could make a notice about the notice.
local function notice(to, text)
	local stanza = st.message({ from = module.host; to = to; type = "headline" }):text_tag("body", text);
	stanza._wasm_notice = true;
	return stanza;
end

local apply = {};

for _, lib in ipairs({ holding, operators, routing }) do
	for kind, action in pairs(lib.apply) do apply[kind] = action; end
end

function apply.notify(effect, event)
	local attr, origin = event.stanza.attr, event.origin;
	local is_sender = effect.to == "sender";
	if is_sender and origin.type == "c2s" then
		origin.send(notice(origin.full_jid or attr.from, effect.text));
		return;
	end
	local jid = is_sender and attr.from or (not is_sender and (attr.to or attr.from));
	if jid and is_local_user(jid) then module:send(notice(jid_bare(jid), effect.text)); end
end

function apply.log(effect)
	local level = levels[effect.level] and effect.level or "info";
	-- One line per call: a policy must not be able to forge lines of others.
	module:log(level, "%s: %s", effect.policy, (tostring(effect.text):gsub("%c", " ")));
end

-- Not a policy's wish: the chain went back to another generation by itself.
apply["rolled-back"] = function (effect, _, state)
	state.rolled_back(effect);
end;

-- Nor this: it could not wish for anything.
function apply.failed(effect, _, state)
	state.failed(effect);
end

local function apply_one(effect, event, state)
	apply[effect.kind](effect, event, state);
end

-- -> by policy, what it writes to its store; nil when nobody does
local function changes_of(effects)
	local changes;
	for _, effect in ipairs(effects) do
		if effect.kind == "store" then
			changes = changes or {};
			changes[effect.policy] = changes[effect.policy] or {};
			changes[effect.policy][effect.key] = effect.value or false;
		end
	end
	return changes;
end

local function apply_safely(action, ...)
	local ok, err = pcall(action, ...);
	if not ok then module:log("error", "An effect of a policy failed: %s", tostring(err)); end
end

-- Writing a large store keeps the server as busy as a policy can, so it is taken from the same budget. The other effects
-- of a stanza are few and small, and what Prosody takes for them is not the policy's doing: one who blocks thirty
-- people in a row would have been refused for it.
local function write_for(policy, changes, state)
	local began = monotonic();
	apply_safely(store.write, policy, changes);
	state.chain:charge(policy, (monotonic() - began) * 1e6);
end

-- Stores first: an effect may be that what was written is taken back. state: see judge.lib.lua
local function apply_all(effects, event, state)
	for policy, changed in pairs(changes_of(effects) or none) do write_for(policy, changed, state); end
	for _, effect in ipairs(effects) do
		if effect.kind ~= "store" then apply_safely(apply_one, effect, event, state); end
	end
end

return { apply_all = apply_all };

-- What policies ask for besides a verdict. An effect that fails is logged and changes no verdict.

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;
local holding = module:require "holding";
local operators = module:require "operators";
local routing = module:require "routing";
local store = module:require "store";

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

function apply.store(effect)
	store.write(effect.policy, effect.key, effect.value);
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

-- state: see judge.lib.lua
local function apply_all(effects, event, state)
	for _, effect in ipairs(effects) do
		local ok, err = pcall(apply_one, effect, event, state);
		if not ok then module:log("error", "An effect of a policy failed: %s", tostring(err)); end
	end
end

return { apply_all = apply_all };

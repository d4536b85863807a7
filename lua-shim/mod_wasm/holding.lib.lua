-- Messages that policies keep back until somebody wants them. In memory only; whatever ends this sends them back.

local datetime = require "util.datetime".datetime;
local jid_split = require "util.jid".split;
local parse = require "util.xml".parse;
local actions = module:require "actions";
local parties = module:require "parties";
local waiting = module:require "waiting";

local seconds_kept = 7 * 24 * 60 * 60;
local seconds_between_looks = 60 * 60;
-- As Prosody says of a message that it cannot deliver.
local undelivered = { type = "cancel"; condition = "service-unavailable" };

local function send_back(stanza)
	actions.send_back(stanza, parties.source(nil, stanza), undelivered);
end

local function stanza_of(entry)
	local stanza = assert(parse(entry.xml));
	stanza._wasm_hops, stanza._wasm_held_since = entry.hops, entry.since;
	return stanza;
end

-- As if it had just come: whoever is blocked by now is, and whoever is to be asked is asked.
local function deliver(entry)
	local stanza = stanza_of(entry);
	stanza:tag("delay", { xmlns = "urn:xmpp:delay"; from = module.host; stamp = datetime(entry.since) }):up();
	module:send(stanza);
end

local function each(entries, action)
	for _, entry in ipairs(entries) do
		local ok, err = pcall(action, entry);
		if not ok then module:log("error", "A message that waited was lost: %s", tostring(err)); end
	end
end

local function give_back(entries)
	each(entries, function (entry) send_back(stanza_of(entry)); end);
end

local function forget_old()
	local since = os.time() - seconds_kept;
	waiting.take_if(function (_, entry) return entry.since <= since; end);
end

-- For what is too old, as long as something waits.
local function look_later()
	if module.wasm_looks_at_waiting then return; end
	module.wasm_looks_at_waiting = true;
	module:add_timer(seconds_between_looks, function ()
		local ok, err = pcall(forget_old);
		if not ok then module:log("error", "What waits could not be looked through: %s", tostring(err)); end
		if waiting.does_anything_wait() then return seconds_between_looks; end
		module.wasm_looks_at_waiting = nil;
	end);
end

local apply = {};

-- Whoever writes to nobody must not use up what waits for others.
local function is_for_a_user(stanza)
	local username, host = jid_split(stanza.attr.to);
	return username ~= nil and host == module.host and require "core.usermanager".user_exists(username, host);
end

-- One that goes on and is kept back again is no younger for that.
function apply.hold(effect, event)
	local stanza = event.stanza;
	if stanza.name ~= "message" then return; end
	local entry = { xml = tostring(stanza); since = stanza._wasm_held_since or os.time(); hops = stanza._wasm_hops };
	if is_for_a_user(stanza) and waiting.put(effect.policy, effect.key, entry) then look_later(); else send_back(stanza); end
end

function apply.release(effect)
	each(waiting.take(effect.policy, effect.key), deliver);
end

function apply.discard(effect)
	waiting.take(effect.policy, effect.key);
end

local function is_to(username)
	return function (_, entry)
		local node, host = jid_split(stanza_of(entry).attr.to);
		return node == username and host == module.host;
	end;
end

local function everything() return true; end

local function names_of(chain)
	local names = {};
	for _, slot in ipairs(chain and chain:status() or {}) do names[slot.name] = true; end
	return names;
end

-- saved: what `save` returned before this module was loaded again
local function new(saved)
	local self = { gates = {} };
	waiting.restore(saved);
	if waiting.does_anything_wait() then look_later(); end

	-- Of a policy that is not there any more nobody says what is to become of it.
	function self.refresh(chain)
		if not waiting.does_anything_wait() then return; end
		local names = names_of(chain);
		give_back(waiting.take_if(function (name) return not names[name]; end));
	end

	function self.save() return waiting.all(); end

	function self.stop()
		if not module.reloading then give_back(waiting.take_if(everything)); end
	end

	module:hook_global("user-deleted", function (event)
		if event.host == module.host then give_back(waiting.take_if(is_to(event.username))); end
	end);
	-- While the connections are still there.
	module:hook_global("server-stopping", function () give_back(waiting.take_if(everything)); end, 100);
	return self;
end

return { apply = apply; new = new };

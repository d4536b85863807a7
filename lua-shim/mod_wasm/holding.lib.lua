-- Messages that policies keep back until somebody wants them. In memory only; whatever ends this sends them back.

local datetime = require "util.datetime".datetime;
local jid_split = require "util.jid".split;
local parse = require "util.xml".parse;
local actions = module:require "actions";
local parties = module:require "parties";

local most_under_key, most_keys, most_bytes = 20, 1000, 4 * 1024 * 1024; -- of one policy
local seconds_kept = 7 * 24 * 60 * 60;
local seconds_between_looks = 60 * 60;
-- As Prosody says of a message that it cannot deliver.
local undelivered = { type = "cancel"; condition = "service-unavailable" };

-- One for all who require this file: { [policy] = { keys = number, bytes = number, waiting = { [key] = { entry, .. } } } };
-- an entry is { xml, since, hops }: as text a message takes the memory that is counted.
local policies = module.wasm_waiting or {};
module.wasm_waiting = policies;

local function of_policy(name)
	policies[name] = policies[name] or { keys = 0; bytes = 0; waiting = {} };
	return policies[name];
end

-- What waited under a key, and does not any more.
local function take(name, key)
	local policy = policies[name];
	local entries = policy and policy.waiting[key];
	if not entries then return {}; end
	policy.waiting[key], policy.keys = nil, policy.keys - 1;
	for _, entry in ipairs(entries) do policy.bytes = policy.bytes - #entry.xml; end
	return entries;
end

local function put(name, key, entry)
	local policy = of_policy(name);
	local entries = policy.waiting[key];
	local has_room = policy.bytes + #entry.xml <= most_bytes and #(entries or {}) < most_under_key and (entries or policy.keys < most_keys);
	if not has_room then return false; end
	if not entries then
		entries = {};
		policy.waiting[key], policy.keys = entries, policy.keys + 1;
	end
	entries[#entries + 1], policy.bytes = entry, policy.bytes + #entry.xml;
	return true;
end

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

local apply = {};

-- One that goes on and is kept back again is no younger for that.
function apply.hold(effect, event)
	local stanza = event.stanza;
	if stanza.name ~= "message" then return; end
	local entry = { xml = tostring(stanza); since = stanza._wasm_held_since or os.time(); hops = stanza._wasm_hops };
	if not put(effect.policy, effect.key, entry) then send_back(stanza); end
end

function apply.release(effect)
	each(take(effect.policy, effect.key), deliver);
end

function apply.discard(effect)
	take(effect.policy, effect.key);
end

-- Takes out what is meant. -> entries
local function take_if(is_meant)
	local taken = {};
	for name, policy in pairs(policies) do
		for key in pairs(policy.waiting) do
			for _, entry in ipairs(take(name, key)) do
				if is_meant(name, entry) then taken[#taken + 1] = entry; else put(name, key, entry); end
			end
		end
	end
	return taken;
end

local function forget_old()
	local since = os.time() - seconds_kept;
	take_if(function (_, entry) return entry.since <= since; end);
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
	for name, policy in pairs(saved or {}) do policies[name] = policy; end

	-- Of a policy that is not there any more nobody says what is to become of it.
	function self.refresh(chain)
		if next(policies) == nil then return; end
		local names = names_of(chain);
		give_back(take_if(function (name) return not names[name]; end));
	end

	function self.save() return policies; end

	function self.stop()
		if not module.reloading then give_back(take_if(everything)); end
	end

	module:add_timer(seconds_between_looks, function ()
		local ok, err = pcall(forget_old);
		if not ok then module:log("error", "What waits could not be looked through: %s", tostring(err)); end
		return seconds_between_looks;
	end);
	module:hook_global("user-deleted", function (event)
		if event.host == module.host then give_back(take_if(is_to(event.username))); end
	end);
	-- While the connections are still there.
	module:hook_global("server-stopping", function () give_back(take_if(everything)); end, 100);
	return self;
end

return { apply = apply; new = new };

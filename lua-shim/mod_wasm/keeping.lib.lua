-- What is kept and what is copied: who answers which of Prosody's events.

local archive = module:require "archive";
local carbons = module:require "carbons";
local expiry = module:require "expiry";
local memory = module:require "memory";
local offline = module:require "offline";
local rooms = module:require "rooms";
local rulings = module:require "rulings";

local xmlns_mam, xmlns_pubsub = "urn:xmpp:mam:2", "http://jabber.org/protocol/pubsub";
local ways = { outgoing = { "pre-message/bare", "pre-message/full", "pre-message/host" }; incoming = { "message/bare", "message/full" } };

-- Just before and just after another module's handler, whose priority is between these. Most servers' messages pass
-- here without anybody having asked to see them.
local function around(observer, above, below, protect)
	local function hook(event_name, action, direction, priority)
		module:hook(event_name, function (event)
			if observer.is_heard() then protect(action, event, direction); end
		end, priority);
	end
	for direction, events in pairs(ways) do
		for _, event_name in ipairs(events) do
			hook(event_name, observer.before, direction, above);
			hook(event_name, observer.after, direction, below);
		end
	end
end

local function forget_deleted(forget, protect)
	module:hook_global("user-deleted", function (event)
		if event.host == module.host then protect(forget, event.username); end
	end);
end

-- gates: the handlers that decide, by event; mod_wasm.lua has hooked them.
-- state: see judge.lib.lua; held: what was held in memory by the module that was loaded before
local function new(state, crossing, held)
	local asked = rulings.new(state, crossing);
	local self = { memory = memory.new(held) };
	local archives, copies, waiting, history = archive.new(asked), carbons.new(asked), offline.new(asked, self.memory), rooms.new(asked);
	self.expiry = expiry.new(function () return state.chain and state.chain:retention(); end, self.memory);

	local function protect(action, ...) return crossing.protect(state, action, ...); end

	-- What fails is neither kept nor copied, unless the operator said otherwise.
	local function or_refuse(action)
		return function (...)
			local ok, result = protect(action, ...);
			if ok then return result; end
			return state.denies and false or nil;
		end;
	end

	local function or_nothing(action)
		return function (event)
			local _, result = protect(action, event);
			return result or nil;
		end;
	end

	if module:get_host_type() == "local" then
		around(archives, 0.01, -0.01, protect); -- mod_mam is at 0
		around(copies, -0.49, -0.51, protect); -- mod_carbons is at -0.5
		module:hook("message/offline/handle", or_refuse(waiting.keep), 0);
		module:hook("message/offline/broadcast", or_nothing(self.memory.deliver), 1);
		module:wrap_event("message/offline/broadcast", waiting.broadcast);
		module:hook("iq/self/"..xmlns_mam..":prefs", or_nothing(archives.preferences_asked), 1);
		module:hook("iq/bare/"..xmlns_pubsub..":pubsub", or_nothing(copies.note_publish), 1);
		forget_deleted(self.expiry.forget, protect);
	end
	self.gates = {
		["archive-should-store"] = or_refuse(archives.should_store);
		["carbons-should-copy"] = or_refuse(copies.should_copy);
		["message/offline/handle"] = or_refuse(waiting.rule);
		["muc-message-is-historic"] = history.is_historic;
		["muc-add-history"] = history.add_history;
	};
	return self;
end

return { new = new };

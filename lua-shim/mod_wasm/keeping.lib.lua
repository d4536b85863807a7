-- What is kept and what is copied: who answers which of Prosody's events.

local archive = module:require "archive";
local carbons = module:require "carbons";
local expiry = module:require "expiry";
local memory = module:require "memory";
local occupants = module:require "occupants";
local offline = module:require "offline";
local rooms = module:require "rooms";
local rulings = module:require "rulings";

local xmlns_mam, xmlns_pubsub = "urn:xmpp:mam:2", "http://jabber.org/protocol/pubsub";
local ways = {
	["pre-message/bare"] = "outgoing"; ["pre-message/full"] = "outgoing"; ["pre-message/host"] = "outgoing";
	["message/bare"] = "incoming"; ["message/full"] = "incoming";
};

-- Just before and just after another module's handlers of one event, whose priority is between these.
-- -> function (is_needed): hooked only while somebody asks, since every stanza of the server would pay for it
local function around(event_name, direction, observer, above, below, protect)
	local is_hooked = false;
	local function before(event) observer.before(event, direction); end
	local function after(event)
		if observer.is_under_way() then protect(observer.after, event); end
	end
	return function (is_needed)
		if is_needed == is_hooked or observer.is_under_way() then return; end -- or what is begun would not be ended
		is_hooked = is_needed;
		if is_needed then
			module:hook(event_name, before, above);
			module:hook(event_name, after, below);
		else
			module:unhook(event_name, before);
			module:unhook(event_name, after);
		end
	end;
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
	local archives, copies, waiting, history = archive.new(asked), carbons.new(asked, crossing.is_under_way), offline.new(asked, self.memory), rooms.new(asked);
	self.expiry = expiry.new(self.memory);
	local attend = { archive = {}; carbons = {} };

	local function protect(action, ...) return crossing.protect(state, action, ...); end

	-- What fails is neither kept nor copied, unless the operator said otherwise.
	local function or_refuse(action)
		return function (...)
			local ok, result = protect(action, ...);
			if ok then return result; end
			return state.denies and false or nil;
		end;
	end

	-- What nobody asks about costs next to nothing.
	local function if_heard(asked_about, action)
		local refusing = or_refuse(action);
		return function (...)
			if asked.is_heard(asked_about) then return refusing(...); end
		end;
	end

	local function or_nothing(action) return crossing.or_nothing(state, action); end

	if module:get_host_type() == "local" then
		for event_name, direction in pairs(ways) do
			if event_name ~= "pre-message/host" then
				table.insert(attend.archive, around(event_name, direction, archives, 0.01, -0.01, protect)); -- mod_mam: 0
			end
			table.insert(attend.carbons, around(event_name, direction, copies, -0.49, -0.51, protect)); -- mod_carbons: -0.5
		end
		module:hook("archive-message-added", or_nothing(archives.restore), 1000);
		module:hook("message/offline/handle", or_refuse(waiting.keep), 0);
		module:hook("message/offline/broadcast", or_nothing(self.memory.deliver), 1);
		module:wrap_event("message/offline/broadcast", waiting.broadcast);
		module:hook("iq/self/"..xmlns_mam..":prefs", or_nothing(archives.preferences_asked), 1);
		module:hook("iq/bare/"..xmlns_pubsub..":pubsub", or_nothing(copies.note_publish), 1);
		forget_deleted(self.expiry.forget, protect);
	else
		occupants.start(function () return asked.is_heard("room"); end);
	end

	-- chain: nil when there is none. While that is so nothing is kept or copied, whichever way it goes.
	function self.refresh(chain)
		for word, places in pairs(attend) do
			for _, set_needed in ipairs(places) do set_needed(chain ~= nil and chain:hears(rulings.interfaces[word])); end
		end
		self.expiry.refresh(chain and chain:retention());
	end

	function self.stop()
		occupants.stop();
		local count = self.memory.count();
		if count == 0 or module.reloading then return; end
		module:log("warn", "What waited in memory for people who are offline is gone (messages: %d)", count);
	end

	self.gates = {
		["archive-should-store"] = if_heard("archive", archives.should_store);
		["carbons-should-copy"] = if_heard("carbons", copies.should_copy);
		["message/offline/handle"] = if_heard("offline", waiting.rule);
		["muc-message-is-historic"] = history.is_historic;
		["muc-add-history"] = history.add_history;
	};
	return self;
end

return { new = new };

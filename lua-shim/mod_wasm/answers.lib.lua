-- What services answer to notifications, and that some never do.
--
-- mod_cloud_notify keeps two handlers and two names for each notification, and forgets them only with an answer that ends
-- a series of errors. Here they are forgotten after each answer, and after a time without one; services that never answer
-- are given up. All by events that mod_cloud_notify itself knows.

local cache = require "util.cache";
local now = require "util.time".now;
local st = require "util.stanza";
local registrations = module:require "registrations";

local seconds_to_answer = 5 * 60;
local seconds_between_looks = 60;
local most_expected = 10000;
local unreachable = { ["remote-server-not-found"] = true; ["remote-server-timeout"] = true; ["service-unavailable"] = true;
	["recipient-unavailable"] = true; ["internal-server-error"] = true };
local most_errors = module:get_option_number("push_max_errors", 16);
-- A service that has left so many in a row unanswered, for so long, is dead.
local most_unanswered, seconds_unanswered = 16, 24 * 3600;

local function new()
	local errors = module:shared("/"..module.host.."/cloud_notify/push_errors");
	local silent = cache.new(most_expected); -- by registration: { count, since }

	-- Prosody 13.0.1 leaves an empty table behind for each name that a module has unhooked.
	local function forget_names(id)
		local events, owner = prosody.hosts[module.host].events, prosody.hosts[module.host].modules.cloud_notify;
		local handlers = owner and owner.module and owner.module.event_handlers;
		for _, name in ipairs({ "iq-result/host/"..id, "iq-error/host/"..id }) do
			local hooked = handlers and handlers:get(events, name);
			if hooked and not next(hooked) then handlers:remove(events, name); end
		end
	end

	-- To mod_cloud_notify an answer that ends a series of errors, without ending it.
	local function forget(id, push)
		local before = errors[push.identifier];
		if not before then return forget_names(id); end -- it was given up, with all that belongs to it
		errors[push.identifier] = 1;
		module:fire_event("iq-result/host/"..id, { stanza = st.iq({ type = "result"; id = id; from = push.service; to = module.host }) });
		if errors[push.identifier] then errors[push.identifier] = before; end
		forget_names(id);
	end

	local function forget_safely(id, push)
		local ok, err = pcall(forget, id, push);
		if not ok then module:log("error", "A notification cannot be forgotten: %s", tostring(err)); end
	end

	local expected = cache.new(most_expected, forget_safely);

	local function all_expected()
		local all = {};
		for id, push in expected:items() do all[id] = push; end
		return all;
	end

	-- What mod_cloud_notify disables without a node are all that the user has at a service.
	local function is_one_of_several(push)
		if push.node then return false; end
		for identifier, info in pairs(registrations.of("cloud_notify", push.username)) do
			if info.jid == push.service and identifier ~= push.identifier then return true; end
		end
		return false;
	end

	-- As if the user himself did it.
	local function remove(push)
		if is_one_of_several(push) then return; end
		local stanza = st.iq({ type = "set"; id = "dead" }):tag("disable", { xmlns = "urn:xmpp:push:0"; jid = push.service; node = push.node });
		-- mod_cloud_notify writes addresses into this log.
		local origin = { type = "c2s"; username = push.username; host = module.host; log = function () end; send = function () return true; end };
		module:fire_event("iq-set/self/urn:xmpp:push:0:disable", { origin = origin; stanza = stanza:reset() });
		module:log("info", "A service for notifications does not answer, so a registration there was removed");
	end

	local function note_silence(push)
		local entry = silent:get(push.name) or { count = 0; since = now() };
		entry.count = entry.count + 1;
		silent:set(push.name, entry);
		if entry.count < most_unanswered or now() - entry.since < seconds_unanswered then return; end
		silent:set(push.name, nil);
		remove(push);
	end

	-- The oldest first: the cache is in the order in which they were sent.
	local function give_up_late()
		local moment = now();
		while true do
			local id, push = expected:tail();
			if not id or moment - push.since < seconds_to_answer and push.since <= moment then return; end
			expected:set(id, nil);
			forget_safely(id, push);
			note_silence(push);
		end
	end

	local is_watching = false;

	local function watch()
		local ok, err = pcall(give_up_late);
		if not ok then module:log("error", "Looking for notifications without an answer failed: %s", tostring(err)); end
		is_watching = expected:count() > 0;
		return is_watching and seconds_between_looks or nil;
	end

	local self = {};

	function self.expect(stanza, identifier, username, info)
		expected:set(stanza.attr.id, { identifier = identifier; service = info.jid; node = info.node; username = username;
			name = username.."\0"..identifier; since = now() });
		if is_watching then return; end
		is_watching = true;
		module:add_timer(seconds_between_looks, watch);
	end

	-- Nobody was there to refuse anything: for mod_cloud_notify that would be a refusal, of which anybody who writes to the
	-- user makes sixteen in a moment.
	local function is_silence(stanza)
		local _, condition = stanza:get_error();
		return unreachable[condition] == true;
	end

	-- With its last error mod_cloud_notify gives up a registration, and can forget nothing of it any more.
	local function forget_before_last_error(push)
		if (errors[push.identifier] or 0) + 1 < most_errors then return; end
		for id, other in pairs(all_expected()) do
			if other.identifier == push.identifier then
				expected:set(id, nil);
				forget_safely(id, other);
			end
		end
	end

	-- "iq/host", in the place of mod_iq: what mod_cloud_notify has learned from an answer it can forget at once.
	function self.arrived(event)
		local stanza = event.stanza;
		local stanza_type, id = stanza.attr.type, stanza.attr.id;
		local push = (stanza_type == "result" or stanza_type == "error") and id and expected:get(id);
		if not push or stanza.attr.from ~= push.service then return nil; end
		expected:set(id, nil);
		if stanza_type == "error" and is_silence(stanza) then
			forget_safely(id, push);
			note_silence(push);
			return true;
		end
		silent:set(push.name, nil);
		if stanza_type == "error" then forget_before_last_error(push); end
		module:fire_event("iq-"..stanza_type.."/host/"..id, event);
		forget_safely(id, push);
		return true;
	end

	function self.stop()
		for id, push in pairs(all_expected()) do forget_safely(id, push); end
	end

	return self;
end

return { new = new };

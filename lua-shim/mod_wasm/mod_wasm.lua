-- mod_wasm: sandboxed WebAssembly policies decide what may pass on this host.
--
-- Prosody carries on when a module fails to load, and then everything passes.
-- So this file hooks first, with an answer that denies, and only then does what can fail.

local st = require "util.stanza";

-- After mod_blocklist (100), before archive, carbons and delivery (0 and below).
local priority = 95;

local host_type = module:get_host_type();

-- Does it stay between a user and the server? A component has no users of its own.
local function stays_at_home(stanza)
	local to, from = stanza.attr.to, stanza.attr.from;
	if host_type ~= "local" then return false; end
	return not to or to == module.host or from ~= nil and to:match("^[^/]*") == from:match("^[^/]*");
end

-- What presence may say of itself here: where it goes, and whether somebody is there.
local routing = { to = true, from = true, type = true, xmlns = true };
local presence_types = { unavailable = true, probe = true };

-- Taken out and not refused, since Prosody itself gives each stanza a language.
local function strip(stanza)
	for name in pairs(stanza.attr) do
		if not routing[name] then stanza.attr[name] = nil; end
	end
end

local function passes_bare(presence)
	local presence_type = presence.attr.type;
	if #presence > 0 or presence_type and not presence_types[presence_type] then return false; end
	strip(presence);
	return true;
end

-- So that people can log in; to nobody else. Less than the gate lets pass (gate.lib.lua), which may be what is broken.
local function passes_unseen(stanza)
	if stanza.name == "presence" then return passes_bare(stanza); end
	if stanza.name ~= "iq" or not stays_at_home(stanza) then return false; end
	-- What is set can be read by others, as what is published.
	return stanza.attr.type ~= "set" or stanza:get_child("session", "urn:ietf:params:xml:ns:xmpp-session") ~= nil;
end

local function can_answer(stanza, origin)
	local stanza_type = stanza.attr.type;
	if stanza.name == "message" then return stanza_type ~= "error" and origin.type == "c2s"; end
	return stanza.name == "iq" and (stanza_type == "get" or stanza_type == "set");
end

-- Used until our other files are loaded, and for good when they cannot be: without them
-- there is no telling what a stanza carries.
local function deny_unseen(event)
	local stanza, origin = event.stanza, event.origin;
	if passes_unseen(stanza) then return nil; end
	if can_answer(stanza, origin) then
		-- The refusal stands, whether or not it can be said.
		pcall(origin.send, st.error_reply(stanza, "wait", "policy-violation", "This server cannot check messages at the moment."));
	end
	return true;
end

-- The handlers look this up each time, so they are hooked once and a new judge is one assignment.
local judge = deny_unseen;

local function hook(prefix, direction, destinations)
	for _, kind in ipairs({ "message", "presence", "iq" }) do
		local function handler(event)
			return judge(event, kind, direction);
		end
		for _, destination in ipairs(destinations) do
			module:hook(prefix..kind.."/"..destination, handler, priority);
		end
	end
end

if host_type == "local" then
	hook("pre-", "outgoing", { "bare", "full", "host" });
	-- What is addressed to the bare VirtualHost is for the server itself, not for a user.
	hook("", "incoming", { "bare", "full" });
elseif host_type == "component" then
	hook("", "incoming", { "bare", "full", "host" });
end

-- What is kept, what is copied, who is notified and what a room is: nothing, nobody and as it was, until our other files are
-- loaded, and for good when they cannot be.
local gates = {};

local function refuse() return false; end
local function suppress() return true; end

-- Nobody can say whether it may be done.
local function not_now(what)
	return function (event)
		event.origin.send(st.error_reply(event.stanza, "wait", "policy-violation", "This server cannot "..what.." at the moment."));
		return true;
	end;
end

local refuse_registration = not_now("set up notifications");
local refuse_room = not_now("create or change rooms");
local refuse_block_list = not_now("change block lists");

-- Gates protect what they ask and do; what is left is that not even a refusal can be said. refused: what that is to Prosody
local function answer_by_gate(event_name, closed, refused)
	return function (...)
		local ok, answer = pcall(gates[event_name] or closed, ...);
		if ok then return answer; end
		module:log("error", "Answering %s failed, so it is refused: %s", event_name, tostring(answer));
		return refused;
	end;
end

-- Unless others have refused already.
local function answer_last(refused, gate)
	return function (handlers, event_name, event)
		local answer = handlers(event_name, event);
		if (answer and true or answer) == refused then return answer; end
		return gate(event);
	end;
end

-- Push 2.0 has no event of its own: its notifications are messages from this host.
local answer_by_push2_gate = answer_by_gate("push2/notification", suppress, true);

local function answer_to_push2(event)
	local stanza = event.stanza;
	if stanza.attr.from ~= module.host or stanza.name ~= "message" or not stanza:get_child("notification", "urn:xmpp:push2:0") then
		return nil;
	end
	return answer_by_push2_gate(event);
end

-- To services that are here. The context hooks in our name, so that the handlers go when this module goes.
local watched = {};

local function watch_hosts()
	if not prosody.hosts[module.host].modules.push2 then return; end
	for name, host in pairs(prosody.hosts) do
		if watched[name] ~= host then
			watched[name] = host;
			for _, event_name in ipairs({ "message/host", "message/bare", "message/full" }) do
				module:context(name):hook(event_name, answer_to_push2, 1000);
			end
		end
	end
end

if host_type == "local" then
	module:hook("archive-should-store", answer_by_gate("archive-should-store", refuse, false), 10);
	module:hook("carbons-should-copy", answer_by_gate("carbons-should-copy", refuse, false), 10);
	module:hook("message/offline/handle", answer_by_gate("message/offline/handle", refuse, false), 2); -- before mod_cloud_notify (1)
	-- After all others: what they put into a notification is seen, and what they allow is not sent for that.
	module:wrap_event("cloud_notify/registration", answer_last(false, answer_by_gate("cloud_notify/registration", function (event)
		return not refuse_registration(event);
	end, false)));
	module:wrap_event("cloud_notify/push", answer_last(true, answer_by_gate("cloud_notify/push", suppress, true)));
	module:hook("iq-set/self/urn:xmpp:push2:0:enable", answer_by_gate("push2/registration", refuse_registration, true), 10);
	for _, event_name in ipairs({ "iq-set/self/urn:xmpp:blocking:block", "iq-set/self/urn:xmpp:blocking:unblock" }) do
		module:hook(event_name, answer_by_gate(event_name, refuse_block_list, true), 10); -- before mod_blocklist (-1)
	end
	module:hook("route/remote", answer_to_push2, 1000);
	module:hook("module-loaded", watch_hosts);
	module:hook_global("host-activated", watch_hosts);
	watch_hosts();
elseif host_type == "component" then
	module:wrap_event("muc-message-is-historic", answer_by_gate("muc-message-is-historic", refuse, false));
	module:wrap_event("muc-add-history", answer_by_gate("muc-add-history", refuse, false));
	module:hook("muc-room-pre-create", answer_by_gate("muc-room-pre-create", refuse_room, true), -2); -- after the defaults and the owner (-1)
	for _, destination in ipairs({ "bare", "host" }) do
		module:hook("iq-set/"..destination.."/http://jabber.org/protocol/muc#owner:query",
			answer_by_gate("muc-room-configured", refuse_room, true), -1); -- before mod_muc (-2)
	end
end

-- What is uploaded to this host (XEP-0363): no slot, and no file.
local upload_request = "iq/host/urn:xmpp:http:upload:0:request";

local function refuse_slot(event)
	if event.stanza.attr.type ~= "get" then return nil; end
	event.origin.send(st.error_reply(event.stanza, "wait", "resource-constraint", "This server cannot take files at the moment."));
	return true;
end

local function refuse_file()
	return { status_code = 503; persistent = false; headers = { retry_after = "60", connection = "close" } };
end

local answer_upload = answer_by_gate("upload/content", refuse_file, refuse_file());
local watched_uploads = {};

-- The handlers of mod_http_file_share are those of mod_http; both come and go.
local function watch_uploads()
	local http = prosody.hosts[module.host].modules.http;
	for event_name in pairs(http and http.apps and http.apps.file_share or {}) do
		if event_name:sub(1, 4) == "PUT " and not watched_uploads[event_name] then
			watched_uploads[event_name] = true;
			module:hook_object_event(require "net.http.server", event_name, function (event)
				local loaded = prosody.hosts[module.host].modules.http;
				local handlers = loaded and loaded.apps and loaded.apps.file_share;
				local own = handlers and handlers[event_name];
				return answer_upload(event, own and own.main, event_name);
			end, 0.5); -- after the headers of mod_http (1), before its handler (0)
		end
	end
end

if host_type ~= "global" then
	module:hook(upload_request, answer_by_gate("upload/request", refuse_slot, true), 10);
	module:hook("module-loaded", watch_uploads);
	watch_uploads();
end

local policies, timers;

local function protect(what, action)
	local ok, err = xpcall(action, debug.traceback);
	if ok then return; end
	module:log("error", "%s failed, so stanzas that carry text are denied on this host: %s", what, err);
	module:set_status("error", what.." failed (see log)", true);
end

function module.load()
	if host_type == "global" then
		module:log("error", "mod_wasm works on hosts: put \"wasm\" into modules_enabled of a VirtualHost or Component");
		return;
	end
	protect("Starting mod_wasm", function ()
		module.require = module:require("requiring").each_once(module.environment);
		timers = module:require("timers");
		module.add_timer = timers.add;
		policies = module:require("policies");
		judge = policies.judge;
		policies.start(module.saved_state);
		gates = policies.gates();
	end);
	module:hook_global("config-reloaded", function ()
		if not policies then return; end
		protect("Reloading the configuration of mod_wasm", policies.reload);
	end);
end

-- What a policy remembers is in the store and what is compiled in the cache; only counts and the like go over a
-- reload. Raises, which keeps this module loaded, while a stanza is being judged.
function module.save()
	return policies and policies.save() or {};
end

function module.unload()
	if not policies then return; end
	policies.stop();
	timers.stop_all();
end

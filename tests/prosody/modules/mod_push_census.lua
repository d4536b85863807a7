-- What mod_cloud_notify and those beside it keep in memory, counted. At the shell: pushes:count("HOST") prints one line
-- of JSON: handlers of answers, as the host has them and as the module's own list has them for its unload, ids and
-- errors that it remembers, sessions that hibernate, those for which a timer runs that may end in a push, and Lua's
-- memory after collecting garbage. pushes:wake("HOST", "USER") notifies all devices of a user without a stanza.
module:set_global();

local json = require "util.json";

local sections = module:shared("/*/admin_shell/env");

local function count(items, is_counted)
	local number = 0;
	for key, item in pairs(items or {}) do
		if not is_counted or is_counted(key, item) then number = number + 1; end
	end
	return number;
end

-- The tables are locals of mod_cloud_notify: its handlers have them as upvalues.
local function upvalue(func, wanted)
	for index = 1, 255 do
		local name, value = debug.getupvalue(func, index);
		if not name then return nil; end
		if name == wanted then return value; end
	end
end

local function is_answer(event)
	return type(event) == "string" and event:find("^iq%-[er]%a+/host/%x+$") ~= nil;
end

local function answers(host)
	return count(host.events._event_map, is_answer);
end

-- 13.0.1 leaves an empty table there for each event of which it forgets the handler; 13.0.7 does not.
local function hooks(host)
	local loaded = host.modules.cloud_notify;
	return loaded and count(loaded.module.event_handlers.data[host.events], function (event, handlers)
		return is_answer(event) and next(handlers) ~= nil;
	end);
end

local function remembered(host, name)
	local handlers = host.events.get_handlers("iq-set/self/urn:xmpp:push:0:disable") or {};
	for _, handler in ipairs(handlers) do
		local found = upvalue(handler, name);
		if found then return count(found); end
	end
end

local function sessions(host, is_counted)
	local number = 0;
	for _, user in pairs(host.sessions) do number = number + count(user.sessions, is_counted); end
	return number;
end

local function is_hibernating(_, session) return session.hibernating; end
local function is_waiting(_, session) return session.delayed_ack_timer or session.awaiting_push_timer; end

local commands = {};

function commands.count(_, name)
	local host = prosody.hosts[name];
	collectgarbage(); collectgarbage();
	return true, json.encode({
		answers = answers(host), hooks = hooks(host), ids = remembered(host, "id2node"), errors = remembered(host, "push_errors"),
		hibernating = sessions(host, is_hibernating), waiting = sessions(host, is_waiting), kilobytes = math.floor(collectgarbage("count")),
	});
end

-- As modules do that have something for a user's devices which is no stanza.
function commands.wake(_, name, user)
	prosody.hosts[name].events.fire_event("cloud-notify-ping", { user = user });
	return true, "woken";
end

function module.load() sections.pushes = commands; end
function module.unload() sections.pushes = nil; end

-- A small stand-in for Prosody's module API around the real files of the shim and Prosody's real util.*.

local this_folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
local shim = this_folder.."/../mod_wasm/";
local source = os.getenv("PROSODY_SOURCE") or this_folder.."/../../target/prosody/13.0/usr/lib/prosody";

package.path = source.."/?.lua;"..this_folder.."/?.lua;"..package.path;
package.cpath = source.."/?.so;"..package.cpath;
-- 13.0 requires "prosody.util.x", 0.12 "util.x"; this file teaches Lua that they are the same.
-- Once: busted forgets what was loaded between two files, and each time would double the searchers.
if not getmetatable(package.loaded) and io.open(source.."/loader.lua") then
	dofile(source.."/loader.lua");
end

local function new_session() return { sent = {} }; end

-- config: { [option] = value }; options: { host, native, stores, hosts, rosters, usermanager }
local function new(config, options)
	options = options or {};
	local host = options.host or "example.com";
	local server = { log = {}, timers = {}, hooks = {}, handlers = {}, wrappers = {}, global_hooks = {}, sent = {}, fired = {}, required = {},
		stores = options.stores or {}, config = config, shared = {} };
	local prosody = {
		paths = { config = "/etc/prosody", data = options.data or "/nowhere/prosody" };
		bare_sessions = {};
		full_sessions = {};
		hosts = options.hosts or {
			["example.com"] = { type = "local", modules = {}, events = {} };
			["rooms.example.com"] = { type = "component", modules = { muc = {} }, events = {} };
			["gateway.example.com"] = { type = "component", modules = { component = {} }, events = {} };
			["upload.example.com"] = { type = "component", modules = {}, events = {} };
		};
	};

	package.loaded["core.configmanager"] = { getconfig = function () return { ["*"] = {}, [host] = server.config }; end };
	package.loaded["core.rostermanager"] = { load_roster = function (username)
		return options.rosters and options.rosters[username];
	end };
	package.loaded["core.usermanager"] = options.usermanager or { is_admin = function () return false; end };

	local module = { host = host, name = "wasm" };
	local environment = setmetatable({ module = module, prosody = prosody }, { __index = _G });

	function module.log(_, level, format, ...) table.insert(server.log, level..": "..format:format(...)); end
	function module.set_status(_, level, text) server.status = { level, text }; end
	function module.get_option(_, name, default)
		if server.config[name] == nil then return default; end
		return server.config[name];
	end
	function module.get_option_number(_, name, default) return server.config[name] or default; end
	function module.get_option_inherited_set() return require "util.set".new(server.config.modules_disabled or {}); end
	function module.context() return module; end
	-- As Prosody: the first answer ends it, whoever has wrapped the event is around all of it.
	local function fire(event_name, event)
		for _, handler in ipairs(server.handlers[event_name] or {}) do
			local result = handler[1](event);
			if result ~= nil then return result; end
		end
	end
	function module.fire_event(_, event_name, event)
		table.insert(server.fired, { event_name, event });
		local wrapper = server.wrappers[event_name];
		if wrapper then return wrapper(fire, event_name, event); end
		return fire(event_name, event);
	end
	function module.get_option_string(_, name, default) return server.config[name] or default; end
	function module.get_directory() return shim; end
	function module.get_host_type() return prosody.hosts[host] and prosody.hosts[host].type or "global"; end
	-- Of several handlers of one event `hooks` has the first; all of them are in `handlers`, in their order.
	function module.hook(_, event, handler, priority)
		priority = priority or 0;
		local handlers = server.handlers[event] or {};
		server.handlers[event] = handlers;
		local position = 1;
		while handlers[position] and handlers[position][2] >= priority do position = position + 1; end
		table.insert(handlers, position, { handler, priority });
		server.hooks[event] = handlers[1];
	end
	function module.wrap_event(_, event, handler) server.wrappers[event] = handler; end
	function module.hook_global(_, event, handler)
		local earlier = server.global_hooks[event];
		server.global_hooks[event] = earlier and function (...)
			earlier(...);
			return handler(...);
		end or handler;
	end
	function module.add_timer(_, _, callback)
		table.insert(server.timers, callback);
		local function stop()
			for i, waiting in ipairs(server.timers) do
				if waiting == callback then table.remove(server.timers, i); end
			end
		end
		return { stop = stop };
	end
	function module.send(_, stanza) table.insert(server.sent, stanza); end
	function module.shared(_, path) server.shared[path] = server.shared[path] or {}; return server.shared[path]; end
	-- options.opened: { [name] = store }; other names share one set of rows
	function module.open_store(_, name, kind)
		local opened = options.opened and options.opened[name];
		if opened then return kind == "map" and opened.map or opened; end
		local rows = server.stores;
		if rows.broken then error("the disk is gone"); end
		if rows.readonly and kind == "keyval" then
			return { get = function (_, row) return rows[row]; end, set = function () return nil, "the disk is full"; end };
		end
		if kind == "map" then
			local removed = {};
			return { remove = removed; set_keys = function (_, row, changes)
				rows[row] = rows[row] or {};
				for key, value in pairs(changes) do rows[row][key] = value ~= removed and value or nil; end
				return true;
			end };
		end
		return {
			get = function (_, row) return rows[row]; end;
			set = function (_, row, value)
				require "util.serialization".serialize(value, { preset = "oneline", fatal = true }); -- raises on what cannot be stored
				rows[row] = value;
				return true;
			end;
		};
	end
	-- The files of the shim, as Prosody's loader finds them; the library is whatever the test says.
	local loader = {};
	function loader.load_resource(_, _, resource)
		local name = resource:match("^mod_wasm/(.*)%.lib%.lua$") or resource:match("^(.*)%.lib%.lua$");
		server.required[name] = (server.required[name] or 0) + 1;
		if options.missing == name then return nil, "Failed to load plugin library '"..name.."'"; end
		if name == "library" and options.native ~= false then return "return fake_library;", name; end
		local file = assert(io.open(shim..name..".lib.lua"));
		local text = file:read("a");
		file:close();
		return text, shim..name..".lib.lua";
	end
	environment.fake_library = {
		open = function () return options.native; end;
		open_any = function () return options.newer, options.newer == nil and "The library cannot be opened" or nil; end;
		mapped = function () return 1; end;
	};
	function module.require(_, name)
		return assert(load(assert(loader:load_resource("wasm", name..".lib.lua")), "@"..shim..name..".lib.lua", "t", environment))();
	end
	module.environment, module.name = environment, "wasm";

	-- Metrics want an object; nothing here looks at it.
	local metric = setmetatable({}, { __index = function (self) return function () return self; end; end });
	module.metric = function () return metric; end;

	server.module, server.prosody, server.environment = module, prosody, environment;

	package.loaded["core.modulemanager"] = {
		loader = loader;
		reload = options.reload or function () return true; end;
		load = function (_, name) prosody.hosts[host].modules[name] = {}; return true; end;
	};
	package.loaded["util.timer"] = { add_task = function (_, callback) table.insert(server.timers, callback); end };

	module.saved_state = options.saved_state;
	function server.load() assert(loadfile(shim.."mod_wasm.lua", "t", environment))(); module.load(); return server; end
	function server.fire(event_name, stanza, origin)
		local event = { origin = origin, stanza = stanza };
		local hook = assert(server.hooks[event_name], "nobody hooked "..event_name);
		return hook[1](event), event;
	end
	function server.run_timers()
		local timers = server.timers;
		server.timers = {};
		for _, callback in ipairs(timers) do
			if callback() then table.insert(server.timers, callback); end
		end
	end
	-- Until nothing is left that would end.
	function server.settle()
		for _ = 1, 10 do server.run_timers(); end
	end
	function server.logged(pattern)
		for _, line in ipairs(server.log) do
			if line:find(pattern) then return line; end
		end
	end
	return server;
end

local function client(jid)
	local session = new_session();
	session.type, session.full_jid = "c2s", jid;
	session.username, session.host = jid:match("^(.-)@(.-)/");
	session.send = function (stanza) table.insert(session.sent, stanza); return true; end;
	return session;
end

local function peer(session_type)
	local session = new_session();
	session.type = session_type;
	session.send = function (stanza) table.insert(session.sent, stanza); return true; end;
	return session;
end

return { new = new, client = client, peer = peer, source = source };

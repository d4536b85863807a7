-- mod_wasm_retention around Prosody's real logger and logging, with a list as the only sink.

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local fake = require "server";
local new_events = require "util.events".new;
local format = require "util.format".format;
local shim = folder.."/../mod_wasm_retention/";

-- Each server has a logger and a logging of its own, as a process has.
local function fresh(name)
	package.loaded[name], package.loaded["prosody."..name] = nil, nil;
	return require(name);
end

-- What the library does to the addresses of these tests.
local function scrub(line) return (line:gsub("%w+@%w+", "<jid>"):gsub("192%.0%.2%.1", "<ip>")); end

local function environment(module, server)
	return setmetatable({ module = module, prosody = server.prosody }, { __index = _G });
end

local function new_library(options)
	return { open_any = function ()
		if options.scrub == false then return nil, "The library x.so cannot be opened"; end
		return { version = "0.1.0", scrub = options.scrub or scrub };
	end };
end

-- The part of Prosody's module API that is used.
local function new_module(server, options, saved_state)
	local module = { name = "wasm_retention", saved_state = saved_state };
	local log = server.logger.init("mod_wasm_retention");
	function module.set_global() end
	function module.log(_, ...) log(...); end
	function module.set_status(_, level, text) server.status = level..": "..text; end
	function module.get_option(_, name) return server.config[name]; end
	function module.get_directory() return shim; end
	function module.add_timer(_, _, callback) table.insert(server.timers, callback); end
	function module.hook_object_event(_, object, event, handler, priority)
		table.insert(server.handlers, { object, event, handler });
		object.add_handler(event, handler, priority);
	end
	function module.hook(_, event, handler, priority) module:hook_object_event(server.prosody.events, event, handler, priority); end
	function module.require(_, name)
		if options.missing == name then error("Failed to load plugin library '"..name.."'"); end
		if name == "mod_wasm/library" then return new_library(options); end
		local path = name:find("^mod_wasm/") and folder.."/../"..name or shim..name;
		return assert(loadfile(path..".lib.lua", "t", environment(module, server)))();
	end
	return module;
end

-- The configuration as Prosody has it: a host's options reach those of the whole server.
local function sections(server)
	local all = { ["*"] = server.config };
	for name, options in pairs(server.sections) do all[name] = setmetatable(options, { __index = server.config }); end
	return all;
end

-- A log that is a list of calls.
local function start_logging(server)
	server.config.log = server.config.log or { { levels = { min = "debug" }, to = "list" } };
	package.loaded["core.configmanager"] = {
		get = function (_, name) return server.config[name]; end;
		getconfig = function () return sections(server); end;
	};
	server.logger, server.logging = fresh "util.logger", fresh "core.loggingmanager";
	server.logging.register_sink_type("list", function ()
		return function (...) table.insert(server.lines, { ... }); end;
	end);
	local events = server.prosody.events;
	events.add_handler("reopen-log-files", function () server.logging.reload_logging(); end);
	events.add_handler("config-reloaded", function () events.fire_event("reopen-log-files"); end);
	server.logging.reload_logging();
end

local function start_hosts(server, hosts)
	for host, modules in pairs(hosts) do
		server.prosody.hosts[host], server.loaded[host] = { events = new_events() }, {};
		for _, name in ipairs(modules) do server.loaded[host][name] = true; end
	end
	package.loaded["core.modulemanager"] = {
		is_loaded = function (host, name) return server.loaded[host][name] or false; end;
		unload = function (host, name)
			server.loaded[host][name] = nil;
			table.insert(server.unloaded, host.." "..name);
			return true;
		end;
	};
end

-- config: global options. options: { scrub, missing, hosts = { [host] = { module, .. } }, sections = { [host] = options } }
local function new(config, options)
	options = options or {};
	fake.new({});
	local prosody = { events = new_events(), hosts = {}, paths = { config = "/etc/prosody", data = "/nowhere" } };
	local server = { prosody = prosody, lines = {}, config = config, sections = options.sections or {},
		loaded = { ["*"] = {} }, unloaded = {}, timers = {}, handlers = {} };
	start_logging(server);
	start_hosts(server, options.hosts or {});

	function server.load(saved_state)
		server.module = new_module(server, options, saved_state);
		assert(loadfile(shim.."mod_wasm_retention.lua", "t", environment(server.module, server)))();
		server.module.load();
		return server;
	end
	function server.unload()
		server.module.unload();
		for _, handler in ipairs(server.handlers) do handler[1].remove_handler(handler[2], handler[3]); end
		server.handlers = {};
	end
	function server.reload()
		local saved = server.module.save();
		server.module.reloading = true;
		server.unload();
		return server.load(saved);
	end
	function server.reload_config(changes)
		for name, value in pairs(changes or {}) do server.config[name] = value; end
		prosody.events.fire_event("config-reloaded");
	end
	function server.load_module(host, name)
		server.loaded[host][name] = true;
		(prosody.hosts[host] or prosody).events.fire_event("module-loaded", { module = name, host = host });
	end
	function server.run_timers()
		local timers = server.timers;
		server.timers = {};
		for _, callback in ipairs(timers) do callback(); end
	end
	-- What one call of the logger becomes: source, level, line as a sink writes it.
	function server.logged(source, level, ...)
		server.lines = {};
		server.logger.init(source)(level, ...);
		local line = server.lines[1];
		return line and { line[1], line[2], format(table.unpack(line, 3)) }, #server.lines;
	end
	-- Our own lines since the last look, by level.
	function server.told(level)
		local told = {};
		for _, line in ipairs(server.lines) do
			if line[1] == "mod_wasm_retention" and line[2] == level then told[#told + 1] = format(table.unpack(line, 3)); end
		end
		server.lines = {};
		return told;
	end
	return server;
end

return { new = new, scrub = scrub };

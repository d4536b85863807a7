-- mod_wasm_retention: no addresses in the server's log, and no records about people that nobody asked for.
--
-- Prosody carries on when a module fails to load, and then every line passes as it is. So this file puts itself before
-- the log first, with lines that say nothing, and only then does what can fail.

module:set_global();

local logger = require "util.logger";
local format = require "util.format".format;

local withheld = "(withheld: this line cannot be scrubbed; see the status of mod_wasm_retention)";
local own_source = "mod_wasm_retention";

-- line -> line. Raises until the library is open.
local function scrub() error("not open yet"); end
-- Arguments that are the name of a user alone: see names.lib.lua.
local function without_names(_, ...) return ...; end
local redacts_debug, is_on = true, true;

local function clean(source, message, ...)
	return scrub(source), scrub(format(message, without_names(message, ...)));
end

-- What we say ourselves names modules and hosts only, and has to be read when nothing else can be.
local function withhold(source, message, ...)
	return source, source == own_source and format(message, ...) or withheld;
end

-- One function for each sink, whatever it writes to.
local wrappers, sinks = setmetatable({}, { __mode = "k" }), {};

local function wrap(sink)
	if type(sink) ~= "function" then return sink; end -- a sink type that was taken away
	local function wrapper(source, level, message, ...)
		if not is_on or (level == "debug" and not redacts_debug) then return sink(source, level, message, ...); end
		local ok, clean_source, line = pcall(clean, source, message, ...);
		if not ok then clean_source, line = withhold(source, message, ...); end
		return sink(clean_source, level, (line:gsub("%%", "%%%%")));
	end
	wrappers[sink] = wrappers[sink] or wrapper;
	sinks[wrappers[sink]] = true;
	return wrappers[sink];
end

-- Every sink of every type, also of types that other modules bring, goes through these.
local functions = {
	add_level_sink = logger.add_level_sink; add_simple_sink = logger.add_simple_sink;
	remove_sink = logger.remove_sink; reset = logger.reset;
};
local own = {};

function own.add_level_sink(level, sink) return functions.add_level_sink(level, wrap(sink)); end

function own.add_simple_sink(simple_sink, levels)
	local sink = wrap(function (source, level, message, ...) return simple_sink(source, level, format(message, ...)); end);
	for _, level in ipairs(levels or { "debug", "info", "warn", "error" }) do functions.add_level_sink(level, sink); end
	return sink;
end

function own.reset()
	sinks = {};
	return functions.reset();
end

if functions.remove_sink then -- not in 0.12
	function own.remove_sink(sink)
		sinks[wrappers[sink] or sink] = nil;
		return functions.remove_sink(wrappers[sink] or sink);
	end
end

local function step_aside()
	is_on = false; -- for what may still hold one of our functions
	for name, replacement in pairs(own) do
		if logger[name] == replacement then logger[name] = functions[name]; end
	end
end

-- Open sinks are made anew, through ours or not.
local function reopen() prosody.events.fire_event("reopen-log-files"); end

-- Over a reload the former instance scrubs until this one does, so that no line slips between.
if module.saved_state and module.saved_state.step_aside then
	module.saved_state.step_aside();
	for name in pairs(functions) do functions[name] = logger[name]; end
end
for name, replacement in pairs(own) do logger[name] = replacement; end
reopen();

local retention;

local function protect(what, action)
	local ok, err = xpcall(action, debug.traceback);
	if ok then return; end
	module:log("error", "%s failed: %s", what, err);
	module:set_status("error", what.." failed (see log)", true);
end

-- What the other files decide of the lines. `changes`: { scrub, without_names, redacts_debug }
local function set_scrubbing(changes)
	scrub, without_names = changes.scrub or scrub, changes.without_names or without_names;
	if changes.redacts_debug ~= nil then redacts_debug = changes.redacts_debug; end
end

local function count_sinks()
	local count = 0;
	for _ in pairs(sinks) do count = count + 1; end
	return count;
end

function module.load()
	protect("Starting mod_wasm_retention", function ()
		retention = module:require "retention";
		retention.start(set_scrubbing, count_sinks);
	end);
	module:hook("config-reloaded", function ()
		if retention then protect("Reloading the configuration of mod_wasm_retention", retention.reload); end
	end, -1); -- after the log has been opened anew
end

function module.save() return { step_aside = step_aside }; end

function module.unload()
	if module.reloading then return; end
	step_aside();
	reopen();
end

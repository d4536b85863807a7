-- The policies of this host: what is configured, what is in force, and the judge who asks them.

local config = module:require "config";
local judge = module:require "judge";
local library = module:require "library";
local loading = module:require "loading";
local metrics = module:require "metrics";
local shell = module:require "shell";
local sorted_pairs = require "util.iterators".sorted_pairs;

local kinds = { "message", "presence", "iq" };
local nothing = {};

-- Closed from the first moment; whatever fails later leaves it closed.
local state = { closed = "starting"; denies = true; wanted = {} };
local loader, options, problem;
local had_policies = false;

-- Would anything be denied if no policy could be asked?
local function denies_on_failure()
	if options.unusable then return true; end
	for _, record in pairs(options.records) do
		if record.on_error ~= "pass" and record.mode ~= "off" then return true; end
	end
	return false;
end

local function summary()
	local by_state = {};
	for name in sorted_pairs(options.records) do
		local slot = loader and loader.slots[name];
		local slot_state = slot and slot.state or "failed";
		by_state[slot_state] = by_state[slot_state] or {};
		table.insert(by_state[slot_state], name);
	end
	local parts = {};
	for slot_state, names in sorted_pairs(by_state) do parts[#parts + 1] = slot_state..": "..table.concat(names, ", "); end
	return by_state.failed and "error" or "info", table.concat(parts, "; ");
end

-- Nothing can be asked: deny, unless all policies are configured to be dispensable.
local function close(reason)
	problem = reason;
	state.denies = denies_on_failure();
	state.chain = nil;
	state.closed = state.denies and reason or nil;
	module:log("error", "No policy can be asked on %s: %s. %s", module.host, reason,
		state.denies and "Everything that carries text is denied until this is corrected"
			or "All policies here are off or have on_error = \"pass\", so everything passes");
	module:set_status("error", reason, true);
end

local function refresh()
	local chain = state.next_chain;
	local interests, err = chain:interests();
	if not interests then return close("The library does not answer: "..tostring(err)); end
	local wanted = {};
	for _, kind in ipairs(kinds) do wanted[kind] = interests[kind] or nothing; end
	state.wanted, state.needs_roster = wanted, chain:needs("roster");
	state.denies = denies_on_failure();
	if problem then return; end
	local status, text = summary();
	module:set_status(status, text, true);
end

local function open_chain()
	if state.next_chain and options.library == state.library_path then return state.next_chain; end
	if loader then loader:stop(); end
	loader, state.next_chain = nil, nil;
	local native, library_err = library.open(options.library);
	if not native then return nil, library_err; end
	local chain, err = native.chain(module.host);
	if not chain then return nil, tostring(err); end
	state.next_chain, state.library_path = chain, options.library;
	loader = loading.new(native, chain, refresh);
	return chain;
end

local function apply()
	problem = nil;
	local chain, err = open_chain();
	if not chain then return close(err); end
	loader:apply(options);
	if problem then return; end
	-- Only now: until here the whole host was closed, or its previous policies judged.
	state.chain, state.closed = chain, nil;
end

-- Without policies there is nothing to protect, but a forgotten option must be seen.
local function rest()
	if loader then loader:stop(); end
	loader, problem, state.next_chain, state.chain, state.closed, state.denies = nil, nil, nil, nil, nil, false;
	module:log("warn", "wasm_policies names no policy for %s: mod_wasm does nothing here", module.host);
	module:set_status("warn", "wasm_policies names no policy", true);
end

-- A lost line or a lost file must not open a host that had policies: to have none is said, not left out.
local function close_if_lost()
	if not options.is_absent then
		had_policies = options.unusable ~= nil or next(options.records) ~= nil;
	elseif had_policies and not options.unusable then
		options.unusable = "wasm_policies is no longer there; write wasm_policies = {} to have no policies";
	end
end

local function configure()
	local is_read, result = pcall(config.read);
	options = is_read and result or { records = {}, problems = {}, unusable = "The options cannot be read: "..tostring(result) };
	close_if_lost();
	for _, sentence in ipairs(options.problems) do module:log("error", "%s", sentence); end
	if options.unusable then return close(options.unusable); end
	if next(options.records) == nil then return rest(); end
	local ok, err = xpcall(apply, debug.traceback);
	if not ok then close(tostring(err)); end
end

-- One entry per policy: what the chain knows, and what only we know because it has not got that far.
-- -> entries, what is wrong with the host as a whole
local function list()
	local known, rows = {}, {};
	for _, status in ipairs(state.next_chain and state.next_chain:status() or nothing) do known[status.name] = status; end
	for name, record in pairs(options and options.records or nothing) do
		local slot = loader and loader.slots[name];
		local row = { record = record; host = module.host };
		for key, value in pairs(known[name] or nothing) do row[key] = value; end
		row.name, row.mode, row.on_error = name, row.mode or record.mode, row.on_error or record.on_error;
		row.state = row.state or slot and slot.state or "failed";
		row.reason = problem or row.reason or slot and slot.reason;
		if problem then row.state = record.mode == "off" and "off" or "failed"; end
		rows[#rows + 1] = row;
	end
	table.sort(rows, function (a, b) return a.name < b.name; end);
	return rows, problem;
end

local function start()
	shell.start(list); -- first, so that whatever goes wrong can be seen
	local ok, err = pcall(metrics.start, list);
	if not ok then module:log("error", "There will be no statistics of policies: %s", tostring(err)); end
	configure();
end

local function stop()
	if loader then loader:stop(); end
	shell.stop();
end

return { judge = judge.new(state); start = start; reload = configure; stop = stop; list = list };

-- The policies of this host: what is configured, what is in force, and the judge who asks them.

local acquaintances = module:require "acquaintances";
local blocklist = module:require "blocklist";
local condition = module:require "condition";
local config = module:require "config";
local crossing = module:require "crossing";
local exemptions = module:require "exemptions";
local facts = module:require "facts";
local failures = module:require "failures";
local gathering = module:require "gathering";
local holding = module:require "holding";
local judge = module:require "judge";
local keeping = module:require "keeping";
local library = module:require "library";
local loading = module:require "loading";
local metrics = module:require "metrics";
local following = module:require "following";
local rollback = module:require "rollback";
local rows = module:require "rows";
local rulings = module:require "rulings";
local shell = module:require "shell";
local uploads = module:require "uploads";
local verbs = module:require "verbs";
local waking = module:require "waking";

local kinds = { "message", "presence", "iq" };
local nothing = {};

-- Closed from the first moment; whatever fails later leaves it closed.
local state = { closed = "starting"; denies = true; wanted = {}; hears = {}; needs = {} };
-- What verbs and listings see of this host. forced: "deny" | "off" | "end" when the shell said something else
-- about safe mode than the configuration.
local this = { host = module.host, totals = {} };
local had_policies = false;
local kept; -- keeping.lib.lua, which holds messages over a reload
local waiting; -- holding.lib.lua, which does so too
-- Who answers Prosody's events besides the road of stanzas: each { gates = { [event] = handler }, refresh = function (chain), stop }.
local parts = {};

-- Nothing can be asked: deny, unless all policies are configured to be dispensable.
local function close(reason)
	this.problem = reason;
	state.denies = condition.denies_on_failure(this);
	state.chain = nil;
	state.closed = state.denies and reason or nil;
	module:log("error", "No policy can be asked on %s: %s. %s", module.host, reason,
		state.denies and "Everything that carries text is denied until this is corrected"
			or this.safe_mode and "So everything passes"
			or "All policies here are off or have on_error = \"pass\", so everything passes");
	module:set_status("error", reason, true);
end

local function refresh()
	local chain = this.chain;
	if not chain then return; end
	local interests, err = chain:interests();
	if not interests then return close("The library does not answer: "..tostring(err)); end
	local wanted = {};
	for _, kind in ipairs(kinds) do
		local of = interests[kind] or nothing;
		wanted[kind] = { outgoing = of.outgoing; incoming = of.incoming; incoming_only = of.incoming_only;
			exempt = exemptions.of(of.exempt); exempt_only = exemptions.of(of.exempt_only) };
	end
	state.wanted, state.needs = wanted, facts.needed(chain);
	for _, interface in pairs(rulings.interfaces) do state.hears[interface] = chain:hears(interface); end
	state.denies = condition.denies_on_failure(this);
	for _, part in ipairs(parts) do part.refresh(chain); end
	if this.problem then return; end
	local status, text = condition.summary(this);
	module:set_status(status, text, true);
end

local function drop_chain()
	if this.loader then this.loader:stop(); end
	this.loader, this.chain, state.chain, state.hears = nil, nil, nil, {};
	for _, part in ipairs(parts) do part.refresh(nil); end
end

-- The library in use stays until the module is loaded again: `wasm takeover` prepares that.
local function open_chain()
	if this.chain then return this.chain; end
	local native, library_err = library.open(this.options.library);
	if not native then return nil, library_err; end
	local chain, err = native.chain(module.host);
	if not chain then return nil, tostring(err); end
	this.chain, this.library_path = chain, this.options.library;
	this.loader = loading.new(native, chain, refresh);
	return chain;
end

local function apply()
	this.problem = nil;
	local is_start = this.chain == nil;
	local chain, err = open_chain();
	if not chain then return close(err); end
	this.loader:apply(this.options, is_start);
	if this.problem then return; end
	-- Only now: until here the whole host was closed, or its previous policies judged.
	state.chain, state.closed = chain, nil;
end

-- The library is not even opened: it may be what ended the server.
local function keep_out()
	drop_chain();
	close(("safe mode: no policy is loaded, all are %s; it ends by %s"):format(
		this.safe_mode == "off" and "off" or "closed",
		this.forced and ("wasm safe-mode "..module.host.." end") or "removing wasm_safe_mode and reloading, or by: wasm safe-mode "..module.host.." end"));
end

-- Without policies there is nothing to protect, but a forgotten option must be seen.
local function rest()
	drop_chain();
	this.problem, state.closed, state.denies = nil, nil, false;
	module:log("warn", "wasm_policies names no policy for %s: mod_wasm does nothing here", module.host);
	module:set_status("warn", "wasm_policies names no policy", true);
end

-- A lost line or a lost file must not open a host that had policies: to have none is said, not left out.
local function close_if_lost()
	local options = this.options;
	if not options.is_absent then
		had_policies = options.unusable ~= nil or next(options.records) ~= nil;
	elseif had_policies and not options.unusable then
		options.unusable = "wasm_policies is no longer there; write wasm_policies = {} to have no policies";
	end
end

local function configure()
	local is_read, result = pcall(config.read);
	this.options = is_read and result or { records = {}, problems = {}, unusable = "The options cannot be read: "..tostring(result) };
	local options = this.options;
	close_if_lost();
	this.safe_mode = this.forced or options.safe_mode;
	if this.safe_mode == "end" then this.safe_mode = nil; end
	for _, sentence in ipairs(options.problems) do module:log("error", "%s", sentence); end
	if options.unusable then return close(options.unusable); end
	if next(options.records) == nil then return rest(); end
	if this.safe_mode then return keep_out(); end
	local ok, err = xpcall(apply, debug.traceback);
	if not ok then close(tostring(err)); end
	following.update(this);
end

-- `forced`: "deny" | "off" | "end"
function this.set_safe_mode(forced)
	this.forced = forced;
	configure();
end

-- Where the next start would find the library.
function this.newest_library()
	return config.read().library;
end

function this.list() return rows.list(this); end
function this.run(verb, call) return verbs.run(this, verb, call); end

function state.rolled_back(effect)
	if this.loader then rollback.by_itself(this.loader, effect); end
end

function state.failed(effect)
	local slot = this.loader and this.loader.slots[effect.policy];
	failures.tell(effect, slot and (slot.entry and slot.entry.file or slot.record.path) or effect.policy);
end

-- saved: what `save` returned before this module was loaded again
local function start(saved)
	saved = type(saved) == "table" and saved or nothing;
	had_policies, this.forced = saved.had_policies == true, saved.forced;
	this.totals = type(saved.totals) == "table" and saved.totals or {};
	kept = keeping.new(state, crossing, saved.held);
	waiting = holding.new(saved.waiting);
	this.gathering, this.acquaintances = gathering.new(state, crossing), acquaintances.new(state, crossing);
	parts = { kept, waking.new(state, crossing), waiting, uploads.new(state, crossing), this.gathering, this.acquaintances,
		blocklist.new(state, crossing) };
	shell.start(this); -- first, so that whatever goes wrong can be seen
	local ok, err = pcall(metrics.start, this.list, this.totals);
	if not ok then module:log("error", "There will be no statistics of policies: %s", tostring(err)); end
	configure();
end

-- Plain data only: live objects must not outlive the code that made them. Raises, and so keeps this module where
-- it is, while a stanza is being judged.
local function save()
	if crossing.is_under_way() then error("a stanza is being judged", 0); end
	local is_counted, totals = pcall(rows.totals, this);
	return { had_policies = had_policies; forced = this.forced; totals = is_counted and totals or {}; library = this.library_path;
		held = kept and kept.memory.all(); waiting = waiting and waiting.save() };
end

local function stop()
	this.is_stopped = true;
	if this.loader then this.loader:stop(); end
	for _, part in ipairs(parts) do part.stop(); end
	shell.stop();
	-- Timers that are still to come hold on to this module; the library's threads are not to wait for them.
	state.closed, state.chain, this.loader, this.chain = "stopped", nil, nil, nil;
end

-- By event, for mod_wasm.lua, which has hooked them.
local function gates()
	local all = {};
	for _, part in ipairs(parts) do
		for event_name, gate in pairs(part.gates) do all[event_name] = gate; end
	end
	return all;
end

return { judge = judge.new(state, crossing); gates = gates; start = start; reload = configure; save = save; stop = stop; list = this.list };

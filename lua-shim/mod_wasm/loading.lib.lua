-- From records to policies in force. Until a policy is in force its slot in the chain denies; what runs goes on
-- until its successor is ready, and when there is none.

local commit = module:require "commit";
local candidates = module:require "candidates";
local generation = module:require "generation";
local probation = module:require "probation";
local history = module:require "history";
local reasons = module:require "reasons";
local sorted_pairs = require "util.iterators".sorted_pairs;
local staging = module:require "staging";
local starting = module:require "starting";
local text = module:require "text";
local trust = module:require "trust";

local max_reason = 500; -- characters

-- self: { native, chain, on_change, options, stager, slots = { [policy] = slot } }
-- slot: { record, state, reason, row = history, entry = what is in force|nil, staged = { staged, entry }|nil,
--         candidate|nil, applied = { signature, file, trust }: what the configuration said last }
local methods = module:require "slots";
methods.__index = methods;

function methods:not_prepared(slot, record, sentence, phase)
	local reason = reasons.of_step(record, sentence, phase);
	if slot.entry then return self:keep(slot, reason); end
	slot.record = record;
	self:fail(slot, reason);
end

-- The configuration is in force already, only it was written another way.
function methods:note_unchanged(slot, record, file)
	slot.record, slot.reason = record, nil;
	self:declare(record, slot.entry.on_error);
	if slot.row.config_signature ~= record.signature or slot.row.config_file ~= file then
		local row = history.with(slot.row, slot.row.current or slot.entry, record.signature, file);
		local ok, err = history.write(record.name, row);
		if ok then slot.row = row; else module:log("warn", "The next start may load the policy %s anew: %s", record.name, err); end
	end
	self:after_change();
end

function methods:prepared(slot, record, recipe, staged, how)
	local previous = slot.record;
	slot.record = record;
	local entry = generation.entry(recipe, staged:facts(), how);
	if record.mode == "shadow" then return candidates.start_configured(self, slot, staged, entry); end
	local change = { slot = slot, staged = staged, entry = entry, signature = record.signature, file = slot.applied.file };
	local ok, err, step = commit.commit(self, { change }, { probation = probation.of_all({ change }) });
	if ok then return; end
	if slot.entry then slot.record = previous; end
	self:not_prepared(slot, record, err, step);
end

-- Children get killed: once may be bad luck, twice is not.
function methods:is_second_try(slot, sentence, phase)
	if phase ~= "compiling" or slot.is_second_try then return true; end
	slot.is_second_try = true;
	module:log("warn", "The policy %s is compiled once more: %s", slot.record.name, text.shown(sentence, max_reason));
	return false;
end

function methods:without_history(slot, record, sentence, phase)
	module:log("warn", "The policy %s was last in force as generation %s, but that cannot be loaded any more (%s), so the configuration decides",
		record.name, generation.short(slot.row.current and slot.row.current.identity), text.shown(reasons.of_step(record, sentence, phase), max_reason));
	self:stage(slot, record, "configuration");
end

function methods:applied(record)
	return {
		signature = record.signature; file = generation.fingerprint(record.path); look = generation.looks(record);
		trust = self.options.trust.text;
	};
end

-- Prepares in the background what the configuration says, or what the history does.
-- remembered: { recipe, entry }|nil
function methods:stage(slot, record, how, remembered)
	local recipe = remembered and remembered.recipe or generation.of_record(record);
	slot.applied = self:applied(record);
	local work;
	work = {
		request = generation.request(recipe, self.options, { live = slot.entry, unless = slot.entry and slot.entry.identity });
		on_done = function (staged) self:prepared(slot, record, recipe, staged, how); end;
		on_unchanged = function () self:note_unchanged(slot, record, slot.applied.file); end;
		on_error = function (sentence, phase)
			if phase == "cancelled" then return; end -- by whoever knows better what becomes of the policy
			if not self:is_second_try(slot, sentence, phase) then return self.stager:add(work); end
			if remembered then return self:without_history(slot, record, sentence, phase); end
			self:not_prepared(slot, record, sentence, phase);
		end;
	};
	slot.is_second_try = false;
	self.stager:add(work);
	if slot.entry or record.mode == "shadow" then return; end
	slot.state, slot.reason = "compiling", nil;
	self:call("compiling", record.name);
	module:log("info", "The policy %s is being prepared", record.name);
end

-- Has anything changed, the file included? It goes on when there is no telling.
local function is_up_to_date(slot, record, trusted)
	if slot.applied.trust ~= trusted and record.mode ~= "off" then return false; end
	local file = generation.fingerprint(record.path);
	local is_right = slot.state ~= "failed" and not slot.reason and slot.record.mode == record.mode;
	-- What ended the server is not tried again before somebody changed it or asked for it.
	return (is_right or slot.died) and slot.applied.signature == record.signature and (slot.applied.file == file or record.mode == "off");
end

-- The place is not for a policy that runs: off, watched only, or closed by a mistake.
function methods:stop_running(slot, record)
	if slot.entry or slot.record.mode ~= record.mode then self:clear(slot); end
	slot.record, slot.applied, slot.reason = record, { signature = record.signature }, nil;
	self:declare(record);
	slot.state = record.mode;
end

function methods:apply_record(slot, record, how)
	if record.problem then
		self.stager:cancel(record.name, "the configuration has a mistake");
		slot.applied = {};
		if slot.entry then return self:keep(slot, record.problem, true); end
		slot.record = record;
		return self:fail(slot, record.problem);
	end
	if record.mode ~= "enforce" then self:stop_running(slot, record); end
	if record.mode == "off" then return; end
	if not slot.entry then slot.record = record; self:declare(record); end
	self:stage(slot, record, how);
end

-- Brings the chain to what is configured; what did not change, the file included, is not touched.
function methods:apply(options, is_start)
	local is_trust_new = self.options and self.options.trust.text ~= options.trust.text;
	self.options = options;
	for name in pairs(self.slots) do
		if not options.records[name] then self:remove(name); end
	end
	for name, record in sorted_pairs(options.records) do
		local slot = self.slots[name] or self:new_slot(record);
		if is_trust_new then trust.renew(self, slot); end
		if is_start and not record.problem then
			starting.start(self, slot, record);
		elseif is_up_to_date(slot, record, options.trust.text) then
			slot.record = record;
		else
			self:apply_record(slot, record, "configuration");
		end
	end
	self:after_change();
end

function methods:stop()
	self.is_stopped = true;
	self.stager:stop();
	self.slots = {};
end

-- on_change() is called after everything that may change what the chain wants to see.
local function new(native, chain, on_change)
	return setmetatable({ native = native; chain = chain; on_change = on_change; slots = {}, stager = staging.new(native) }, methods);
end

return { new = new };

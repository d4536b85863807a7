-- The places of a chain, one for each policy, and what is known of them: closed, kept, emptied.

local generation = module:require "generation";
local history = module:require "history";
local reasons = module:require "reasons";
local text = module:require "text";

local not_in_force = "the changed configuration is not in force: ";
local max_reason = 500; -- characters

-- self and slot: see loading.lib.lua
local methods = {};

-- The chain returns nil, sentence instead of raising.
function methods:call(method, ...)
	local _, err = self.chain[method](self.chain, ...);
	if err then error(("%s: %s"):format(method, err), 0); end
end

-- A shadow without anything in force stands in a place that lets everything through.
function methods:declare(record, on_error)
	if record.mode == "shadow" then on_error = "pass"; end
	self:call("declare", record.name, { on_error = on_error or record.on_error; mode = record.mode == "off" and "off" or "enforce" });
end

-- After everything that may change what the chain wants to see, or what is kept.
function methods:after_change()
	self.on_change();
	if not self.stager:is_idle() then return; end
	local needed = {};
	for _, slot in pairs(self.slots) do
		local entries = { slot.entry, slot.row.current };
		for _, entry in pairs(entries) do needed[entry.sha256] = true; end
		for _, entry in ipairs(slot.row.entries) do needed[entry.sha256] = true; end
		for _, held in pairs({ slot.staged or nil, slot.candidate or nil }) do needed[held.entry.sha256] = true; end
	end
	pcall(history.clean, self.options.kept_path, needed);
end

-- The place is closed: nothing is left in it.
function methods:close(slot, reason)
	slot.state, slot.reason, slot.entry, slot.candidate, slot.is_unloaded = "failed", reason, nil, nil, nil;
	self:declare(slot.record); -- on_error may be new
	self:call("fail", slot.record.name, reason);
	self.on_change();
end

function methods:fail(slot, reason)
	local record = slot.record;
	local is_known = reason == record.problem; -- named already when the options were read
	if not is_known then reason = text.shown(reason, max_reason); end
	self:close(slot, reason);
	if is_known then return; end
	local consequence = record.mode == "shadow" and "It would not decide anyway"
		or record.on_error == "pass" and "Stanzas pass without it" or "What it would judge is denied";
	local stop = reason:find("[.?!]$") and "" or "."; -- some end with a question: what was meant?
	module:log("error", "The policy %s (%s) is not in force: %s%s %s; correct it, then run: prosodyctl reload",
		record.name, reasons.short_path(record), reason, stop, consequence);
end

-- What runs goes on; that it is not what was asked for is said wherever somebody may look.
function methods:keep(slot, reason, is_known)
	slot.reason = not_in_force..(is_known and reason or text.shown(reason, max_reason));
	self.on_change();
	module:log("error", "The policy %s goes on as generation %s: %s", slot.record.name, generation.short(slot.entry.identity), slot.reason);
end

-- Empties a place without closing it for good.
function methods:clear(slot)
	self.stager:cancel(slot.record.name, "the policy was taken out meanwhile");
	self:call("remove", slot.record.name);
	slot.entry, slot.staged, slot.candidate, slot.reason, slot.is_unloaded = nil, nil, nil, nil, nil;
end

function methods:remove(name)
	self:clear(self.slots[name]);
	self.slots[name] = nil;
end

function methods:new_slot(record)
	local row, err = history.read(record.name);
	if err then module:log("warn", "The history of the policy %s cannot be read, so the configuration decides: %s", record.name, err); end
	local slot = { record = record; state = "failed"; row = row; applied = {} };
	self.slots[record.name] = slot;
	return slot;
end

return methods;

-- A generation beside the one in force: a shadow is only watched, a canary decides for a share of the users.

local generation = module:require "generation";
local reasons = module:require "reasons";
local store = module:require "store";

local default_budget, default_share = 0.05, 0.05;

local function attempt(loader, slot, staged, how)
	local name = slot.record.name;
	local options = {
		role = how.role; share = how.share or default_share; budget = how.budget or default_budget; samples = how.samples or 0;
		fresh = how.fresh == true; failures = slot.record.probation.failures; microseconds = slot.record.probation.microseconds;
	};
	if not loader.chain:has_store(name) then options.store = store.read(name); end
	return loader.chain:try(name, staged, options);
end

-- how: { role, share, budget, samples, fresh }. -> true | nil, sentence
local function try(loader, slot, staged, entry, how)
	local ok, err = attempt(loader, slot, staged, how);
	if not ok then return nil, tostring(err); end
	slot.candidate = { entry = entry, role = how.role };
	module:log("info", "The policy %s has a candidate: generation %s as %s", slot.record.name, generation.short(entry.identity), how.role);
	loader:after_change();
	return true;
end

-- mode = "shadow": nothing is in force, and nothing is denied by it.
local function start_configured(loader, slot, staged, entry)
	loader:declare(slot.record);
	local ok, err = try(loader, slot, staged, entry, { role = "shadow" });
	slot.state, slot.reason = "shadow", nil;
	if not ok then loader:fail(slot, reasons.of_step(slot.record, err, "shadow")); end
end

-- -> true | nil, sentence. What a canary wrote is undone.
local function drop(loader, slot)
	local ok, err, undone = loader.chain:drop_candidate(slot.record.name);
	if not ok then return nil, tostring(err); end
	slot.candidate = nil;
	store.undo(slot.record.name, undone);
	loader:after_change();
	return true;
end

return { try = try; start_configured = start_configured; drop = drop };

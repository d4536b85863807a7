-- The verbs that change what is in force: stage, swap, rollback, unload.

local candidates = module:require "candidates";
local commit = module:require "commit";
local flags_of = module:require "flags";
local generation = module:require "generation";
local history = module:require "history";
local preparing = module:require "preparing";
local probation = module:require "probation";
local rollback = module:require "rollback";

local short = generation.short;

local function change_of(slot, staged, entry)
	local applied = slot.applied;
	return { slot = slot; staged = staged; entry = entry; signature = applied.signature or slot.record.signature; file = applied.file };
end

-- -> true, and then nobody is told yet | false: it was refused
local function put_in_force(task, slots, changes, on_trial)
	task.print("handing over, then publishing");
	local ok, err, step = commit.commit(task.loader, changes, { fresh = task.flags.fresh; probation = on_trial });
	if ok then return true; end
	if #changes == 1 then task.fail(slots[1], step, err); return false; end
	task.refuse(("%s failed: %s. Nothing was changed, all running generations stay"):format(step, err));
	return false;
end

local function stage(task, slot)
	local problem = preparing.obstacle(task.loader, slot, false);
	if problem then return task.refuse(problem); end
	preparing.prepare(task, slot, preparing.recipe_of(task, slot), "shell", function (staged, entry)
		if not staged then return task.done("%s runs generation %s already: nothing to stage", slot.record.name, short(slot.entry.identity)); end
		slot.staged = { staged = staged; entry = entry };
		task.done("%s: generation %s is staged, nothing has changed yet; put it in force with: wasm swap %s %s",
			slot.record.name, short(entry.identity), module.host, slot.record.name);
	end);
end

-- Prepared and put in force in one go. What was in force before has stood its trial.
local function swap_one(task, slot, recipe, how)
	local before = slot.entry;
	preparing.prepare(task, slot, recipe, how, function (staged, entry)
		if not staged then return task.done("%s runs generation %s already: nothing to do", slot.record.name, short(before.identity)); end
		local changes = { change_of(slot, staged, entry) };
		local on_trial = before and how ~= "rollback" and probation.of_all(changes, task.flags.probation) or nil;
		if not put_in_force(task, { slot }, changes, on_trial) then return; end
		task.done("%s: generation %s is in force%s; %s", slot.record.name, short(entry.identity),
			before and " instead of "..short(before.identity) or "", probation.said(on_trial));
	end);
end

local function swap_staged(task, slots)
	local changes, names = {}, {};
	for _, slot in ipairs(slots) do
		if not slot.staged then return task.refuse(("nothing is staged for %s: nothing was changed"):format(slot.record.name)); end
		changes[#changes + 1] = change_of(slot, slot.staged.staged, slot.staged.entry);
		names[#names + 1] = ("%s (generation %s)"):format(slot.record.name, short(slot.staged.entry.identity));
	end
	local on_trial = probation.of_all(changes, task.flags.probation);
	if not put_in_force(task, slots, changes, on_trial) then return; end
	task.done("in force: %s; %s", table.concat(names, ", "), probation.said(on_trial));
end

local function swap(task, slot, slots)
	for _, each in ipairs(slots) do
		local problem = preparing.obstacle(task.loader, each, true);
		if problem then return task.refuse(problem); end
	end
	local is_new = task.call.file or flags_of.is_shaping(task.flags) or task.flags.gate;
	if #slots > 1 and is_new then return task.refuse("several policies are swapped as they were staged: name no file and no flag that changes them"); end
	if slot.staged and is_new and not task.call.file then
		return task.refuse("what is staged is swapped as it is: leave the flags out, name a file, or stage again with these flags");
	end
	if #slots > 1 or slot.staged and not is_new then return swap_staged(task, slots); end
	swap_one(task, slot, preparing.recipe_of(task, slot), "shell");
end

local function end_candidate(task, slot)
	local candidate = slot.candidate;
	local ok, err = candidates.drop(task.loader, slot);
	if not ok then return task.fail(slot, "ending the "..candidate.role, err); end
	task.done("%s: the %s %s has ended; %s", slot.record.name, candidate.role, short(candidate.entry.identity),
		slot.entry and "generation "..short(slot.entry.identity).." decides alone" or "nothing is in force");
end

local function warm_identity(loader, name)
	for _, row in ipairs(loader.chain:status()) do
		if row.name == name then return row.previous; end
	end
end

local function rollback_warm(task, slot)
	local left = slot.entry;
	local identity, err, warning = rollback.warm(task.loader, slot);
	if not identity then return task.fail(slot, "rolling back", err); end
	if warning then task.print("note: %s", warning); end
	task.done("%s: generation %s is in force again instead of %s", slot.record.name, short(identity), short(left.identity));
end

-- -> entry | nil, sentence
local function target_of(slot, prefix)
	if prefix then
		local entry = history.find(slot.row, prefix:lower());
		if entry then return entry; end
		return nil, ("the history of %s knows no generation %s; see: wasm history %s %s"):format(slot.record.name, prefix, module.host, slot.record.name);
	end
	local entry = slot.entry and history.newest_other(slot.row, { [slot.entry.identity] = true }) or not slot.entry and slot.row.current;
	if entry then return entry; end
	return nil, slot.record.name.." has no earlier generation to go back to";
end

-- Also the way back from `unload`; a third word is the beginning of an identity.
local function roll_back(task, slot)
	local problem, prefix = preparing.obstacle(task.loader, slot, slot.candidate == nil), task.call.word;
	if problem then return task.refuse(problem); end
	if slot.candidate and not prefix then return end_candidate(task, slot); end
	local warm = slot.entry and warm_identity(task.loader, slot.record.name);
	if warm and (not prefix or warm:sub(1, #prefix) == prefix:lower()) then return rollback_warm(task, slot); end
	local entry, err = target_of(slot, prefix);
	if not entry then return task.refuse(err); end
	task.print("generation %s of the history is prepared anew", short(entry.identity));
	swap_one(task, slot, generation.of_entry(slot.record.name, entry, task.loader.options.kept_path), "rollback");
end

local function unload(task, slot)
	local name, left = slot.record.name, slot.entry or slot.candidate and slot.candidate.entry;
	if slot.record.mode ~= "enforce" then return task.refuse(name.." is not in force; its mode in the configuration says so"); end
	task.loader.stager:cancel(name, "the policy was taken out meanwhile");
	local is_open = slot.record.on_error == "pass";
	task.loader:close(slot, "taken out at the shell; back by: wasm rollback "..module.host.." "..name);
	slot.is_unloaded, slot.staged = true, nil;
	module:log("warn", "The policy %s was taken out at the shell (generation %s)", name, short(left and left.identity));
	task.done("%s is taken out: %s; back by: wasm rollback %s %s", name,
		is_open and "stanzas pass without it" or "what it would judge is denied", module.host, name);
end

return { stage = stage; swap = swap; swap_one = swap_one; rollback = roll_back; unload = unload };

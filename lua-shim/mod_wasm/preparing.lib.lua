-- What verbs do before anything changes: prepare a generation in the background, and tell how it goes.

local generation = module:require "generation";
local reasons = module:require "reasons";
local values = module:require "values";

-- Why this policy cannot be given another generation now; nil when it can.
local function obstacle(loader, slot, decides)
	local name, mode = slot.record.name, slot.record.mode;
	if mode == "off" then return name.." is off in the configuration; set mode = \"enforce\" or \"shadow\" and reload"; end
	if mode == "shadow" and decides then
		return name.." has mode = \"shadow\" in the configuration, so it never decides; set mode = \"enforce\" and reload";
	end
	local phase = loader.stager:phase_of(name);
	return phase and ("%s is being prepared already (%s); wait for it, see: wasm list"):format(name, phase);
end

-- What the configuration says, but for what was said at the shell.
local function recipe_of(task, slot)
	return generation.changed(generation.of_record(slot.record), task.call.file, task.flags);
end

local function gate_of(flags)
	return flags.gate and { path = flags.gate; allow_differences = flags.allow_differences or 0 } or nil;
end

-- Calls after(staged, entry) when it is ready, or after() when it is what runs already.
local function prepare(task, slot, recipe, how, after)
	local loader, flags = task.loader, task.flags;
	-- The flags and the configuration may be right alone, and not together.
	local problem = recipe.limits and values.limits_problem(recipe.limits, recipe.name..": limits");
	if problem then return task.refuse(problem); end
	local unless = slot.entry and not flags.fresh and slot.entry.identity or nil;
	loader.stager:add({
		request = generation.request(recipe, loader.options, { live = slot.entry, grant = flags.grant, unless = unless, gate = gate_of(flags) });
		on_phase = function (phase, seconds) task.print("%6.2f s  %s", seconds, phase); end;
		on_unchanged = function () after(); end;
		on_done = function (staged, seconds)
			local facts = staged:facts();
			task.print("%6.2f s  ready", seconds);
			if facts.gate then task.print("the gate compared %.0f decisions, %.0f differ", facts.gate.compared, facts.gate.differences); end
			after(staged, generation.entry(recipe, facts, how));
		end;
		on_error = function (sentence, phase)
			if phase == "cancelled" then return task.fail(slot, "preparing", sentence); end
			task.fail(slot, phase or "preparing", reasons.of_step({ path = recipe.path; name = recipe.name }, sentence));
		end;
	});
end

return { obstacle = obstacle; recipe_of = recipe_of; prepare = prepare };

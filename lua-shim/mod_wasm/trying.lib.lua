-- The verbs that try a generation beside the one in force: shadow, canary, promote.

local candidates = module:require "candidates";
local generation = module:require "generation";
local preparing = module:require "preparing";
local swapping = module:require "swapping";

local short = generation.short;

local function status_of(loader, name)
	for _, row in ipairs(loader.chain:status()) do
		if row.name == name then return row; end
	end
	return {};
end

local function promote_candidate(task, slot)
	local entry = slot.candidate.entry;
	local recipe = generation.of_entry(slot.record.name, entry, task.loader.options.kept_path);
	task.print("generation %s is prepared anew, so that it begins with a clean instance", short(entry.identity));
	swapping.swap_one(task, slot, recipe, "promote");
end

local function promote(task, slot)
	local problem = preparing.obstacle(task.loader, slot, true);
	if problem then return task.refuse(problem); end
	if not slot.candidate then return task.refuse(slot.record.name.." has no candidate; start one with: wasm shadow, or wasm canary"); end
	promote_candidate(task, slot);
end

-- Why it is not promoted; nil when it may be.
local function doubt(found, allowed)
	if not found or not found.identity then return "it is no longer there"; end
	if found.role ~= "shadow" then return nil; end -- a canary that failed is gone
	if (found.compared or 0) == 0 then return "nothing was compared"; end
	if found.differences > allowed then return ("%.0f of %.0f decisions differ, %d are allowed"):format(found.differences, found.compared, allowed); end
	return nil;
end

-- Nobody waits at the shell: what becomes of it is in the log.
local function logging_task(task, name)
	local function log(level, ...) module:log(level, "%s", ("The candidate of policy %s: "):format(name)..string.format(...)); end
	return {
		this = task.this; loader = task.loader; flags = { probation = task.flags.probation }; call = {};
		print = function (...) log("debug", ...); end;
		done = function (...) log("info", ...); end;
		refuse = function (sentence) log("error", "%s", sentence); end;
		fail = function (_, step, sentence) log("error", "%s failed: %s", step, sentence); end;
	};
end

local function try_to_promote(task, slot, candidate, allowed)
	local name = slot.record.name;
	-- Stopped, removed, ended or replaced meanwhile: then it is not ours to promote.
	if task.loader.slots[name] ~= slot or slot.candidate ~= candidate then return; end
	local reason = doubt(status_of(task.loader, name).candidate, allowed) or preparing.obstacle(task.loader, slot, true);
	if reason then
		module:log("warn", "The candidate %s of policy %s is not promoted: %s; it goes on as %s", short(candidate.entry.identity), name, reason, candidate.role);
		return;
	end
	module:log("info", "The candidate %s of policy %s is promoted, as was asked for", short(candidate.entry.identity), name);
	promote_candidate(logging_task(task, name), slot);
end

local function promote_later(task, slot)
	local candidate, seconds, allowed = slot.candidate, task.flags.promote_after, task.flags.allow_differences or 0;
	if not seconds then return ""; end
	module:add_timer(seconds, function ()
		local ok, err = pcall(try_to_promote, task, slot, candidate, allowed);
		if not ok then module:log("error", "A candidate could not be promoted: %s", tostring(err)); end
	end);
	local condition = candidate.role == "shadow" and (" if at most %d decisions differ"):format(allowed) or " if it is still there";
	return ("; promoted after %d s%s"):format(seconds, condition);
end

local function started(task, slot, entry, how)
	local name = slot.record.name;
	local what = how.role == "shadow" and "is watched beside it, nothing changes for users"
		or ("decides for %g %% of the users"):format(how.share * 100);
	task.done("%s: generation %s %s%s; compare with: wasm diff %s %s", name, short(entry.identity), what, promote_later(task, slot), module.host, name);
end

local function try(task, slot, how)
	local problem = preparing.obstacle(task.loader, slot, how.role ~= "shadow");
	if problem then return task.refuse(problem); end
	if how.role == "canary" and not slot.entry then return task.refuse(slot.record.name.." has nothing in force that a canary could stand beside"); end
	preparing.prepare(task, slot, preparing.recipe_of(task, slot), how.role, function (staged, entry)
		if not staged then return task.done("%s runs generation %s already: there is nothing to try", slot.record.name, short(slot.entry.identity)); end
		task.print("handing over");
		local ok, err = candidates.try(task.loader, slot, staged, entry, how);
		if not ok then return task.fail(slot, how.role, err); end
		started(task, slot, entry, how);
	end);
end

local function shadow(task, slot)
	local flags = task.flags;
	try(task, slot, { role = "shadow"; budget = flags.time or 0.05; samples = flags.samples; fresh = flags.fresh });
end

local function canary(task, slot)
	try(task, slot, { role = "canary"; share = task.flags.share or 0.05; fresh = task.flags.fresh });
end

return { shadow = shadow; canary = canary; promote = promote };

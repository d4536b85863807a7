-- Counters for mod_http_openmetrics and other statistics providers. The chain counts; its totals are
-- copied when statistics are collected, so a stanza costs nothing here.

local verdict_names = { "pass", "edit", "drop", "bounce", "failure" };

-- `before`: totals that were counted before the module was loaded again, by policy and hook
local function counted_before(before)
	local counted = {};
	for name, by_hook in pairs(before) do
		for hook, counters in pairs(by_hook) do
			local key = name.." "..hook.." ";
			for verdict, count in pairs(counters.verdicts) do counted[key..verdict] = count; end
			counted[key.."seconds"] = counters.microseconds / 1e6;
			counted[key.."over_budget"] = counters.over_budget;
		end
	end
	return counted;
end

local function start(list, before)
	local verdicts = module:metric("counter", "verdicts", "", "Verdicts of policies", { "policy", "hook", "verdict" });
	local seconds = module:metric("counter", "decisions", "seconds", "Time spent in policies", { "policy", "hook" });
	local unasked = module:metric("counter", "over_budget", "", "Stanzas about which a policy was not asked, its time being used up",
		{ "policy", "hook" });
	local budgets = module:metric("gauge", "budget", "seconds", "Processor time of each second that a policy may use", { "policy" });
	local states = module:metric("gauge", "state", "", "1 for the state each policy is in", { "policy", "state" });
	local refusals = module:metric("gauge", "refused", "",
		"1 while a policy goes on because its successor was refused or went back", { "policy" });
	local base, last_state = counted_before(before or {}), {};
	local counted = counted_before(before or {});

	-- What a generation counted starts at zero again with the next one; counters must only grow.
	local function grow(metric, key, total)
		local last = counted[key] or 0;
		metric:add(total < last and total - (base[key] or 0) or total - last);
		counted[key] = total;
	end

	local function update_state(name, state)
		local previous = last_state[name];
		if previous and previous ~= state then states:with_labels(name, previous):set(0); end
		if state then states:with_labels(name, state):set(1); end
		last_state[name] = state;
	end

	local function update_totals(name, hook, counters)
		local key = name.." "..hook.." ";
		for _, verdict in ipairs(verdict_names) do
			grow(verdicts:with_labels(name, hook, verdict), key..verdict, counters.verdicts[verdict] or 0);
		end
		grow(seconds:with_labels(name, hook), key.."seconds", counters.microseconds / 1e6);
		grow(unasked:with_labels(name, hook), key.."over_budget", counters.over_budget or 0);
	end

	local function update()
		local present = {};
		for _, row in ipairs((list())) do
			for hook, counters in pairs(row.by_hook) do update_totals(row.name, hook, counters); end
			update_state(row.name, row.state);
			if row.limits then budgets:with_labels(row.name):set((row.limits.budget or 0) / 1000); end
			refusals:with_labels(row.name):set(row.state == "running" and row.reason and 1 or 0);
			present[row.name] = true;
		end
		for name in pairs(last_state) do
			if not present[name] then
				update_state(name, nil);
				refusals:with_labels(name):set(0);
			end
		end
	end

	module:hook_global("stats-update", function ()
		local ok, err = pcall(update);
		if not ok then module:log("error", "Counting verdicts failed: %s", err); end
	end);
end

return { start = start };

-- The policies of this host as rows: what the chain knows, and what only the shim knows.

-- counters: { microseconds, over_budget, verdicts = { [verdict] = count } }
local function add_counters(sum, counters)
	if type(counters) ~= "table" then return sum; end
	sum.microseconds = sum.microseconds + (tonumber(counters.microseconds) or 0);
	sum.over_budget = sum.over_budget + (tonumber(counters.over_budget) or 0);
	for verdict, count in pairs(type(counters.verdicts) == "table" and counters.verdicts or {}) do
		sum.verdicts[verdict], sum.calls = (sum.verdicts[verdict] or 0) + count, sum.calls + count;
	end
	return sum;
end

local function none() return { calls = 0; microseconds = 0; over_budget = 0; verdicts = {} }; end

-- By hook, with what was counted before the module was loaded again (see `save`), and all hooks together.
local function with_counters(row, before)
	local by_hook, sum = {}, none();
	for _, counted in ipairs({ row.by_hook or {}, type(before) == "table" and before or {} }) do
		for hook, counters in pairs(counted) do
			by_hook[hook] = add_counters(by_hook[hook] or none(), counters);
			add_counters(sum, counters);
		end
	end
	row.by_hook, row.calls, row.microseconds, row.over_budget, row.verdicts = by_hook, sum.calls, sum.microseconds, sum.over_budget, sum.verdicts;
	return row;
end

local function add_slot(row, slot, phase)
	row.record = slot.record;
	row.entry, row.candidate_entry = slot.entry, slot.candidate and slot.candidate.entry;
	row.staged = slot.staged and slot.staged.entry.identity;
	row.phase = phase;
	row.mode = slot.record.mode; -- the chain knows no shadow without anything in force
	if slot.state == "shadow" then row.state = "shadow"; end
	if slot.is_unloaded then row.state = "unloaded"; end
end

-- this: see policies.lib.lua. -> rows by name, what is wrong with the host as a whole
local function list(this)
	local known, rows, problem = {}, {}, this.problem;
	for _, status in ipairs(this.chain and this.chain:status() or {}) do known[status.name] = status; end
	for name, record in pairs(this.options and this.options.records or {}) do
		local slot = this.loader and this.loader.slots[name];
		local row = { record = record; host = this.host };
		for key, value in pairs(known[name] or {}) do row[key] = value; end
		row.name, row.mode, row.on_error = name, row.mode or record.mode, row.on_error or record.on_error;
		if slot then add_slot(row, slot, this.loader.stager:phase_of(name)); end
		row.state = row.state or slot and slot.state or "failed";
		row.reason = problem or row.reason or slot and (slot.reason or slot.remark);
		if problem then row.state = (record.mode == "off" or this.safe_mode == "off") and "off" or "failed"; end
		rows[#rows + 1] = with_counters(row, this.totals[name]);
	end
	table.sort(rows, function (a, b) return a.name < b.name; end);
	return rows, problem;
end

-- Plain numbers, for the module that comes after this one.
local function totals(this)
	local all = {};
	for _, row in ipairs((list(this))) do all[row.name] = row.by_hook; end
	return all;
end

return { list = list; totals = totals };

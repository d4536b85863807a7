-- The verbs that tell: diff, history, record.

local comparison = module:require "comparison";
local generation = module:require "generation";

local default_count = 1000;
local record_usage = "Where to? Give a file: wasm record HOST POLICY FILE, or --stop";

local function diff(task, slot)
	local name = slot.record.name;
	local found, err = task.loader.chain:differences(name);
	if not found then
		if slot.candidate then return task.refuse(("%s: %s"):format(name, tostring(err))); end
		return task.done("%s has no candidate, so there is nothing to compare; start one with: wasm shadow %s %s", name, module.host, name);
	end
	for _, line in ipairs(comparison.lines(found)) do task.print("%s", line); end
	task.done("%s", comparison.conclusion(name, found));
end

local function history_line(entry, is_current)
	return ("%s %s  %s  %-13s  component %s  %s"):format(is_current and "*" or " ", generation.short(entry.identity),
		os.date("!%Y-%m-%d %H:%M:%SZ", math.floor(tonumber(entry.at) or 0)), entry.how or "-", entry.sha256:sub(1, 12), entry.file);
end

local function history(task, slot)
	local last;
	for index, entry in ipairs(slot.row.entries) do
		if slot.entry and entry.identity == slot.entry.identity then last = index; end
	end
	for index, entry in ipairs(slot.row.entries) do task.print("%s", history_line(entry, index == last)); end
	local count = #slot.row.entries;
	task.done("%s on %s: %d %s, newest last%s", slot.record.name, module.host, count, count == 1 and "entry" or "entries",
		last and "; * is in force" or "; nothing is in force");
end

local function stop_recording(task, slot)
	local count, err = task.loader.chain:stop_recording(slot.record.name);
	if not count then return task.refuse(("%s: %s"):format(slot.record.name, tostring(err))); end
	task.done("%s: the recording has ended with %.0f stanzas", slot.record.name, count);
end

local function record(task, slot)
	local flags, name = task.flags, slot.record.name;
	if flags.stop then return stop_recording(task, slot); end
	if not task.call.file then return task.refuse(record_usage); end
	-- What makes a policy fail may come from anybody: of that nobody's words are kept.
	local failures_only = flags.failures == true;
	local redact = flags.redact == true or failures_only;
	local options = { path = task.call.file; count = flags.count or default_count; redact = redact; failures_only = failures_only };
	local ok, err = task.loader.chain:record(name, options);
	if not ok then return task.refuse(("%s cannot be recorded: %s"):format(name, tostring(err))); end
	module:log("warn", "The policy %s is recorded (%d stanzas at most%s)", name, options.count, options.redact and ", redacted" or ", with their text");
	task.done("%s: the next %d stanzas%s are recorded to %s%s; end it with: wasm record %s %s --stop", name, options.count,
		failures_only and " that it fails on" or "", options.path,
		options.redact and ", redacted" or " WITH THEIR TEXT (--redact leaves it out)", module.host, name);
end

return { diff = diff; history = history; record = record };

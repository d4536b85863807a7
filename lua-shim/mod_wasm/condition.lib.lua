-- The condition of a host as a whole. `this`: see policies.lib.lua.

local sorted_pairs = require "util.iterators".sorted_pairs;

-- Would anything be denied if no policy could be asked?
local function denies_on_failure(this)
	if this.safe_mode == "off" then return false; end
	local options = this.options;
	if options.unusable then return true; end
	for _, record in pairs(options.records) do
		if record.mode == "enforce" and (record.on_error ~= "pass" or this.safe_mode) then return true; end
	end
	return false;
end

-- -> level, text for Prosody's list of modules
local function summary(this)
	local by_state, status = {}, "info";
	for name in sorted_pairs(this.options.records) do
		local slot = this.loader and this.loader.slots[name];
		local slot_state = slot and slot.state or "failed";
		by_state[slot_state] = by_state[slot_state] or {};
		table.insert(by_state[slot_state], slot and slot.entry and (slot.reason or slot.remark) and ("%s (%s)"):format(name, slot.reason or slot.remark) or name);
		if slot_state == "failed" or slot.reason then status = "error"; end
		if status == "info" and slot.remark then status = "warn"; end
	end
	local parts = {};
	for slot_state, names in sorted_pairs(by_state) do parts[#parts + 1] = slot_state..": "..table.concat(names, ", "); end
	return status, table.concat(parts, "; ");
end

return { denies_on_failure = denies_on_failure; summary = summary };

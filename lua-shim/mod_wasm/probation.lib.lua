-- Who is on trial when it comes into force: a new file under the same rule. A new rule is not, whether it is configured or
-- said at the shell: whoever can make a policy slow or fail could undo by that what the operator has written, and open what he
-- had closed. At the shell there is one for whoever asks for it.

local generation = module:require "generation";

local function is_only_a_new_file(next, live)
	return next.sha256 ~= live.sha256 and generation.is_same_rule(next, live);
end

-- next: the entry of what comes into force; seconds: as was asked for, or nil
-- -> { seconds, failures, microseconds } | nil
local function of(slot, next, seconds)
	local configured = slot.record.probation;
	if not seconds and slot.entry and not is_only_a_new_file(next, slot.entry) then return nil; end
	seconds = seconds or configured.seconds;
	return seconds > 0 and { seconds = seconds; failures = configured.failures; microseconds = configured.microseconds } or nil;
end

-- Of several that come into force together: with one among them that has none, none has.
local function of_all(changes, seconds)
	local first;
	for _, change in ipairs(changes) do
		local each = of(change.slot, change.entry, seconds);
		if not each then return nil; end
		first = first or each;
	end
	return first;
end

local function said(probation)
	if not probation then return "there is no probation"; end
	return ("for %d s it goes back by itself after %d failures or a mean of more than %d us")
		:format(probation.seconds, probation.failures, probation.microseconds);
end

return { of_all = of_all; said = said };

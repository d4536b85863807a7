-- What a candidate decided differently, as lines of text.

local generation = module:require "generation";

local function percentage(part, whole)
	if (whole or 0) == 0 then return "-"; end
	-- Never 100 when one differs.
	return ("%.2f %%"):format(math.floor(10000 * part / whole) / 100);
end

local function microseconds(value)
	return type(value) == "number" and ("%.1f us"):format(value) or "-";
end

local function whole(number) return math.floor(tonumber(number) or 0); end

local function reason_lines(add, difference)
	for _, reason in ipairs(difference.reasons or {}) do
		add("      %6d  %s -> %s", whole(reason.count), reason.old or "-", reason.new or "-");
	end
end

local function sample_lines(add, samples)
	if #samples == 0 then return; end
	add("Samples");
	for _, sample in ipairs(samples) do
		add("  %s %s, %s to %s: %s (%s) -> %s (%s)", sample.kind or "-", sample.direction or "-", sample.source or "-", sample.destination or "-",
			sample.old or "-", sample.old_reason or "-", sample.new or "-", sample.new_reason or "-");
		if sample.xml then add("      %s", sample.xml); end
	end
end

-- found: what chain:differences answers
local function lines(found)
	local all = {};
	local function add(format, ...) all[#all + 1] = format:format(...); end
	local share = found.role == "canary" and found.share and (", %g %% of the users"):format(found.share * 100) or "";
	add("Candidate      %s as %s%s, for %d s", generation.short(found.identity), found.role, share, whole(found.seconds));
	add("Compared       %d decisions", whole(found.compared));
	add("Concerned      %d users by the differences", whole(found.users));
	add("Agreement      %s", percentage(found.agreed or 0, found.compared));
	add("Cost           %s in force, %s the candidate", microseconds(found.live_microseconds), microseconds(found.candidate_microseconds));
	if whole(found.reasons_differ or 0) > 0 then add("Reasons        %d other ones for the same decision", whole(found.reasons_differ)); end
	add("Shed           %d (not asked, because it used up its budget)", whole(found.shed));
	add("Failures       %d", whole(found.failures));
	for _, difference in ipairs(found.differences or {}) do
		add("  %6d  %s: %s -> %s", whole(difference.count), difference.kind or "-", difference.old or "-", difference.new or "-");
		reason_lines(add, difference);
	end
	sample_lines(add, found.samples or {});
	return all;
end

local function conclusion(name, found)
	if (found.compared or 0) == 0 then return name..": nothing has been compared yet"; end
	return ("%s: %d of %d decisions differ"):format(name, whole(found.compared - (found.agreed or 0)), whole(found.compared));
end

return { lines = lines; conclusion = conclusion };

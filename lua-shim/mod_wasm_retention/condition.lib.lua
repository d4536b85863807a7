-- The condition of the module in one line, for Prosody's list of modules.

local sorted_pairs = require "util.iterators".sorted_pairs;

local function plural(count, word) return ("%d %s%s"):format(count, word, count == 1 and "" or "s"); end

local function about_lines(this, sinks)
	if this.failure then return "lines of "..plural(sinks, "sink").." are withheld: "..this.failure; end
	return ("scrubbing %s, %s"):format(plural(sinks, "sink"), this.options.redact and "all levels" or "info and above");
end

local function about_records(this)
	local modules = {};
	for name in sorted_pairs(this.kept) do modules[#modules + 1] = name; end
	if #modules == 0 then return "no module keeps records that were not asked for"; end
	return ("%s records that were not asked for: %s"):format(#modules == 1 and "1 module keeps" or #modules.." modules keep", table.concat(modules, ", "));
end

-- -> level, text, true (over whatever was shown before)
local function summary(this, sinks)
	local parts = { about_lines(this, sinks), about_records(this) };
	table.move(this.options.problems, 1, #this.options.problems, #parts + 1, parts);
	local level = this.failure and "error" or (next(this.kept) or this.options.problems[1]) and "warn" or "info";
	return level, table.concat(parts, "; "), true;
end

return { summary = summary };

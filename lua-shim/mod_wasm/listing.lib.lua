-- Policies as lines of text, for the shell.

local json = require "util.json";
local failures = module:require "failures";
local sorted_pairs = require "util.iterators".sorted_pairs;
local escape = module:require "text".escape;

local function microseconds_per_call(row)
	local calls = row.calls or 0;
	return calls > 0 and ("%.1f"):format((row.microseconds or 0) / calls) or "-";
end

local function verdicts(row)
	local counts = row.verdicts or {};
	return ("%d/%d/%d/%d/%d"):format(counts.pass or 0, counts.edit or 0, counts.drop or 0, counts.bounce or 0, counts.failure or 0);
end

local function joined(list) return list and #list > 0 and table.concat(list, ", ") or "-"; end

local short = module:require "generation".short;

local function candidate(row)
	local found = row.candidate;
	if type(found) ~= "table" then return "-"; end
	local share = found.role == "canary" and found.share and (" %g %%"):format(found.share * 100) or "";
	local compared = found.compared or 0;
	local agreement = compared > 0 and ("%.2f %% agree"):format(math.floor(10000 * (compared - (found.differences or 0)) / compared) / 100)
		or "nothing compared";
	return ("%s %s%s, %s"):format(short(found.identity), found.role, share, agreement);
end

local function probation(row)
	local found = row.probation;
	return type(found) == "table" and ("%.0f s left, %.0f failures so far"):format(found.seconds or 0, found.failures or 0) or "-";
end

-- What is going on beside judging, for the table; `info` has a line for each.
local function remarks(row)
	local parts = {};
	local function add(text) if text then parts[#parts + 1] = text; end end
	add(row.phase and "preparing: "..row.phase);
	add(row.staged and "staged: "..short(row.staged));
	add(row.candidate and candidate(row));
	add(row.probation and "probation: "..probation(row));
	add(row.recording and "recording");
	add((row.over_budget or 0) > 0 and ("over its budget %.0f times"):format(row.over_budget));
	add(row.reason or row.last_failure);
	return table.concat(parts, "; ");
end

local columns = {
	{ "Host", function (row) return row.host; end },
	{ "Policy", function (row) return row.name; end },
	{ "State", function (row) return row.state; end },
	{ "Mode", function (row) return row.mode; end },
	{ "On error", function (row) return row.on_error; end },
	{ "Hooks", function (row) return joined(row.hooks); end },
	{ "Calls", function (row) return tostring(row.calls or 0); end, is_number = true },
	{ "Pass/edit/drop/bounce/failure", verdicts, is_number = true },
	{ "us/call", microseconds_per_call, is_number = true },
	{ "Generation", function (row) return short(row.identity or row.entry and row.entry.identity); end },
	{ "From", function (row) return row.entry and row.entry.how or "-"; end },
	{ "Reason", remarks },
};

local function table_lines(rows)
	local cells, widths = { {} }, {};
	for index, column in ipairs(columns) do
		cells[1][index], widths[index] = column[1], #column[1];
		for number, row in ipairs(rows) do
			local text = escape(column[2](row));
			cells[number + 1] = cells[number + 1] or {};
			cells[number + 1][index] = text;
			widths[index] = math.max(widths[index], #text);
		end
	end
	local lines = {};
	for number, row in ipairs(cells) do
		local padded = {};
		for index, text in ipairs(row) do
			local space = (" "):rep(widths[index] - #text);
			padded[index] = columns[index].is_number and space..text or text..space;
		end
		lines[number] = (table.concat(padded, "  "):gsub(" +$", ""));
	end
	return lines;
end

local function recording(row)
	local found = row.recording;
	return type(found) == "table" and ("%.0f stanzas, %.0f to go"):format(found.stanzas or 0, found.left or 0) or "-";
end

local function setting_names(record)
	local names = {};
	for name in sorted_pairs(json.decode(record.settings) or {}) do
		if name ~= "files" then names[#names + 1] = name; end
	end
	return joined(names);
end

local function file_names(record)
	local names = {};
	for _, file in ipairs((json.decode(record.settings) or {}).files or {}) do names[#names + 1] = tostring(file.name); end
	return joined(names);
end

-- line: function (name, value)
local function failure_lines(line, row, record)
	local failure = row.failure;
	line("Last failure", failure and failures.sentence(failure) or row.last_failure);
	if not failure then return; end
	line("Failures", failures.times(failure));
	line("What to do", failure.hint);
	for _, logged in ipairs(failure.lines or {}) do line("It had logged", logged.text); end
	local file = row.entry and row.entry.file or record.path;
	line("Its line", failures.explanation(file, failure));
	line("To do it again", failures.reproduction(row.host, row.name, file));
end

-- Values of settings are not shown: they may name people.
-- mapped: how many builds of the library this server has opened
local function info_lines(row, mapped)
	local record, limits = row.record, row.limits;
	local lines = {};
	local function line(name, value)
		lines[#lines + 1] = ("%-14s %s"):format(name, value == nil and "-" or escape(value));
	end
	line("Policy", row.name);
	line("Host", row.host);
	line("State", row.state);
	line("Reason", row.reason);
	failure_lines(line, row, record);
	line("Over budget", (row.over_budget or 0) > 0 and ("%.0f times not asked, its time being used up"):format(row.over_budget) or nil);
	line("Mode", row.mode);
	line("On error", row.on_error);
	line("Generation", row.identity or row.entry and row.entry.identity);
	line("In force", row.entry and ("since %s by %s"):format(os.date("!%Y-%m-%d %H:%M:%SZ", math.floor(tonumber(row.since or row.entry.at) or 0)), row.entry.how));
	line("Previous", row.previous and short(row.previous).." (warm)");
	line("Preparing", row.phase);
	line("Staged", row.staged);
	line("Candidate", candidate(row));
	line("Probation", probation(row));
	line("Recording", recording(row));
	line("Loaded from", row.entry and row.entry.file);
	line("File", record.path..(record.is_bundled and " (bundled)" or ""));
	line("SHA-256", row.sha256);
	line("Hooks", joined(row.hooks));
	line("Keeps for", row.retention and ("%d hours"):format(row.retention));
	line("Imports", joined(row.imports));
	local grants = row.entry and row.entry.grants or record.grants;
	line("Granted", grants and joined(grants) or "what it imports");
	line("Limits", limits and ("%d ms, %d KiB, %d ms of each second"):format(limits.milliseconds, limits.memory // 1024, limits.budget));
	line("Settings", setting_names(row.entry or record));
	line("Files", file_names(row.entry or record));
	line("Calls", row.calls or 0);
	line("Verdicts", verdicts(row).." (pass/edit/drop/bounce/failure)");
	line("us/call", microseconds_per_call(row));
	line("Engine", row.engine);
	line("Libraries", mapped and ("%d mapped%s"):format(mapped, mapped > 1 and "; a restart gives the memory of the old ones back" or ""));
	lines[#lines + 1] = "This policy";
	for _, sentence in ipairs(row.permissions or {}) do lines[#lines + 1] = "  - "..escape(sentence); end
	if #(row.permissions or {}) == 0 then lines[#lines + 1] = "  - (not known until it is loaded)"; end
	return lines;
end

return { table_lines = table_lines; info_lines = info_lines };

-- Policies as lines of text, for the shell.

local json = require "util.json";
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
	{ "SHA-256", function (row) return row.sha256 and row.sha256:sub(1, 12) or "-"; end },
	{ "Reason", function (row) return row.reason or row.last_failure or ""; end },
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

local function setting_names(record)
	local names = {};
	for name in sorted_pairs(json.decode(record.settings) or {}) do names[#names + 1] = name; end
	return joined(names);
end

-- Values of settings are not shown: they may name people.
local function info_lines(row)
	local record, limits = row.record, row.limits;
	local lines = {};
	local function line(name, value)
		lines[#lines + 1] = ("%-14s %s"):format(name, value == nil and "-" or escape(value));
	end
	line("Policy", row.name);
	line("Host", row.host);
	line("State", row.state);
	line("Reason", row.reason);
	line("Last failure", row.last_failure);
	line("Mode", row.mode);
	line("On error", row.on_error);
	line("File", record.path..(record.is_bundled and " (bundled)" or ""));
	line("SHA-256", row.sha256);
	line("Hooks", joined(row.hooks));
	line("Imports", joined(row.imports));
	line("Granted", record.grants and joined(record.grants) or "what it imports");
	line("Limits", limits and ("%d ms, %d KiB"):format(limits.milliseconds, limits.memory // 1024));
	line("Settings", setting_names(record));
	line("Calls", row.calls or 0);
	line("Verdicts", verdicts(row).." (pass/edit/drop/bounce/failure)");
	line("us/call", microseconds_per_call(row));
	lines[#lines + 1] = "This policy";
	for _, sentence in ipairs(row.permissions or {}) do lines[#lines + 1] = "  - "..escape(sentence); end
	if #(row.permissions or {}) == 0 then lines[#lines + 1] = "  - (not known until it is loaded)"; end
	return lines;
end

return { table_lines = table_lines; info_lines = info_lines };

-- One entry of wasm_policies, parsed into a record; every mistake is found and named.

local sha256 = require "util.hashes".sha256;
local sorted_pairs = require "util.iterators".sorted_pairs;
local files = module:require "files";
local values = module:require "values";

local policy_options = { "files", "follow", "grants", "limits", "mode", "on_error", "path", "probation", "settings", "sha256" };
local default_probation = { seconds = 60; failures = 3; microseconds = 1000 };

-- Equal text for equal records, so that a reload touches only what was changed. How a policy is followed or tried
-- shapes no generation. A hash, because the history keeps it and settings may name people.
local function signature(record)
	local limits = record.limits or {};
	return sha256(table.concat({
		record.path, record.sha256 or "-", record.settings, record.on_error, record.mode,
		record.grants and table.concat(record.grants, ",") or "-",
		tostring(limits.milliseconds), tostring(limits.memory), tostring(limits.budget), record.problem or "",
	}, "\0"), true);
end

local function with_defaults(probation)
	local all = {};
	for name, default in pairs(default_probation) do all[name] = probation and probation[name] or default; end
	return all;
end

-- -> { name, path, is_bundled, sha256, settings = JSON text, files, grants, on_error, mode, limits, follow, probation,
--      problem = sentences|nil, signature, again = function () -> the same entry with its files as they are now }
local parse_policy; -- forward declaration: a record can be made again

function parse_policy(name, value, policy_path)
	local where, problems = "wasm_policies."..name, {};
	local record = {
		name = name; is_bundled = true; path = policy_path.."/"..name..".wasm";
		settings = "{}"; on_error = "deny"; mode = "enforce";
		again = function () return parse_policy(name, value, policy_path); end;
	};
	if type(value) ~= "table" then
		problems[1] = ("%s must be a table, like %s = { settings = {} }"):format(where, name);
		value = {};
	end
	for option, option_value in sorted_pairs(value, function (a, b) return tostring(a) < tostring(b); end) do
		local parsed, err;
		if values.parse[option] then
			parsed, err = values.parse[option](option_value, where.."."..option);
			record[option] = parsed;
		else
			err = where..": "..values.unknown("option", option, policy_options);
			if not err:find("did you mean", 1, true) then err = err.."; what the policy itself reads belongs into settings = {}"; end
		end
		problems[#problems + 1] = err;
	end
	if record.files and #record.files > 0 and #problems == 0 then
		local _, err = files.include(record, record.files, policy_path.."/rules");
		problems[1] = err;
	end
	record.is_bundled = value.path == nil;
	record.path = record.path or "-";
	record.probation = with_defaults(record.probation);
	if #problems > 0 then
		-- Never open by mistake, whatever the rest of the entry says.
		record.on_error, record.mode, record.settings = "deny", "enforce", record.settings or "{}";
		record.problem = table.concat(problems, "; ");
	end
	record.signature = signature(record);
	return record;
end

return { parse = parse_policy; signature = signature };

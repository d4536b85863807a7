-- One entry of wasm_policies, parsed into a record; every mistake is found and named.

local resolve_relative_path = require "util.paths".resolve_relative_path;
local sorted_pairs = require "util.iterators".sorted_pairs;
local settings = module:require "settings";
local did_you_mean = module:require "suggestion".did_you_mean;
local text = module:require "text";

local policy_options = { "grants", "limits", "mode", "on_error", "path", "settings", "sha256" };
local grant_names = { "clock", "content", "edits", "envelope", "log", "outbox", "roster", "store" };
local on_error_values = { "deny", "pass" };
local mode_values = { "enforce", "off" };
local limit_bounds = {
	milliseconds = { 1, 1000, "milliseconds, 1 to 1000" };
	memory = { 64 * 1024, 64 * 1024 * 1024, "bytes, 64 KiB to 64 MiB" };
};
local limit_names = { "memory", "milliseconds" };

local function contains(list, wanted)
	for _, value in ipairs(list) do
		if value == wanted then return true; end
	end
	return false;
end

local function unknown(what, word, candidates)
	return ("unknown %s \"%s\"%s"):format(what, text.shown(word), did_you_mean(tostring(word), candidates));
end

-- One function per option: value, path of the option -> parsed value | nil, sentence
local parse = {};

function parse.path(value, where)
	if type(value) ~= "string" or value == "" then
		return nil, where.." must be the path of a .wasm file";
	end
	local problem = text.path_problem(value);
	if problem then return nil, where.." "..problem; end
	return resolve_relative_path(prosody.paths.config or ".", value);
end

function parse.sha256(value, where)
	local is_hash = type(value) == "string" and #value == 64 and not value:find("%X");
	if not is_hash then
		return nil, where.." must be 64 hexadecimal digits, as printed by sha256sum";
	end
	return value:lower();
end

parse.settings = settings.encode;

function parse.grants(value, where)
	if type(value) ~= "table" then
		return nil, where.." must be a list, like { \"content\", \"log\" }";
	end
	local grants = {};
	for key, name in pairs(value) do
		if math.type(key) ~= "integer" then
			return nil, where.." must be a list, like { \"content\", \"log\" }";
		elseif not contains(grant_names, name) then
			return nil, where..": "..unknown("permission", name, grant_names);
		end
		grants[#grants + 1] = name;
	end
	table.sort(grants);
	return grants;
end

local function one_of(values)
	return function (value, where)
		if contains(values, value) then return value; end
		return nil, where..": "..unknown("value", value, values);
	end
end

parse.on_error = one_of(on_error_values);
parse.mode = one_of(mode_values);

function parse.limits(value, where)
	if type(value) ~= "table" then
		return nil, where.." must be a table, like { milliseconds = 5 }";
	end
	local limits = {};
	for name, number in pairs(value) do
		local bounds = limit_bounds[name];
		if not bounds then
			return nil, where..": "..unknown("limit", name, limit_names);
		end
		local whole = math.tointeger(number);
		if not whole or whole < bounds[1] or whole > bounds[2] then
			return nil, ("%s.%s must be a whole number of %s"):format(where, name, bounds[3]);
		end
		limits[name] = whole;
	end
	return limits;
end

-- Equal text for equal records, so that a reload touches only what was changed.
local function signature(record)
	local limits = record.limits or {};
	return table.concat({
		record.path, record.sha256 or "-", record.settings, record.on_error, record.mode,
		record.grants and table.concat(record.grants, ",") or "-",
		tostring(limits.milliseconds), tostring(limits.memory), record.problem or "",
	}, "\0");
end

-- -> { name, path, is_bundled, sha256, settings = JSON text, grants, on_error, mode, limits, problem = sentences|nil, signature }
local function parse_policy(name, value, policy_path)
	local where, problems = "wasm_policies."..name, {};
	local record = {
		name = name; is_bundled = true; path = policy_path.."/"..name..".wasm";
		settings = "{}"; on_error = "deny"; mode = "enforce";
	};
	if type(value) ~= "table" then
		problems[1] = ("%s must be a table, like %s = { settings = {} }"):format(where, name);
		value = {};
	end
	for option, option_value in sorted_pairs(value, function (a, b) return tostring(a) < tostring(b); end) do
		local parsed, err;
		if parse[option] then
			parsed, err = parse[option](option_value, where.."."..option);
			record[option] = parsed;
		else
			err = where..": "..unknown("option", option, policy_options);
		end
		problems[#problems + 1] = err;
	end
	record.is_bundled = value.path == nil;
	record.path = record.path or "-";
	if #problems > 0 then
		-- Never open by mistake, whatever the rest of the entry says.
		record.on_error, record.mode, record.settings = "deny", "enforce", record.settings or "{}";
		record.problem = table.concat(problems, "; ");
	end
	record.signature = signature(record);
	return record;
end

return { parse = parse_policy; signature = signature };

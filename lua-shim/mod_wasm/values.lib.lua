-- The options of one policy: each value is parsed, or its mistake named.

local resolve_relative_path = require "util.paths".resolve_relative_path;
local sorted_pairs = require "util.iterators".sorted_pairs;
local files = module:require "files";
local settings = module:require "settings";
local did_you_mean = module:require "suggestion".did_you_mean;
local text = module:require "text";

local grant_names = { "blocklist", "clock", "content", "edits", "envelope", "holding", "log", "operator", "outbox", "roles", "rooms",
	"roster", "routing", "standing", "store" };
local on_error_values = { "deny", "pass" };
local mode_values = { "enforce", "off", "shadow" };
local max_pause = 10; -- seconds
local limit_bounds = {
	milliseconds = { 1, 1000, "milliseconds, 1 to 1000" };
	memory = { 64 * 1024, 64 * 1024 * 1024, "bytes, 64 KiB to 64 MiB" };
	budget = { 1, 1000, "milliseconds of each second, 1 to 1000" };
};
local probation_bounds = {
	seconds = { 0, 86400, "seconds, 0 (none) to 86400" };
	failures = { 1, 10000, "failures, 1 to 10000" };
	microseconds = { 1, 1000000, "microseconds for the mean decision, 1 to 1000000" };
};

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
parse.files = files.parse;

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

function parse.follow(value, where)
	if type(value) == "boolean" then return value; end
	return nil, where.." must be true or false";
end

-- A table of whole numbers, each within its bounds.
local function numbers(what, bounds, example)
	local names = {};
	for name in sorted_pairs(bounds) do names[#names + 1] = name; end
	return function (value, where)
		if type(value) ~= "table" then return nil, where.." must be a table, like "..example; end
		local parsed = {};
		for name, number in pairs(value) do
			if not bounds[name] then return nil, where..": "..unknown(what, name, names); end
			local whole = type(number) == "number" and math.tointeger(number); -- which takes texts, too
			if not whole or whole < bounds[name][1] or whole > bounds[name][2] then
				return nil, ("%s.%s must be a whole number of %s"):format(where, name, bounds[name][3]);
			end
			parsed[name] = whole;
		end
		return parsed;
	end
end

local parse_limits = numbers("limit", limit_bounds, "{ milliseconds = 5 }");

-- What one decision may take, the budget brings back in a time in which the policy is not asked. nil, or a sentence.
local function limits_problem(limits, where)
	local milliseconds, budget = limits.milliseconds, limits.budget;
	if not milliseconds or not budget or milliseconds <= max_pause * budget then return nil; end
	return ("%s.budget must be at least %d where milliseconds is %d: after one decision that takes so long the policy is not asked for %d s")
		:format(where, math.ceil(milliseconds / max_pause), milliseconds, milliseconds // budget);
end

function parse.limits(value, where)
	local limits, err = parse_limits(value, where);
	if not limits then return nil, err; end
	local problem = limits_problem(limits, where);
	if problem then return nil, problem; end
	return limits;
end

parse.probation = numbers("threshold", probation_bounds, "{ seconds = 60 }");

return { parse = parse; unknown = unknown; limits_problem = limits_problem };

-- What is said at the shell besides host, policy and file: --flag=value in words, or a table as last argument.
-- One parser, because 13.0 hands words over and 0.12 a call.

local resolve_relative_path = require "util.paths".resolve_relative_path;
local settings = module:require "settings";
local did_you_mean = module:require "suggestion".did_you_mean;
local text = module:require "text";
local values = module:require "values";

local shaping = { "settings", "grant", "milliseconds", "memory", "budget", "on_error", "sha256" };

local function written(name) return "--"..name:gsub("_", "-"); end

local function whole(low, high)
	return function (value, name)
		local number = math.tointeger(tonumber(value));
		if number and number >= low and number <= high then return number; end
		return nil, ("%s must be a whole number, %d to %d"):format(written(name), low, high);
	end
end

-- 5 and "5%" are 0.05
local function percent(value, name)
	local number = tonumber((tostring(value):gsub("%%$", "")));
	if number and number > 0 and number <= 100 then return number / 100; end
	return nil, written(name).." must be a percentage, more than 0 and at most 100";
end

local function yes(value, name)
	if value == true or value == "true" then return true; end
	if value == false or value == "false" then return false; end
	return nil, written(name).." takes no value";
end

local function path(value, name)
	if type(value) ~= "string" or value == "" then return nil, written(name).." must be the path of a file"; end
	local problem = text.path_problem(value);
	if problem then return nil, written(name).." "..problem; end
	return resolve_relative_path(prosody.paths.config or ".", value);
end

-- The option of the same name in the configuration knows what it may be.
local function as_option(option)
	return function (value, name) return values.parse[option](value, written(name)); end
end

local function as_limit(value, name)
	local limits, err = values.parse.limits({ [name] = tonumber(value) or value }, "limits");
	if limits then return limits[name]; end
	return nil, (err:gsub("^limits%."..name, written(name)));
end

local parse = {
	on_error = as_option("on_error"); sha256 = as_option("sha256"); milliseconds = as_limit; memory = as_limit;
	budget = as_limit; fresh = yes; redact = yes; failures = yes; stop = yes; gate = path; time = percent; share = percent;
	probation = whole(0, 86400); promote_after = whole(1, 86400 * 30); allow_differences = whole(0, 1000000);
	samples = whole(0, 1000); count = whole(1, 10000000);
};

function parse.settings(value, name)
	if type(value) == "table" then return settings.encode(value, written(name)); end
	return settings.normalise(tostring(value), written(name));
end

function parse.grant(value, name)
	local list = value;
	if type(value) == "string" then
		list = {};
		for word in value:gmatch("[^,%s]+") do list[#list + 1] = word; end
	end
	return values.parse.grants(list, written(name));
end

local function add(flags, allowed, name, value)
	local key = tostring(name):gsub("-", "_");
	if key == "grants" then key = "grant"; end
	local is_allowed, names = false, {};
	for _, known in ipairs(allowed) do
		names[#names + 1] = written(known);
		is_allowed = is_allowed or known == key;
	end
	if not is_allowed then
		local unknown = text.shown(written(key));
		return ("unknown flag %s%s"):format(unknown, #names > 0 and did_you_mean(unknown, names) or "; there are none here");
	end
	local parsed, err = parse[key](value, key);
	if parsed == nil then return err; end
	flags[key] = parsed;
end

local function add_table(flags, allowed, given)
	for name, value in pairs(given) do
		local err = add(flags, allowed, name, value);
		if err then return err; end
	end
end

-- arguments: { n = number, .. }; allowed: names of flags. -> words, flags | nil, sentence
local function read(arguments, allowed)
	local words, flags = {}, {};
	for i = 1, arguments.n do
		local argument, err = arguments[i], nil;
		if type(argument) == "table" then
			err = add_table(flags, allowed, argument);
		elseif type(argument) == "string" and argument:sub(1, 2) == "--" then
			local name, value = argument:match("^%-%-([^=]+)=(.*)$");
			err = add(flags, allowed, name or argument:sub(3), value or true);
		elseif type(argument) == "string" then
			words[#words + 1] = argument;
		elseif argument ~= nil then
			err = ("a %s is neither a word nor a table of flags"):format(type(argument));
		end
		if err then return nil, err; end
	end
	return words, flags;
end

-- Does any of them make another generation?
local function is_shaping(flags)
	for _, name in ipairs(shaping) do
		if flags[name] ~= nil then return true; end
	end
	return false;
end

return { read = read; is_shaping = is_shaping; path = path; shaping = shaping };

-- The operator's settings of one policy, from Lua tables to JSON text.

local json = require "util.json";
local is_utf8 = require "util.encodings".utf8.valid;
local shown = module:require "text".shown;

local max_depth = 32;
-- util.json gives these two a meaning of their own.
local reserved = { __array = true; __hash = true };

local plain; -- forward declaration: tables contain tables

local function plain_number(value)
	if value ~= value or value == math.huge or value == -math.huge then
		return nil, "is not a finite number";
	end
	return math.tointeger(value) or value; -- 6/2 is 3, not 3.0
end

local function plain_table(value, path, ancestors, depth)
	if ancestors[value] then return nil, "contains itself", path; end
	if depth > max_depth then return nil, ("is nested deeper than %d levels"):format(max_depth), path; end
	ancestors[value] = true;
	local copy, length = {}, #value;
	for key, item in pairs(value) do
		local is_index = math.type(key) == "integer" and key >= 1 and key <= length;
		if length > 0 and not is_index then
			return nil, "mixes a list and named values", path;
		elseif not is_index and (type(key) ~= "string" or reserved[key] or not is_utf8(key)) then
			return nil, ("cannot have the key \"%s\""):format(shown(key)), path;
		end
		local err, err_path;
		local item_path = is_index and ("%s[%d]"):format(path, key) or path.."."..shown(key);
		copy[key], err, err_path = plain(item, item_path, ancestors, depth + 1);
		if err then return nil, err, err_path; end
	end
	ancestors[value] = nil;
	return copy;
end

function plain(value, path, ancestors, depth)
	local value_type = type(value);
	if value == json.null then return nil, "is null, which cannot be a setting", path; end
	if value_type == "table" then
		return plain_table(value, path, ancestors, depth);
	elseif value_type == "boolean" or (value_type == "string" and is_utf8(value)) then
		return value;
	elseif value_type == "string" then
		return nil, "is not valid UTF-8", path;
	elseif value_type == "number" then
		local number, err = plain_number(value);
		return number, err, path;
	end
	return nil, ("is a %s, which cannot be a setting"):format(value_type), path;
end

-- -> JSON text | nil, sentence. Sorted keys, so that equal settings are equal text.
local function encode(settings, path)
	if type(settings) ~= "table" then
		return nil, ("%s must be a table, like { mode = \"mixed\" }"):format(path);
	elseif #settings > 0 then
		return nil, ("%s must have named values, like { mode = \"mixed\" }, not a list"):format(path);
	end
	local copy, err, err_path = plain(settings, path, {}, 1);
	if not copy then return nil, ("%s %s"):format(err_path, err); end
	return json.encode_ordered(copy);
end

-- Settings as somebody at the shell writes them; the same settings are the same text.
local function normalise(text, path)
	local ok, settings = pcall(json.decode, text);
	if not ok or type(settings) ~= "table" or not text:find("^%s*{") then
		return nil, ("%s must be JSON, like {\"mode\":\"mixed\"}"):format(path);
	end
	return encode(settings, path);
end

return { encode = encode; normalise = normalise };

-- Text of unknown origin, made fit for a line of the log or of the shell: both refuse or garble odd bytes.

local is_utf8 = require "util.encodings".utf8.valid;

local max_characters = 80;
local max_path_bytes = 4096;
local high_bytes, high_controls = "[\128-\255]", "\194[\128-\159]";

local function escape_bytes(bytes)
	return (bytes:gsub(".", function (byte) return ("\\x%02x"):format(byte:byte()); end));
end

local function escape(value)
	local text = tostring(value);
	text = text:gsub(is_utf8(text) and high_controls or high_bytes, escape_bytes);
	return (text:gsub("%c", escape_bytes));
end

-- Escaped, and cut if it is long.
local function shown(value, max)
	local text = escape(value);
	local rest = utf8.offset(text, (max or max_characters) + 1);
	if not rest or rest > #text then return text; end
	return text:sub(1, rest - 1).."...";
end

-- -> the end of a sentence | nil. The library takes valid UTF-8 only, and no file system takes more bytes.
local function path_problem(path)
	if #path > max_path_bytes then
		return ("is longer than %d bytes"):format(max_path_bytes);
	elseif not is_utf8(path) then
		return "is not valid UTF-8";
	elseif path:find("%c") or path:find(high_controls) then
		return "contains control characters";
	end
	return nil;
end

return { escape = escape; shown = shown; path_problem = path_problem };

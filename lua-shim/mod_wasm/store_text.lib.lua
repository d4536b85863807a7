-- What policies keep is bytes; databases and files want text.

local base64 = require "util.encodings".base64;
local is_utf8 = require "util.encodings".utf8.valid;

local marker = "base64:";

local function encode(bytes)
	local is_text = bytes ~= "" and is_utf8(bytes) and not bytes:find("%c") and bytes:sub(1, #marker) ~= marker;
	return is_text and bytes or marker..base64.encode(bytes);
end

local function decode(text)
	if text:sub(1, #marker) ~= marker then return text; end
	return base64.decode(text:sub(#marker + 1));
end

return { encode = encode; decode = decode };

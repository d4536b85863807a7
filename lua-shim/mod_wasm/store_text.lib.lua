-- What policies keep is bytes; databases and files want text. Two keys must stay two wherever they are compared: Prosody makes
-- its tables in MySQL with a collation that ends in `_bin` and sets right those that have another, so upper and lower case,
-- accents and forms of Unicode differ there as everywhere; but MySQL takes no notice of spaces at the end.

local base64 = require "util.encodings".base64;
local is_utf8 = require "util.encodings".utf8.valid;

local marker = "base64:";

local function is_kept_as_it_is(bytes)
	return bytes ~= "" and is_utf8(bytes) and not bytes:find("%c") and bytes:sub(-1) ~= " " and bytes:sub(1, #marker) ~= marker;
end

local function encode(bytes)
	return is_kept_as_it_is(bytes) and bytes or marker..base64.encode(bytes);
end

local function decode(text)
	if text:sub(1, #marker) ~= marker then return text; end
	return base64.decode(text:sub(#marker + 1));
end

return { encode = encode; decode = decode };

-- The function of the native library that scrubs a line.

local library = module:require "mod_wasm/library";

-- -> function (line) | nil, sentence
local function open(path, loadlib)
	local native, err = library.open_any(path, loadlib);
	if not native then
		return nil, err;
	elseif type(native.scrub) ~= "function" then
		return nil, ("The library %s, version %s, cannot scrub lines; install mod_wasm and mod_wasm_retention from one release and restart the server")
			:format(path, native.version);
	end
	-- One call, before it is trusted with lines.
	local ok, line = pcall(native.scrub, "a@b 192.0.2.1");
	if not ok or line ~= "<jid> <ip>" then
		return nil, ("The library %s does not scrub lines: %s; install mod_wasm again"):format(path, tostring(line));
	end
	return native.scrub;
end

return { open = open };

-- A file that is there while a policy is loaded at the start. Found at the next start, it says that the server
-- died meanwhile, and of what: loading that again would end it again.

local lfs = require "lfs";

local max_bytes = 4096;

local function file_name(text)
	return (text:gsub("[^%w.-]", function (byte) return ("%%%02x"):format(byte:byte()); end):gsub("^%.", "%%2e"));
end

local function folder_of(marker_path)
	return marker_path.."/"..file_name(module.host);
end

local function path_of(marker_path, policy)
	return folder_of(marker_path).."/"..policy;
end

-- -> { [what] = true }: what was being loaded, line by line
local function read(marker_path, policy)
	local found = {};
	local file = io.open(path_of(marker_path, policy), "rb");
	if not file then return found; end
	for line in (file:read(max_bytes) or ""):gmatch("[^\n]+") do found[line] = true; end
	file:close();
	return found;
end

local function write_file(path, text)
	local file, err = io.open(path, "wb");
	if not file then return nil, err; end
	local ok, write_err = file:write(text);
	local closed, close_err = file:close();
	return ok and closed, write_err or close_err;
end

-- Without a marker loading goes on: it only serves to be wiser the next time.
local function write(marker_path, policy, whats)
	lfs.mkdir(marker_path);
	lfs.mkdir(folder_of(marker_path));
	local lines = {};
	for what in pairs(whats) do lines[#lines + 1] = what.."\n"; end
	table.sort(lines);
	local ok, err = write_file(path_of(marker_path, policy), table.concat(lines));
	if ok then return; end
	module:log("warn", "Should the server die while it loads the policy %s, the next start will not know: %s", policy, tostring(err));
end

local function remove(marker_path, policy)
	os.remove(path_of(marker_path, policy));
end

return { read = read; write = write; remove = remove; file_name = file_name };

-- Where a link leads. Lua keeps what it loaded under the path it was told, so an installation writes each build of the
-- library to a name of its own and moves the link: a new build is another path.

local lfs = require "lfs";

-- LuaRocks makes no links: there the build with its own name is beside the place of the link, alone.
local function build_beside(path)
	local folder, stem = path:match("^(.*/)([^/]*)%.so$");
	if not folder or lfs.attributes(folder, "mode") ~= "directory" then return nil; end
	for name in lfs.dir(folder) do
		if name:sub(1, #stem + 1) == stem.."-" and name:match("%.so$") then return folder..name; end
	end
end

local function resolve(path)
	local target = lfs.symlinkattributes(path, "target");
	if not target or target == "" then
		return not lfs.attributes(path) and build_beside(path) or path;
	end
	if target:sub(1, 1) == "/" then return target; end
	return (path:match("^(.*/)[^/]*$") or "")..target;
end

return { resolve = resolve };

-- Where a link leads. Lua keeps what it loaded under the path it was told, so an installation writes each build of the
-- library to a name of its own and moves the link: a new build is another path.

local lfs = require "lfs";

local function resolve(path)
	local target = lfs.symlinkattributes(path, "target");
	if not target or target == "" then return path; end
	if target:sub(1, 1) == "/" then return target; end
	return (path:match("^(.*/)[^/]*$") or "")..target;
end

return { resolve = resolve };

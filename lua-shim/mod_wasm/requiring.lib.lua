-- `module:require` for the files of this module. Prosody reads and parses a file anew for each that requires it: ours would be
-- 690 on every host, and each host would keep what was parsed for itself, ten times as much as what it does with it.

local loader = require "core.modulemanager".loader;
local sha256 = require "util.hashes".sha256;

-- [name] = { digest, chunk }, of all hosts; what an upgrade brings is parsed anew.
local parsed = module:shared("/*/wasm/parsed");

local function parse(name, environment)
	local source, path = loader:load_resource(module.name, name..".lib.lua");
	if not source then error("the file "..name..".lib.lua is missing: "..tostring(path), 0); end
	local digest, known = sha256(source), parsed[name];
	if known and known.digest == digest then return known.chunk(environment); end
	-- A parameter as environment, so that what was parsed serves every host. On the first line, so that lines keep their numbers.
	local chunk, err = load("local _ENV = ...; "..source, "@"..path);
	if not chunk then error("the file "..name..".lib.lua cannot be read: "..err, 0); end
	parsed[name] = { digest = digest; chunk = chunk };
	return chunk(environment);
end

-- Each file runs once on a host.
local function each_once(environment)
	local required = {};
	return function (_, name)
		if required[name] == nil then required[name] = parse(name, environment); end
		return required[name];
	end
end

return { each_once = each_once };

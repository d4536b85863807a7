-- The options beside wasm_policies: where things are. Defaults are found from this module's own folder.

local lfs = require "lfs";
local resolve_relative_path = require "util.paths".resolve_relative_path;
local sorted_pairs = require "util.iterators".sorted_pairs;
local link = module:require "link";
local marker = module:require "marker";
local suggestion = module:require "suggestion";
local text = module:require "text";
local trust = module:require "trust";

local option_names = {
	"wasm_cache_path", "wasm_compile_seconds", "wasm_compiler", "wasm_generations_path", "wasm_library", "wasm_operators",
	"wasm_policies", "wasm_policy_path", "wasm_require_signatures", "wasm_retention", "wasm_safe_mode", "wasm_trusted_keys",
};
local safe_modes = { deny = true; off = true };

local function file_exists(path)
	local file = io.open(path, "rb");
	if file then file:close(); end
	return file ~= nil;
end

-- The command line program of the same installation, else the one of the same name on the PATH.
local function default_compiler(directory)
	local installed = directory.."/../../../../bin/prosody-wasm";
	return file_exists(installed) and installed or "prosody-wasm";
end

-- Beside the modules of the installation. LuaRocks has no such place: there they are in the module's own folder.
local function default_policy_path(directory)
	local own = directory.."/policies";
	return lfs.attributes(own, "mode") == "directory" and own or directory.."/../../wasm";
end

local function read_path(name, default, problems)
	local value = module:get_option(name);
	if value == nil then return default; end
	if type(value) ~= "string" or value == "" then
		problems[#problems + 1] = name.." must be a path";
		return default;
	elseif text.path_problem(value) then
		problems[#problems + 1] = name.." "..text.path_problem(value);
		return default;
	elseif name == "wasm_compiler" and not value:find("/", 1, true) then
		return value; -- a program on the PATH
	end
	return resolve_relative_path(prosody.paths.config or ".", value);
end

local function read_seconds(name, default, problems)
	local value = module:get_option(name, default);
	local whole = type(value) == "number" and math.tointeger(value);
	if whole and whole >= 1 and whole <= 3600 then return whole; end
	problems[#problems + 1] = name.." must be a whole number of seconds between 1 and 3600";
	return default;
end

-- A mistake here is no reason to load what somebody wanted to keep out.
local function read_safe_mode(problems)
	local value = module:get_option("wasm_safe_mode");
	if value == nil or value == false or safe_modes[value] then return value or nil; end
	problems[#problems + 1] = ("wasm_safe_mode must be \"deny\" or \"off\"%s; taken as \"deny\"")
		:format(type(value) == "string" and suggestion.did_you_mean(value, { "deny", "off" }) or "");
	return "deny";
end

-- Each host has its own: what no entry of its history names is removed there.
local function read_kept_path(data, problems)
	return read_path("wasm_generations_path", data.."/wasm-generations", problems).."/"..marker.file_name(module.host);
end

local function read()
	local directory, problems = module:get_directory(), {};
	local data = prosody.paths.data or ".";
	return {
		problems = problems;
		policy_path = read_path("wasm_policy_path", default_policy_path(directory), problems);
		library = link.resolve(read_path("wasm_library", directory.."/prosody_wasm.so", problems));
		compiler = read_path("wasm_compiler", default_compiler(directory), problems);
		cache_path = read_path("wasm_cache_path", data.."/wasm-cache", problems);
		kept_path = read_kept_path(data, problems);
		marker_path = data.."/wasm-loading";
		trust = trust.read(problems);
		safe_mode = read_safe_mode(problems);
		compile_seconds = read_seconds("wasm_compile_seconds", 60, problems);
	};
end

-- Other modules have options too, but none speaks of wasm; without that word, only what is surely a slip of the keys.
local function is_misspelt(written)
	for _, known in ipairs(option_names) do
		if written == known then return false; end
	end
	return written:lower():find("wasm", 1, true) ~= nil or suggestion.nearest(written, option_names, 2) ~= nil;
end

-- A misspelt wasm_policies would leave the host without any policy, so look at what is written for this host and for all.
-- -> { sentence, .. }, { [the option that was meant] = true }
local function misspelt_options()
	local found, sentences, meant = {}, {}, {};
	local all = require "core.configmanager".getconfig() or {};
	for _, host in ipairs({ "*", module.host }) do
		for written in pairs(all[host] or {}) do
			if type(written) == "string" and is_misspelt(written) then found[written] = true; end
		end
	end
	for written in sorted_pairs(found) do
		sentences[#sentences + 1] = ("unknown option \"%s\"%s"):format(text.shown(written), suggestion.did_you_mean(written, option_names));
		meant[suggestion.nearest(written, option_names) or ""] = true;
	end
	return sentences, meant;
end

return { read = read; misspelt_options = misspelt_options };

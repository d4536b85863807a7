-- wasm_retention = { redact = false; keeps = { "uploads" } }

local kept = module:require "kept";
local link = module:require "mod_wasm/link";
local suggestion = module:require "mod_wasm/suggestion";
local shown = module:require "mod_wasm/text".shown;
local resolve_relative_path = require "util.paths".resolve_relative_path;
local sorted_pairs = require "util.iterators".sorted_pairs;

local known = { "keeps", "redact" };

local function by_text(a, b) return tostring(a) < tostring(b); end

local function defaults() return { redact = false, keeps = {}, problems = {} }; end

local function default_library()
	return module:get_directory().."/../mod_wasm/prosody_wasm.so";
end

local function read_library()
	local path = module:get_option("wasm_library");
	if type(path) ~= "string" or path == "" then return link.resolve(default_library()); end
	return link.resolve(resolve_relative_path(prosody.paths.config or ".", path));
end

local function read_redact(options, value)
	if type(value) == "boolean" then
		options.redact = value;
	elseif value ~= nil then
		options.redact = true;
		table.insert(options.problems, "wasm_retention.redact must be true or false; taken as true");
	end
end

local function read_keeps(options, value)
	if value == nil then return; end
	if type(value) ~= "table" then
		table.insert(options.problems, "wasm_retention.keeps must be a list of modules, like { \"http_file_share\" }");
		return;
	end
	for _, name in sorted_pairs(value, by_text) do
		if type(name) == "string" and kept.by_module[name] then
			options.keeps[name] = true;
		else
			table.insert(options.problems, ("wasm_retention.keeps: \"%s\" is no module that keeps records%s")
				:format(shown(name), suggestion.did_you_mean(tostring(name), kept.modules)));
		end
	end
end

local function is_misspelt(name)
	local is_ours = type(name) == "string" and name:find("wasm", 1, true) and suggestion.nearest(name, { "wasm_retention" });
	return name ~= "wasm_retention" and (is_ours or type(name) == "string" and suggestion.distance(name:sub(1, 60), "wasm_retention") <= 2);
end

-- A misspelt name of the whole table would leave the operator with the defaults.
local function find_misspelt(options)
	local written = require "core.configmanager".getconfig() or {};
	for name in sorted_pairs(written["*"] or {}, by_text) do
		if is_misspelt(name) then
			options.redact = true;
			table.insert(options.problems, ("unknown option \"%s\"; did you mean \"wasm_retention\"? Until it is put right, redact = true"):format(shown(name)));
		end
	end
end

local function read_table(options, value)
	read_redact(options, value.redact);
	read_keeps(options, value.keeps);
	for name in sorted_pairs(value, by_text) do
		if name ~= "redact" and name ~= "keeps" then
			options.redact = options.redact or value.redact == nil; -- it may have been that
			table.insert(options.problems, ("wasm_retention: unknown option \"%s\"%s"):format(shown(name), suggestion.did_you_mean(tostring(name), known)));
		end
	end
end

-- -> { redact, keeps = { [module] = true }, library, problems = { sentence, .. } }. Closed when in doubt.
local function read()
	local options, value = defaults(), module:get_option("wasm_retention");
	options.library = read_library();
	if value == nil then
		find_misspelt(options);
	elseif type(value) == "table" then
		read_table(options, value);
	else
		options.redact = true;
		table.insert(options.problems, "wasm_retention must be a table, like { redact = true }; taken as that");
	end
	return options;
end

return { read = read; defaults = defaults };

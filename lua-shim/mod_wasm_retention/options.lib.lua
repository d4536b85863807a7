-- wasm_retention = { redact = false; keeps = { "uploads" } }

local records = module:require "records";
local link = module:require "mod_wasm/link";
local misplaced = module:require "misplaced";
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

-- -> what is wrong with one entry of the list | nil
local function entry_problem(key, name)
	if type(key) ~= "number" then
		return ("wasm_retention.keeps is a list of names: write { \"%s\" } instead of { %s = .. }"):format(shown(key), shown(key));
	elseif type(name) ~= "string" or not records.by_module[name] then
		local meant = tostring(name):gsub("^mod_", "");
		return ("wasm_retention.keeps: \"%s\" is no module that keeps records%s"):format(shown(name), suggestion.did_you_mean(meant, records.modules));
	end
	return nil;
end

local function read_keeps(options, value)
	if value == nil then return; end
	if type(value) ~= "table" then
		table.insert(options.problems, "wasm_retention.keeps must be a list of modules, like { \"http_file_share\" }");
		return;
	end
	for key, name in sorted_pairs(value, by_text) do
		local problem = entry_problem(key, name);
		if problem then
			table.insert(options.problems, problem);
		else
			options.keeps[name] = true;
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
	if type(value) == "table" then
		read_table(options, value);
	elseif value ~= nil then
		options.redact = true;
		table.insert(options.problems, "wasm_retention must be a table, like { redact = true }; taken as that");
	end
	for _, problem in ipairs(misplaced.find()) do
		options.redact = true;
		table.insert(options.problems, problem.." Until it is put right, redact = true");
	end
	return options;
end

return { read = read; defaults = defaults };

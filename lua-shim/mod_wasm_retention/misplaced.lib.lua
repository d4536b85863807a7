-- The whole table under another name or in the section of a host: Prosody does not find it, and the operator would be
-- left with the defaults.

local suggestion = module:require "mod_wasm/suggestion";
local shown = module:require "mod_wasm/text".shown;
local sorted_pairs = require "util.iterators".sorted_pairs;

local whole_server, name_of_all = "*", "wasm_retention";
-- Names that are too far from it for a slip of the pen.
local meant = {
	retention = "\"wasm_retention\""; mod_wasm_retention = "\"wasm_retention\"";
	wasm_redact = "wasm_retention = { redact = .. }"; wasm_retention_redact = "wasm_retention = { redact = .. }";
	wasm_keeps = "wasm_retention = { keeps = .. }"; wasm_retention_keeps = "wasm_retention = { keeps = .. }";
};

local function by_text(a, b) return tostring(a) < tostring(b); end

local function is_near(name)
	return suggestion.nearest(name, { name_of_all }, not name:find("wasm", 1, true) and 2 or nil) ~= nil;
end

local function place_problem(section)
	if section == whole_server then return nil; end
	return ("wasm_retention is in the section of %s, where it has no effect; move it above the first VirtualHost or Component."):format(shown(section));
end

-- -> sentence | nil
local function problem_of(section, name)
	if type(name) ~= "string" then return nil; end
	if name == name_of_all then return place_problem(section); end
	local instead = meant[name] or is_near(name) and meant.retention;
	return instead and ("unknown option \"%s\"; did you mean %s?"):format(shown(name), instead) or nil;
end

-- -> { sentence, .. }
local function find()
	local problems = {};
	for section, options in sorted_pairs(require "core.configmanager".getconfig() or {}, by_text) do
		for name in sorted_pairs(options, by_text) do
			table.insert(problems, problem_of(section, name)); -- nothing, for nil
		end
	end
	return problems;
end

return { find = find };

-- The operator's configuration: read once, into records. What is wrong is collected, not raised.

local sorted_pairs = require "util.iterators".sorted_pairs;
local paths = module:require "paths";
local record = module:require "record";
local shown = module:require "text".shown;
local trust = module:require "trust";

-- A slot needs a name even when the operator's cannot be one.
local function slot_name(key, records)
	local base = tostring(key):lower():gsub("[^a-z0-9_-]", "_"):sub(1, 30);
	local name, number = base, 1;
	while name == "" or records[name] do
		number = number + 1;
		name = base.."_"..number;
	end
	return name;
end

local function misnamed_record(name, key, policy_path)
	local parsed = record.parse(name, {}, policy_path);
	parsed.problem = ("wasm_policies: \"%s\" cannot be the name of a policy; use at most 40 of a-z, 0-9, _ and -"):format(shown(key));
	if math.type(key) == "integer" then
		parsed.problem = parsed.problem..", like wasm_policies = { e2ee = {} }";
	end
	parsed.signature = record.signature(parsed);
	return parsed;
end

local function parse_policies(value, policy_path)
	local records, misnamed = {}, {};
	for key, entry in pairs(value) do
		local is_name = type(key) == "string" and #key <= 40 and key:find("^[a-z0-9_-]+$");
		if is_name then
			records[key] = record.parse(key, entry, policy_path);
		else
			misnamed[#misnamed + 1] = key;
		end
	end
	for _, key in ipairs(misnamed) do
		local name = slot_name(key, records);
		records[name] = misnamed_record(name, key, policy_path);
	end
	return records;
end

-- -> { records = { [name] = record }, problems = { sentence, .. }, unusable = sentence|nil, is_absent, and the paths }
local function read()
	local options = paths.read();
	options.records = {};
	local value = module:get_option("wasm_policies");
	options.is_absent = value == nil;
	local misspelt, meant = paths.misspelt_options();
	-- What should have said whom to trust says it of nobody.
	if meant.wasm_trusted_keys or meant.wasm_require_signatures then options.trust = trust.nobody; end
	table.move(misspelt, 1, #misspelt, #options.problems + 1, options.problems);
	if type(value) == "table" then
		options.records = parse_policies(value, options.policy_path);
		for _, parsed in sorted_pairs(options.records) do
			options.problems[#options.problems + 1] = parsed.problem;
		end
	elseif value ~= nil then
		options.unusable = "wasm_policies must be a table, like wasm_policies = { e2ee = { settings = { mode = \"mixed\" } } }";
	elseif #misspelt > 0 then
		-- One of them may be the policies; without any there would be nothing to deny.
		options.unusable = table.concat(misspelt, "; ");
	end
	return options;
end

return { read = read };

-- Whose signatures policies need: read from the configuration, and brought to bear on what is in memory.

local generation = module:require "generation";
local shown = module:require "text".shown;

local max_keys = 32;
local nobody = { keys = {}; is_required = true; text = "true " };

-- -> list of keys | nil, sentence
local function parse_keys(value)
	local example = "wasm_trusted_keys must be a list of public keys, like { \"RW...\" }";
	if type(value) ~= "table" then return nil, example; end
	local keys = {};
	for key, text in pairs(value) do
		if math.type(key) ~= "integer" then return nil, example; end
		local is_key = type(text) == "string" and #text == 56 and text:find("^RW[%w+/]+=*$");
		if not is_key then
			return nil, ("wasm_trusted_keys has \"%s\", which is no public key: it is the second line of a .pub file"):format(shown(text, 60));
		end
		keys[#keys + 1] = text;
	end
	if #keys > max_keys then return nil, ("wasm_trusted_keys has more than %d keys"):format(max_keys); end
	table.sort(keys);
	return keys;
end

-- A mistake closes: nobody is trusted then, and everything has to be signed.
-- -> { keys, is_required, text = equal for what is equal }
local function read(problems)
	local value, required = module:get_option("wasm_trusted_keys", {}), module:get_option("wasm_require_signatures", false);
	local keys, problem = parse_keys(value);
	if keys and type(required) ~= "boolean" then problem = "wasm_require_signatures must be true or false; taken as true"; end
	if keys and required == true and #keys == 0 then
		problem = "wasm_require_signatures is true, and wasm_trusted_keys names no key: no policy is loaded";
	end
	problems[#problems + 1] = problem;
	local is_required = problem ~= nil or required == true;
	return { keys = keys or {}; is_required = is_required; text = tostring(is_required).." "..table.concat(keys or {}, " ") };
end

-- Others are trusted than when these were loaded. What runs goes on until it is checked again; what only waits to be put
-- into force, and the generation before, would come into force unchecked.
local function renew(loader, slot)
	local name = slot.record.name;
	loader.stager:cancel(name, "others are trusted than when it began");
	if slot.staged then
		module:log("warn", "What was staged for the policy %s (generation %s) is dropped, because others are trusted now: stage it again",
			name, generation.short(slot.staged.entry.identity));
		slot.staged = nil;
	end
	loader:call("forget_previous", name);
end

return { read = read; nobody = nobody; renew = renew };

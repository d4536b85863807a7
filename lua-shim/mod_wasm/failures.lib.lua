-- What is said of a policy that failed: where it was, what it had logged, and the commands to look into it.
-- All of it is words of the library, of the operator and of the component; lines that the policy logged were scrubbed before.

local escape = module:require "text".escape;

local levels = { debug = true; info = true; warn = true; error = true };

-- A word of a command for a shell.
local function quoted(word)
	if word:find("^[%w_./-]+$") then return word; end
	return "'"..word:gsub("'", "'\\''").."'";
end

-- -> the command that names the lines of its source | nil
local function explanation(file, failure)
	if not failure.offsets or failure.offsets == "" then return nil; end
	return ("prosody-wasm explain %s %s"):format(quoted(file), failure.offsets);
end

-- Nothing of a stanza is kept unless an operator asks for it, and then without texts and addresses.
local function reproduction(host, policy, file)
	return ("wasm record %s %s /tmp/failures.json --failures; then prosody-wasm replay --policy %s /tmp/failures.json"):format(
		host, policy, quoted(file));
end

-- What went wrong and where, in one sentence.
local function sentence(failure)
	local place = failure.place and ", "..failure.place or "";
	local used = failure.used and ", after "..failure.used or "";
	return escape(failure.what..place..used);
end

-- How often, and when last.
local function times(failure)
	return ("%.0f since it came into force, last %s at %s"):format(failure.count or 0,
		os.date("!%Y-%m-%d %H:%M:%SZ", math.floor(tonumber(failure.at) or 0)), failure.hook or "-");
end

local function tell(effect, file)
	local failure, policy = effect.failure, effect.policy;
	local more = effect.left_out and effect.left_out > 0 and (" (and %.0f times more since it was said last)"):format(effect.left_out) or "";
	module:log("warn", "The policy %s failed at %s%s: %s%s", policy, effect.hook, more, sentence(failure),
		failure.hint and "; "..failure.hint or "");
	for _, line in ipairs(failure.lines or {}) do
		module:log(levels[line.level] and line.level or "info", "%s, before it failed: %s", policy, escape(line.text));
	end
	local explained = explanation(file, failure);
	module:log("warn", "To look into it: %s%s", explained and explained.."; to do it again offline: " or "", reproduction(module.host, policy, file));
end

return { explanation = explanation; reproduction = reproduction; sentence = sentence; times = times; tell = tell };

-- What there is to say at the shell, and the help for it.

local shaping = module:require "flags".shaping;

local function flags(...)
	local all = { table.unpack(shaping) };
	for _, name in ipairs({ ... }) do all[#all + 1] = name; end
	return all;
end

-- verb = { words after host and policy, flags, description }
local of_policies = {
	stage = { "FILE", flags("gate", "allow_differences"), "Load another generation of a policy and hold it; nothing changes for users" };
	swap = { "FILE", flags("fresh", "gate", "allow_differences", "probation"),
		"Put a file, what is staged (POLICY may be a,b or *), or the configured file in force" };
	shadow = { "FILE", flags("fresh", "time", "samples", "promote_after", "allow_differences", "probation", "gate"),
		"Let a candidate decide beside the policy without any consequence, and count the differences" };
	canary = { "FILE", flags("fresh", "share", "promote_after", "probation", "gate", "allow_differences"),
		"Let a candidate decide for a share of the users" };
	promote = { nil, { "fresh", "probation" }, "Let the candidate decide for all" };
	rollback = { "IDENTITY", { "fresh" }, "End a candidate, or else go back to the previous generation or to one of the history" };
	unload = { nil, {}, "Take a policy out: what it would judge is denied" };
	diff = { nil, {}, "Compare the candidate with what is in force" };
	history = { nil, {}, "Show which generations were in force" };
	record = { "FILE", { "count", "redact", "failures", "stop" }, "Record what a policy is asked, for a replay" };
};

local function argument(name) return { name = name; type = "string" }; end

local function help_of(verb)
	local args = { argument("host"), argument("policy") };
	if verb[1] then args[3] = argument(verb[1]:lower()); end
	local written = {};
	for _, name in ipairs(verb[2]) do written[#written + 1] = "--"..name:gsub("_", "-"); end
	return { desc = verb[3]..(#written > 0 and ". Flags: "..table.concat(written, " ") or ""); args = args };
end

local help = {
	desc = "Sandboxed policies: what is loaded, what it decided, and how to replace it while the server runs";
	commands = {
		list = { desc = "List the policies of all hosts"; args = {} };
		info = { desc = "Show everything about one policy"; args = { argument("host"), argument("policy") } };
		rooms = { desc = "List the rooms of a host, and what policies made of them"; args = { argument("host") } };
		safe_mode = { desc = "Show, enter (deny, off) or end safe mode; also: wasm safe-mode"; args = { argument("host"), argument("mode") } };
		takeover = { desc = "Take a newly installed library into use on all hosts"; args = {} };
	};
};
local verbs = { "info", "list", "rooms", "safe-mode", "takeover" };
for name, verb in pairs(of_policies) do
	help.commands[name] = help_of(verb);
	verbs[#verbs + 1] = name;
end
table.sort(verbs);

return { of_policies = of_policies; help = help; verbs = verbs };

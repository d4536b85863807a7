-- One policy, built in several languages: what a message costs, and what each of them is. authors.py builds them.
--   languages.lua NAME=COMPONENT ..

package.path = "tests/bench/?.lua;"..package.path;
local measuring = require "measuring";
local stanzas = require "stanzas";
local chains = require "chains";

-- What the policy of the templates does, in Lua: counts marks in the body.
local function in_lua(stanza)
	local _, marks = (stanza:get_child_text("body") or ""):gsub("!", "");
	return marks > 2;
end

local policies = {};
for _, argument in ipairs(arg) do
	local name, path = argument:match("^([^=]+)=(.*)$");
	policies[#policies + 1] = { name, chains.add(chains.new(), name, path, { limit = 2 }) };
end

for _, name in ipairs({ "chat", "OMEMO, 8 keys", "OMEMO, 400 keys" }) do
	local stanza = stanzas[name];
	local subjects = {};
	for number, policy in ipairs(policies) do subjects[number] = { policy[1], chains.asker(policy[2], stanza) }; end
	subjects[#subjects + 1] = { "in Lua, without a sandbox", function () return in_lua(stanza); end };
	measuring.compare(name, subjects);
end

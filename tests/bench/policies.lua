-- What each of the bundled policies takes for a decision, beside what Prosody takes to write that stanza as text.

package.path = "tests/bench/?.lua;"..package.path;
local measuring = require "measuring";
local stanzas = require "stanzas";
local chains = require "chains";
local native = measuring.native;

-- What is known of the recipient besides the stanza.
local known = { wanted = true, nickname = "alice",
	registration = { user = "b@example.org", service = "push.example.org", node = "device", others = 0, device = "gone" } };

-- { name, settings, decision point other than that of all stanzas, the same for presence }
local policies = {
	{ "e2ee", { direct = "optional", strict = true } }; -- strict, so that it is asked about all; optional, so that all passes
	{ "archive", nil, "archive" };
	{ "carbons", nil, "carbons" };
	{ "csi", nil, "delivery", "presence-delivery" };
	{ "push", { services = { "push.example.org" }, hourly = 10000 }, "notification" };
};

local function asked_of(policy, stanza)
	if not policy[3] then return stanza.name; end
	return stanza.name == "message" and policy[3] or stanza.name == "presence" and policy[4] or nil;
end

for _, policy in ipairs(policies) do
	policy.chain = chains.add(chains.new(), policy[1], native.policies.."/"..policy[1]..".wasm", policy[2]);
end
for _, entry in ipairs(stanzas) do
	local stanza = entry[2];
	local subjects = { { "tostring", function () return tostring(stanza); end } };
	for _, policy in ipairs(policies) do
		local asked = asked_of(policy, stanza);
		if asked then subjects[#subjects + 1] = { policy[1], chains.asker(policy.chain, stanza, asked, known) }; end
	end
	measuring.compare(entry[1], subjects);
end

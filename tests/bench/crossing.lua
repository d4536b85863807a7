-- The crossing: from Lua into a policy and back, for as many looks at each stanza as are made in Lua beside it.

package.path = "tests/bench/?.lua;"..package.path;
local measuring = require "measuring";
local stanzas = require "stanzas";
local chains = require "chains";
local looks = require "looking";
local rules = require "mod_firewall_alone" ("tests/bench/look-ups.pfw");
local look_for_ciphertext = require "ciphertext";

local guests = {
	{ "1 look-up", { lookups = 1 } }, { "5 look-ups", { lookups = 5 } }, { "20 look-ups", { lookups = 20 } };
	{ "whole stanza", { whole = true } };
	{ "empty hook", { lookups = 0 } };
};
local origin = { full_jid = "a@example.org/x", type = "c2s", username = "a", host = "example.org" };

for _, guest in ipairs(guests) do
	local name, chain = guest[1], chains.that_looks(guest[2]);
	for _, entry in ipairs(stanzas) do
		local stanza, look = entry[2], looks[name];
		local subjects = { { "policy", chains.asker(chain, stanza) } };
		if look then table.insert(subjects, 1, { "Lua", function () return look(stanza); end }); end
		if name == "5 look-ups" then
			local event, rule = { stanza = stanza, origin = origin }, rules[stanza.name.."/bare"];
			subjects[#subjects + 1] = { "mod_firewall, five rules", function () assert(rule(event) == nil); end };
			subjects[#subjects + 1] = { "the looks of mod_e2e_policy", function () return look_for_ciphertext(stanza); end };
		end
		measuring.compare(entry[1]..": "..name, subjects);
	end
end

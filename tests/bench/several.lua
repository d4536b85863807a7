-- Many policies on one host, and many hosts with one policy: the time of a stanza. Every policy makes five look-ups.

package.path = "tests/bench/?.lua;"..package.path;
local measuring = require "measuring";
local stanzas = require "stanzas";
local chains = require "chains";

local settings = { lookups = 5 };

local function chain_of(count)
	local chain = chains.new();
	for number = 1, count do chains.add(chain, "policy-"..number, chains.looking, settings); end
	return chain;
end

-- Each stanza is for the next host.
local function in_turn(count, stanza)
	local askers, turn = {}, 0;
	for number = 1, count do
		local host = "host-"..number..".example";
		askers[number] = chains.asker(chains.add(chains.new(host), "policy", chains.looking, settings), stanza);
	end
	return function ()
		turn = turn % count + 1;
		return askers[turn]();
	end;
end

local policies = {};
for _, count in ipairs({ 1, 5, 10, 50 }) do policies[#policies + 1] = { count, chain_of(count) }; end
for _, name in ipairs({ "chat", "OMEMO, 8 keys" }) do
	local subjects = {};
	for number, policy in ipairs(policies) do
		local title = ("%d polic%s"):format(policy[1], policy[1] == 1 and "y" or "ies");
		subjects[number] = { title, chains.asker(policy[2], stanzas[name]) };
	end
	measuring.compare(name..": policies of a host", subjects);
end

local hosts = {};
for _, count in ipairs({ 1, 100, 1000 }) do
	hosts[#hosts + 1] = { ("%d host%s"):format(count, count == 1 and "" or "s"), in_turn(count, stanzas["OMEMO, 8 keys"]) };
end
measuring.compare("OMEMO, 8 keys: hosts of a policy", hosts);

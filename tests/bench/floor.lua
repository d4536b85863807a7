-- From Lua's side, what floor.rs measures without Lua: how near the hook is to a bare call of the same guest.

package.path = "tests/bench/?.lua;"..package.path;
local measuring = require "measuring";
local stanzas = require "stanzas";
local chains = require "chains";

local bare, case = "a bare component call", "empty hook";
local function empty() end
local nothing = chains.new();
local hook = chains.that_looks({ lookups = 0 });

local subjects = {
	{ "a function of Lua", empty, bare };
	{ "a method of the library", function () return nothing:retention(); end, bare };
};
for _, name in ipairs({ "chat", "OMEMO, 8 keys" }) do
	subjects[#subjects + 1] = { "the hook, "..name, chains.asker(hook, stanzas[name]), bare };
end
measuring.compare(case, subjects);

-- With no policy in the chain, what is left is the walk over the stanza.
subjects = {};
for number, entry in ipairs(stanzas) do
	subjects[number] = { entry[1], chains.asker(nothing, entry[2]) };
end
measuring.compare("no policy in the chain", subjects);

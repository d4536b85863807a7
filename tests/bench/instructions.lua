-- Does one thing of the hot path COUNT times, for instructions.py, which has valgrind count.
--   instructions.lua CASE COUNT

package.path = "tests/bench/?.lua;tests/lua/?.lua;"..package.path;
local native = require "native";
local stanzas = require "stanzas";
local chains = require "chains";

local omemo = stanzas["OMEMO, 8 keys"];
local cases = {};

cases["an empty hook, chat"] = function ()
	return chains.asker(chains.that_looks({ lookups = 0 }), stanzas.chat);
end;

cases["five look-ups, OMEMO"] = function ()
	return chains.asker(chains.that_looks({ lookups = 5 }), omemo);
end;

cases["e2ee, OMEMO"] = function ()
	return chains.asker(chains.add(chains.new(), "e2ee", native.policies.."/e2ee.wasm", { mode = "mandatory" }), omemo);
end;

cases["no policy wants it"] = function ()
	local handler = require "shim" ({ namespaces = { "urn:example:nobody-sends-this" } })["pre-message/bare"];
	local event = { stanza = omemo, origin = { type = "c2s", username = "a", host = "example.org", full_jid = "a@example.org/x" } };
	return function () return handler(event); end;
end;

local action, count = cases[arg[1]](), tonumber(arg[2]);
for _ = 1, 20 do action(); end -- what is new costs more
-- What it leaves to the collector is counted as well, and all of it, so that it does not depend on when it begins.
collectgarbage();
collectgarbage("stop");
for _ = 1, count do action(); end
collectgarbage();

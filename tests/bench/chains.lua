-- Chains of the real library, and how it is asked: one place for all groups.

local native = require "native";
local encode = require "util.json".encode;

local library = native.load();
local looking = native.guests.."/looking.wasm";

-- What is compiled already is there at once, as when a server starts: waiting for a thread would be counted.
local function staged(path, settings)
	return library.stage_now(native.request(path, settings)) or native.stage(library, path, settings);
end

-- Puts a policy into a chain that may have others.
local function add(chain, name, path, settings)
	chain:declare(name, { on_error = "deny", mode = "enforce" });
	assert(chain:put(name, staged(path, settings and encode(settings))));
	return chain;
end

local function new(host) return assert(library.chain(host or "example.org")); end

-- A chain with the guest that looks as often as it is told: { lookups = 0 to 20 } or { whole = true }.
local function that_looks(settings) return add(new(), "looking", looking, settings); end

-- Asks about the stanza, as the shim does; of other decision points than those of stanzas with their name and what is known.
local function asker(chain, stanza, asked, known)
	local question = assert(chain:question(asked or stanza.name, "outgoing", "user", "user"));
	if known then return function () return chain:decide(stanza, question, known); end; end
	local quick = chain:quick();
	return function ()
		local verdict = quick(stanza, question, false);
		return verdict or chain:told();
	end;
end

return { library = library, looking = looking, new = new, add = add, that_looks = that_looks, asker = asker };

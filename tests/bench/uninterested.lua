-- What a stanza costs that no policy wants: Prosody's event through the shim and back.

package.path = "tests/bench/?.lua;"..package.path;
local measuring = require "measuring";
local stanzas = require "stanzas";
local shim = require "shim";

-- Three namespaces in a set, and all direct children: what the least of all modules does.
local wanted = { ["urn:xmpp:omemo:2"] = true, ["urn:xmpp:openpgp:0"] = true, ["jabber:x:encrypted"] = true };
local function look_up(stanza)
	local tags = stanza.tags;
	for i = 1, #tags do
		if wanted[tags[i].attr.xmlns] then return true; end
	end
	return false;
end

local nothing = shim({ namespaces = { "urn:example:nobody-sends-this" } });
local something = shim({ lookups = 0 });
local session = { type = "c2s", username = "a", host = "example.org", full_jid = "a@example.org/x" };

for _, entry in ipairs(stanzas) do
	local stanza = entry[2];
	local event, name = { origin = session, stanza = stanza }, ("pre-%s/bare"):format(stanza.name);
	local uninterested, interested = nothing[name], something[name];
	assert(uninterested(event) == nil and interested(event) == nil, "it is refused");
	measuring.compare(entry[1], {
		{ "Lua, three namespaces", function () return look_up(stanza); end };
		{ "no policy wants it", function () return uninterested(event); end };
		{ "an empty hook is asked", function () event.wasm_judged, stanza._wasm_judged = nil, nil; return interested(event); end };
	});
end

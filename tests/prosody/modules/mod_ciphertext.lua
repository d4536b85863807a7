-- A policy in Lua, as they are: what is not encrypted is bounced if it has a body. tests/bench/ciphertext.lua says where it looks.

local st = require "util.stanza";
local is_encrypted = dofile(module:get_option_string("ciphertext_looks"));
local is_required = module:get_option_boolean("ciphertext_is_required", false);

local function judge(event)
	if is_encrypted(event.stanza) or not is_required then return nil; end
	event.origin.send(st.error_reply(event.stanza, "modify", "policy-violation", "Please encrypt."));
	return true;
end

for _, destination in ipairs({ "bare", "full", "host" }) do
	module:hook("pre-message/"..destination, judge, 300);
end

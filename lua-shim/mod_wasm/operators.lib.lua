-- What policies have to tell the operator: to those named by wasm_operators, else to the admins of this host.

local now = require "util.time".now;
local jid_bare = require "util.jid".bare;
local jid_prep = require "util.jid".prep;
local new_id = require "util.id".short;
local st = require "util.stanza";

local most_in_hour, seconds = 60, 60 * 60;
local most_bytes = 2048;

local told = {}; -- by policy: { since, count, left_out }

local function add_all(set, addresses)
	for address in addresses:items() do
		local bare = jid_bare(jid_prep(tostring(address)) or "");
		if bare and bare ~= "" then set[bare] = true; end
	end
end

-- By their role, which 0.12 does not know.
local function add_by_role(set, role)
	local usermanager = require "core.usermanager";
	if not usermanager.get_users_with_role then return; end
	for _, username in ipairs(usermanager.get_users_with_role(role, module.host) or {}) do set[username.."@"..module.host] = true; end
end

local function operators()
	local set = {};
	add_all(set, module:get_option_set("wasm_operators", {}));
	if next(set) then return set; end
	add_all(set, module:get_option_inherited_set("admins", {}));
	add_by_role(set, "prosody:admin");
	add_by_role(set, "prosody:operator");
	return set;
end

-- -> how many were left out before, or nil if this one is left out too
local function admit(policy)
	local entry = told[policy];
	if not entry or now() - entry.since >= seconds or now() < entry.since then
		entry = { since = now(); count = 0; left_out = entry and entry.left_out or 0 };
		told[policy] = entry;
	end
	if entry.count >= most_in_hour then
		entry.left_out = entry.left_out + 1;
		return nil;
	end
	local left_out = entry.left_out;
	entry.count, entry.left_out = entry.count + 1, 0;
	return left_out;
end

local function send(to, text)
	local message = st.message({ from = module.host; to = to; type = "normal"; id = new_id() }):text_tag("body", text);
	message._wasm_notice = true; -- the server's own words are not judged
	module:send(message);
end

local apply = {};

function apply.tell(effect)
	local left_out = admit(effect.policy);
	if not left_out then return; end
	local text = effect.text:sub(1, most_bytes);
	if left_out > 0 then text = ("%s\n(%d others were left out before this)"):format(text, left_out); end
	local recipients = operators();
	if not next(recipients) then
		module:log("warn", "The policy %s has something to tell the operator, and there is nobody: name somebody in wasm_operators", effect.policy);
	end
	for to in pairs(recipients) do send(to, text); end
end

return { apply = apply };

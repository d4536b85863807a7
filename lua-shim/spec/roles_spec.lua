local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local st = require "util.stanza";

-- As in 13.0 and as in 0.12.
local with_roles = { get_jid_role = function (address)
	if address == "broken@example.com" then error("the disk is gone"); end
	return address:find("@example.com$") and { name = address == "root@example.com" and "prosody:operator" or "prosody:registered" } or nil;
end };
local without_roles = { is_admin = function (address) return address == "root@example.com"; end };

local function roles(usermanager, from, to)
	local running = server.new({}, { usermanager = usermanager });
	return running.module:require("roles")({ stanza = st.message({ from = from, to = to }) });
end

describe("the roles of the parties", function ()
	local cases = {
		-- Prosody, from, to, what they are
		{ with_roles, "root@example.com/x", "alice@example.com", { sender = "prosody:operator", recipient = "prosody:registered" } };
		{ with_roles, "alice@example.com/x", nil, { sender = "prosody:registered", recipient = "prosody:registered" } };
		{ with_roles, "bob@example.org/x", "broken@example.com", {} };
		{ with_roles, nil, nil, {} };
		{ without_roles, "root@example.com/x", "alice@example.com", { sender = "prosody:admin", recipient = "prosody:registered" } };
		{ without_roles, "bob@example.org/x", "example.com", {} };
	};
	for number, case in ipairs(cases) do
		it(("are known, case %d"):format(number), function ()
			assert.same(case[4], roles(case[1], case[2], case[3]));
		end);
	end
end);

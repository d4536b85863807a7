local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local set = require "util.set";

local function new(options, roles)
	local usermanager = { get_users_with_role = roles and function (role) return roles[role]; end };
	local running = server.new({}, { usermanager = usermanager });
	function running.module.get_option_set(_, name, default) return set.new(options[name] or default); end
	function running.module.get_option_inherited_set(_, name, default) return set.new(options[name] or default); end
	running.operators = running.module:require("operators");
	return running;
end

local function tell(running, text)
	running.operators.apply.tell({ policy = "blocking"; text = text });
end

local function recipients(running)
	local found = {};
	for i, stanza in ipairs(running.sent) do found[i] = stanza.attr.to; end
	table.sort(found);
	return found;
end

describe("what a policy tells the operator", function ()
	local rows = {
		{ "whoever is named", { wasm_operators = { "Abuse@example.org/desk" }; admins = { "root@example.com" } }, nil, { "abuse@example.org" } };
		{ "the admins", { admins = { "root@example.com", "boss@example.org" } }, nil, { "boss@example.org", "root@example.com" } };
		{ "who has the role", {}, { ["prosody:admin"] = { "root" }; ["prosody:operator"] = { "root", "op" } }, { "op@example.com", "root@example.com" } };
		{ "nobody", { wasm_operators = { "@@" } }, nil, {} };
	};
	for _, row in ipairs(rows) do
		it("reaches "..row[1], function ()
			local running = new(row[2], row[3]);
			tell(running, "news");
			assert.same(row[4], recipients(running));
			assert.equal(#row[4] == 0, running.logged("nobody: name somebody in wasm_operators") ~= nil);
			assert.is_nil(running.logged("news"));
		end);
	end

	it("is a message of the host, which nobody judges", function ()
		local running = new({ wasm_operators = { "abuse@example.org" } });
		tell(running, "news");
		local stanza = running.sent[1];
		assert.same({ "example.com", "normal", "news", true },
			{ stanza.attr.from, stanza.attr.type, stanza:get_child_text("body"), stanza._wasm_notice });
	end);

	it("is at most sixty an hour, and the rest is counted", function ()
		local time, seconds = require "util.time", 0;
		local now = time.now;
		finally(function () time.now = now; end);
		time.now = function () return now() + seconds; end;
		local running = new({ wasm_operators = { "abuse@example.org" } });
		for number = 1, 65 do tell(running, "news "..number); end
		assert.equal(60, #running.sent);
		seconds = 60 * 60;
		tell(running, "later");
		assert.equal("later\n(5 others were left out before this)", running.sent[61]:get_child_text("body"));
		tell(running, "last");
		assert.equal("last", running.sent[62]:get_child_text("body"));
	end);
end);

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local st = require "util.stanza";

local rosters = { alice = {
	[false] = { pending = { ["frank@example.org"] = true } };
	["bob@example.org"] = { subscription = "both", groups = { Work = true, Friends = true } };
	["carol@example.org"] = {};
} };

local function prepare()
	local running = server.new({}, { rosters = rosters });
	local phone = { full_jid = "alice@example.com/phone", directed = { ["stan@example.org/x"] = true } };
	running.prosody.full_sessions[phone.full_jid] = phone;
	running.prosody.bare_sessions["alice@example.com"] = { sessions = { phone = phone } };
	return running.module:require("standing"), running;
end

local function none(found)
	for _, name in ipairs({ "asked", "connected", "greeted" }) do found[name] = found[name] or false; end
	return found;
end

describe("how a recipient stands to a sender", function ()
	local stranger = nil;
	local cases = {
		-- from, to, what is known
		{ "bob@example.org/x", "alice@example.com", none({ entry = { subscription = "both", groups = { "Friends", "Work" } } }) };
		{ "carol@example.org", "alice@example.com", none({ entry = { subscription = "none", groups = {} } }) };
		{ "frank@example.org/x", "alice@example.com", none({ asked = true }) };
		{ "rick@example.org/x", "alice@example.com", stranger };
		{ "rick@example.org/x", "alice@example.com/phone", none({ connected = true }) };
		{ "rick@example.org/x", "alice@example.com/gone", stranger };
		{ "stan@example.org/x", "alice@example.com", none({ greeted = true }) };
		{ "stan@example.org/x", "alice@example.com/phone", none({ greeted = true, connected = true }) };
		{ "stan@example.org/x", "alice@example.com/gone", stranger };
		{ "stan@example.org/y", "alice@example.com", stranger };
		{ "alice@example.com/phone", nil, stranger };
		{ "bob@example.org/x", "erin@example.com", stranger };
		{ "bob@example.org/x", "alice@elsewhere.org", nil };
		{ "bob@example.org/x", "room@rooms.example.com", nil };
		{ "bob@example.org/x", "example.com", nil };
		{ nil, "alice@example.com", nil };
	};
	for number, case in ipairs(cases) do
		it(("is known, case %d"):format(number), function ()
			local standing = prepare();
			local origin = { type = "c2s", username = "alice", host = "example.com" };
			assert.same(case[3], standing({ origin = origin, stanza = st.message({ from = case[1], to = case[2] }) }));
		end);
	end

	it("is not known when the roster cannot be read", function ()
		local standing = prepare();
		package.loaded["core.rostermanager"].load_roster = function () error("the disk is gone"); end;
		assert.is_nil(standing({ origin = {}, stanza = st.message({ from = "a@b", to = "alice@example.com" }) }));
	end);

	it("has at most 32 groups", function ()
		local many = {};
		for number = 1, 40 do many[("%02d"):format(number)] = true; end
		rosters.alice["many@example.org"] = { subscription = "to", groups = many };
		local standing = prepare();
		local entry = standing({ origin = {}, stanza = st.message({ from = "many@example.org", to = "alice@example.com" }) }).entry;
		assert.equal("32 01 32", table.concat({ #entry.groups, entry.groups[1], entry.groups[32] }, " "));
	end);
end);

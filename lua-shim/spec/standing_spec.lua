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
	local standing = running.module:require("standing");
	return standing.between, running, standing;
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

	-- from, to, is it to a client, is it from a contact?
	local circumstances = {
		{ "bob@example.org/x", "alice@example.com", false, true };
		{ "bob@example.org/x", "alice@example.com/phone", true, true };
		{ "bob@example.org/x", "alice@example.com/gone", false, true };
		{ "carol@example.org", "alice@example.com/phone", true, false };
		{ "frank@example.org/x", "alice@example.com", false, false };
		{ "rick@example.org/x", "alice@example.com/phone", true, false };
		{ "alice@example.com/desk", "alice@example.com", false, true };
		{ "alice@example.com/desk", "alice@example.com/phone", true, true };
		{ "alice@example.com/desk", nil, false, false };
		{ nil, "alice@example.com/phone", false, false };
		{ "bob@example.org/x", "erin@example.com", false, false };
		{ "bob@example.org/x", "alice@elsewhere.org", false, false };
		{ "bob@example.org/x", "room@rooms.example.com", false, false };
		{ "bob@example.org/x", "example.com", false, false };
	};
	for number, case in ipairs(circumstances) do
		it(("is seen without asking, case %d"):format(number), function ()
			local _, _, standing = prepare();
			local stanza = st.message({ from = case[1], to = case[2] });
			assert.same({ case[3], case[4] }, { standing.is_to_client(stanza), standing.is_from_contact(stanza) });
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

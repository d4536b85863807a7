local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_rooms = require "fake_rooms";

local tea = "tea@rooms.example.com";
local fake_server = server.new({}, { host = "rooms.example.com" });
fake_server.module.get_option_boolean = function (_, name, default)
	if fake_server.config[name] == nil then return default; end
	return fake_server.config[name];
end;
local form = fake_server.module:require("room_form");
local muc_mam = fake_server.prosody.hosts["rooms.example.com"].modules;

local function value_field(iq, name)
	for field in iq.tags[1].tags[1]:childtags("field") do
		if field.attr.var == "muc#roomconfig_"..name then return field:get_child("value"); end
	end
end

describe("a room as a form", function ()
	local room;
	before_each(function () room = fake_rooms.new_room(tea); muc_mam.muc_mam = nil; end);

	it("has these fields and no others", function ()
		local names = {};
		for field in form.stanza(form.read(room), tea).tags[1].tags[1]:childtags("field") do names[#names + 1] = field.attr.var; end
		assert.same({ "FORM_TYPE"; "muc#roomconfig_publicroom"; "muc#roomconfig_persistentroom"; "muc#roomconfig_membersonly";
			"muc#roomconfig_moderatedroom"; "muc#roomconfig_changesubject"; "muc#roomconfig_allowinvites"; "muc#roomconfig_whois" }, names);
	end);

	-- title, archives?, options, what the room says, expected
	for _, row in ipairs({
		{ "no archives", false, {}, true, nil };
		{ "archived by default", true, {}, nil, true };
		{ "not by default", true, { muc_log_by_default = false }, nil, false };
		{ "as the room says", true, {}, false, false };
		{ "all rooms, whatever they say", true, { muc_log_all_rooms = true }, false, true };
	}) do
		it("is archived: "..row[1], function ()
			muc_mam.muc_mam = row[2] and {} or nil;
			fake_server.config = row[3];
			room._data.archiving = row[4];
			assert.equal(row[5], form.read(room).enablelogging);
			fake_server.config = {};
		end);
	end

	it("comes back as it was, or as it was edited", function ()
		local configuration = form.read(room);
		local iq = form.stanza(configuration, tea, "alice@example.com/phone", "de");
		assert.same(configuration, form.parse(iq, configuration));
		value_field(iq, "whois")[1] = "anyone";
		value_field(iq, "membersonly")[1] = "1";
		local parsed = form.parse(iq, configuration);
		assert.same({ "anyone", true }, { parsed.whois, parsed.membersonly });
		local names = {};
		for _, property in ipairs(form.differences(configuration, parsed)) do names[#names + 1] = property.name; end
		assert.same({ "members-only", "addresses seen by" }, names);
	end);

	-- What a policy may write there that is nothing: then it has failed.
	for _, row in ipairs({ { "whois", "nobody" }; { "whois", "" }; { "membersonly", "yes" }; { "publicroom", "" }; { "publicroom", "2" } }) do
		it("is refused with "..row[2].." in "..row[1], function ()
			local configuration = form.read(room);
			local iq = form.stanza(configuration, tea);
			value_field(iq, row[1])[1] = row[2];
			assert.has_error(function () form.parse(iq, configuration); end);
		end);
	end

	it("is refused when the form has gone", function ()
		local configuration = form.read(room);
		local iq = form.stanza(configuration, tea);
		iq.tags[1]:maptags(function () return nil; end);
		assert.has_error(function () form.parse(iq, configuration); end);
	end);

	-- who is shown to others, fields that an owner submits, who sees addresses then
	for _, row in ipairs({
		{ { "visitor", "participant", "moderator" }, {}, "anyone" };
		{ { "moderator" }, {}, "moderators" };
		{ {}, {}, "moderators" };
		{ { "visitor", "participant", "moderator" }, { ["muc#roomconfig_presencebroadcast"] = { "moderator", "participant" } }, "moderators" };
		{ { "visitor", "participant", "moderator" }, { ["muc#roomconfig_presencebroadcast"] = { "moderator", "participant", "visitor", "none" } }, "anyone" };
	}) do
		it("shows addresses to everybody only when everybody is shown: "..table.concat(row[1], ", "), function ()
			room._data.whois, room._data.presence_broadcast = "anyone", {};
			for _, role in ipairs(row[1]) do room._data.presence_broadcast[role] = true; end
			assert.equal(row[3], form.wanted(form.read(room), row[2]).whois);
			local whois = form.differences({ whois = "moderators" }, { whois = "anyone" })[1];
			form.put(row[2], whois, "anyone");
			form.set(room, whois, "anyone");
			assert.equal("anyone", form.wanted(form.read(room), row[2]).whois);
		end);
	end
end);

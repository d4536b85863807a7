-- What a room is, as policies see it: the form that an owner submits (XEP-0045 §10.2), with these fields and no others.

local new_set = require "util.set".new;
local st = require "util.stanza";
local members = module:require "room_members";

local xmlns_owner, xmlns_data = "http://jabber.org/protocol/muc#owner", "jabber:x:data";
local form_type = "http://jabber.org/protocol/muc#roomconfig";
local prefix = "muc#roomconfig_";

local function has_archives()
	return prosody.hosts[module.host].modules.muc_mam ~= nil;
end

-- As mod_muc_mam decides it.
local function is_archived(room)
	if module:get_option_boolean("muc_log_all_rooms", false) then return true; end
	if room._data.archiving == nil then return module:get_option_boolean("muc_log_by_default", true); end
	return room._data.archiving == true;
end

-- Who is shown to others at all: those with these roles.
local presence_roles = { "visitor", "participant", "moderator" };
local presence_field = prefix.."presencebroadcast";

local function are_all_shown(room)
	local is_shown = room:get_presence_broadcast();
	for _, role in ipairs(presence_roles) do
		if not is_shown[role] then return false; end
	end
	return true;
end

-- Everybody sees the address of everybody, or only moderators do: somebody who is not shown at all has none that could be seen.
local function seen_by(room)
	return room:get_whois() == "anyone" and are_all_shown(room) and "anyone" or "moderators";
end

local function set_seen_by(room, word)
	room:set_whois(word);
	if word == "anyone" and not are_all_shown(room) then members.show_all(room); end
end

-- In the order of the form. name: how `wasm rooms` calls it; field: how Prosody's own form does, if not as ours.
local properties = {
	{ key = "publicroom"; name = "public"; get = function (room) return room:get_public(); end; set = "set_public" };
	{ key = "persistentroom"; name = "persistent"; get = function (room) return room:get_persistent(); end; set = "set_persistent" };
	{ key = "membersonly"; name = "members-only"; get = function (room) return room:get_members_only(); end; set = "set_members_only" };
	{ key = "moderatedroom"; name = "moderated"; get = function (room) return room:get_moderated(); end; set = "set_moderated" };
	{ key = "changesubject"; name = "subject by anyone"; get = function (room) return room:get_changesubject(); end; set = "set_changesubject" };
	{
		key = "allowinvites"; name = "invitations by members"; field = "{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites";
		get = function (room) return room:get_allow_member_invites(); end; set = "set_allow_member_invites";
	};
	{ key = "enablelogging"; name = "archive"; field = prefix.."enablearchiving"; get = is_archived; exists = has_archives };
	{ key = "whois"; name = "addresses seen by"; is_word = true; get = seen_by; set = set_seen_by };
};

local function field_of(property) return property.field or prefix..property.key; end

local function exists(property) return not property.exists or property.exists(); end

-- -> { [key] = boolean, or text for `whois` }
local function read(room)
	local configuration = {};
	for _, property in ipairs(properties) do
		if exists(property) then
			local value = property.get(room);
			configuration[property.key] = property.is_word and value or not property.is_word and value == true;
		end
	end
	return configuration;
end

-- configuration: what the room is; fields: of a form that was submitted to Prosody, as it has read them. -> what it would be
local function wanted(configuration, fields)
	for _, property in ipairs(properties) do
		local value = fields[field_of(property)];
		if value ~= nil and configuration[property.key] ~= nil then configuration[property.key] = value; end
	end
	local roles = fields[presence_field];
	if type(roles) == "table" and not (new_set(presence_roles) - new_set(roles)):empty() then configuration.whois = "moderators"; end
	return configuration;
end

local function text_of(value)
	if type(value) == "boolean" then return value and "1" or "0"; end
	return tostring(value);
end

-- from: the full address of the owner, if there is one
local function stanza(configuration, room_jid, from, lang)
	local iq = st.iq({ type = "set"; id = "room"; from = from; to = room_jid; ["xml:lang"] = lang })
		:tag("query", { xmlns = xmlns_owner }):tag("x", { xmlns = xmlns_data; type = "submit" })
		:tag("field", { var = "FORM_TYPE" }):text_tag("value", form_type):up();
	for _, property in ipairs(properties) do
		local value = configuration[property.key];
		if value ~= nil then iq:tag("field", { var = prefix..property.key }):text_tag("value", text_of(value)):up(); end
	end
	return iq:reset();
end

local booleans = { ["1"] = true; ["true"] = true; ["0"] = false; ["false"] = false };
local words = { anyone = "anyone"; moderators = "moderators" };

local function value_of(property, text)
	local value = (property.is_word and words or booleans)[text or ""];
	if value == nil then error(("a policy wrote into %s what cannot be there"):format(prefix..property.key), 0); end
	return value;
end

-- The form after the edits of policies; raises if it is none any more. What is not in it stays.
local function parse(iq, configuration)
	local form = iq:get_child("query", xmlns_owner);
	form = form and form:get_child("x", xmlns_data) or error("a policy took away the form of a room", 0);
	local texts, parsed = {}, {};
	for field in form:childtags("field") do
		if field.attr.var then texts[field.attr.var] = field:get_child_text("value") or ""; end
	end
	for _, property in ipairs(properties) do
		local text = texts[prefix..property.key];
		if configuration[property.key] ~= nil then
			parsed[property.key] = configuration[property.key];
			if text then parsed[property.key] = value_of(property, text); end
		end
	end
	return parsed;
end

-- -> the properties that differ, a list
local function differences(before, after)
	local found = {};
	for _, property in ipairs(properties) do
		if before[property.key] ~= after[property.key] then found[#found + 1] = property; end
	end
	return found;
end

local function set(room, property, value)
	if type(property.set) == "function" then return property.set(room, value); end
	if property.set then room[property.set](room, value); else room._data.archiving = value; end
end

-- What an owner gets in place of what he wrote into these fields.
local function put(fields, property, value)
	if fields[field_of(property)] ~= nil then fields[field_of(property)] = value; end
	if property.key == "whois" and value == "anyone" and fields[presence_field] then fields[presence_field] = presence_roles; end
end

-- For those who are in the room (XEP-0045 §10.2.1).
local function status_code(property, value)
	if property.key == "enablelogging" then return value and "170" or "171"; end
	if property.key == "whois" then return value == "anyone" and "172" or "173"; end
	return "104";
end

return {
	read = read; wanted = wanted; stanza = stanza; parse = parse; differences = differences; set = set; put = put;
	status_code = status_code; text_of = text_of;
};

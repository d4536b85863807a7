-- How rooms are configured: policies are asked, and what they say is done.

local jid_bare = require "util.jid".bare;
local st = require "util.stanza";
local form = module:require "room_form";
local members = module:require "room_members";
local parties = module:require "parties";

local xmlns_muc_user = "http://jabber.org/protocol/muc#user";

local function names_of(differences, configuration)
	local names = {};
	for _, property in ipairs(differences) do
		names[#names + 1] = ("%s = %s"):format(property.name, form.text_of(configuration[property.key]));
	end
	return names;
end

local function set_property(room, property, value)
	if property.key == "membersonly" and value then members.make_members(room); end
	form.set(room, property, value);
end

-- As long as only its owner can enter a room, it may yet be none: if he leaves without having configured it, Prosody forgets it.
-- That it stays is put into effect when it is opened.
local staying = setmetatable({}, { __mode = "k" }); -- rooms of which that is decided

local function read(room)
	local configuration = form.read(room);
	configuration.persistentroom = configuration.persistentroom or staying[room] == true;
	return configuration;
end

local function to_be_written(room, becomes)
	staying[room] = room._data.locked and becomes.persistentroom or nil;
	return form.differences(read(room), becomes);
end

-- Before anything is shown that was not shown before.
local function announce(room, differences, configuration)
	if not room:has_occupant() then return; end
	local message, told = st.message({ type = "groupchat"; from = room.jid }):tag("x", { xmlns = xmlns_muc_user }), {};
	for _, property in ipairs(differences) do
		local code = form.status_code(property, configuration[property.key]);
		if not told[code] then message:tag("status", { code = code }):up(); end
		told[code] = true;
	end
	room:broadcast_message(message:reset());
end

-- Was it refused for now only, because a policy failed or is not there yet? Then nothing is known about the room.
local function is_for_now(ruling)
	return ruling.is_closed or not ruling.passes and (not ruling.bounce or ruling.bounce.type == "wait");
end

-- rulings: rulings.lib.lua; records: room_records.lib.lua
local function new(rulings, records)
	local self = {};
	local changing = setmetatable({}, { __mode = "k" }); -- rooms that are being changed by us

	local function ask(room, occasion, configuration, event)
		local stanza = event and event.stanza;
		local from = stanza and stanza.attr.from;
		local passage = parties.between("incoming", event and parties.source(event.origin, stanza) or "service", "room");
		local asked = form.stanza(configuration, room.jid, from, stanza and stanza.attr["xml:lang"]);
		local facts = { room = { address = room.jid; occasion = occasion; actor = from and jid_bare(from) } };
		local origin = event and event.origin or prosody.hosts[module.host];
		return rulings.rule("configuration", { stanza = asked; origin = origin }, passage, facts);
	end

	-- -> ruling, what the room becomes | ruling, nil: it is refused
	local function rule(room, occasion, configuration, event)
		local ruling = ask(room, occasion, configuration, event);
		if not ruling.passes then return ruling; end
		return ruling, ruling.edited and form.parse(ruling.edited, configuration) or configuration;
	end

	local function record(room, ruling, before, becomes)
		local differences = becomes and form.differences(before, becomes) or {};
		local verdict = ruling.manner == "opened" and "exempt" or not becomes and "differs" or #differences > 0 and "set right" or "in line";
		return records.set(room.jid, {
			configuration = becomes or before; verdict = verdict; reason = ruling.reason;
			changes = #differences > 0 and names_of(differences, becomes) or nil;
		});
	end

	function self.is_heard() return rulings.is_heard("configuration"); end

	function self.is_being_changed(room) return changing[room] == true; end

	-- Puts it into effect. What fails half way fails before it is saved.
	local function write(room, becomes, is_silent)
		local differences = to_be_written(room, becomes);
		if #differences == 0 then return; end
		changing[room] = true;
		local ok, err = pcall(function ()
			if not is_silent then announce(room, differences, becomes); end
			for _, property in ipairs(differences) do set_property(room, property, becomes[property.key]); end
		end);
		changing[room] = nil;
		if not ok then error(err, 0); end
		return true;
	end

	-- A room that is being created. -> nil | the ruling, if it is refused
	function self.create(room, event)
		local before = read(room);
		local ruling, becomes = rule(room, "created", before, event);
		if not becomes then return ruling; end
		if ruling.reason == "not-asked" then return nil; end
		record(room, ruling, before, becomes);
		write(room, becomes, true);
	end

	-- What an owner wants of it. -> ruling, { [property] = value } that he gets instead | the ruling, if it is refused
	function self.change(room, fields, event)
		local before = form.wanted(read(room), fields);
		local ruling, becomes = rule(room, "changed", before, event);
		if not becomes then return ruling; end
		if ruling.reason == "not-asked" then return ruling, {}; end
		record(room, ruling, before, becomes);
		local instead = {};
		for _, property in ipairs(form.differences(before, becomes)) do instead[property] = becomes[property.key]; end
		return ruling, instead;
	end

	-- While Prosody puts into effect what an owner wants: what he gets instead.
	function self.override(room, instead, event)
		changing[room] = true;
		local ok, err = pcall(function ()
			for property, value in pairs(instead) do
				form.put(event.fields, property, value);
				if property.get(room) ~= value then
					set_property(room, property, value);
					event.status_codes[form.status_code(property, value)] = true;
				end
			end
		end);
		changing[room] = nil;
		if not ok then error(err, 0); end
	end

	-- The form that its owner is given says what it will be.
	function self.show(room, fields)
		for _, field in ipairs(staying[room] and fields or {}) do
			if field.name == "muc#roomconfig_persistentroom" then field.value = true; end
		end
	end

	-- Others can enter it from now on.
	function self.open(room)
		if not staying[room] then return; end
		staying[room] = nil;
		room:set_persistent(true);
		room:save();
	end

	-- A room that is there. -> has it been changed?, is it to be asked about again later?
	function self.find(room)
		local before = read(room);
		local ruling, becomes = rule(room, "found", before);
		if is_for_now(ruling) then return false, true; end
		if ruling.reason == "not-asked" then return false, false; end
		record(room, ruling, before, becomes);
		return becomes ~= nil and write(room, becomes) == true, false;
	end

	-- Somebody changed it, and no form says what he wanted.
	function self.check(room)
		local known = records.get(room.jid);
		local now = read(room);
		if not known or #form.differences(known.configuration, now) == 0 then return; end
		local ruling, becomes = rule(room, "changed", now);
		if is_for_now(ruling) or ruling.reason == "not-asked" then return; end
		if becomes then record(room, ruling, now, becomes); end
		write(room, becomes or known.configuration);
	end

	-- Does a policy except it? Nothing is changed. What it said stays with the room as long as the same policies decide.
	function self.is_exempt(room)
		local known = records.get(room.jid);
		if known then return known.verdict == "exempt"; end
		local said = room.wasm_exempt;
		if said and said.era == records.era then return said.is_exempt; end
		local ruling = rule(room, "found", read(room));
		if not ruling.passes then return false; end
		room.wasm_exempt = { era = records.era; is_exempt = ruling.manner == "opened" };
		return room.wasm_exempt.is_exempt;
	end

	return self;
end

return { new = new };

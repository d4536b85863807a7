-- Rooms of this host: who answers which of Prosody's events about what a room is.

local dataforms = require "util.dataforms";
local jid_bare = require "util.jid".bare;
local st = require "util.stanza";
local room_list = module:require "room_list";
local room_records = module:require "room_records";
local room_settling = module:require "room_settling";
local room_sweep = module:require "room_sweep";
local room_watch = module:require "room_watch";
local rulings = module:require "rulings";

local xmlns_owner, xmlns_data = "http://jabber.org/protocol/muc#owner", "jabber:x:data";
local unavailable = { type = "wait"; condition = "policy-violation"; text = "This server cannot create or change rooms at the moment. Try again later." };

local function muc() return prosody.hosts[module.host].modules.muc; end

-- The form by which an owner configures a room; not one by which he does not.
local function submitted_form(stanza)
	local query = stanza:get_child("query", xmlns_owner);
	local child = query and query.tags[1];
	return child and child.name == "x" and child.attr.xmlns == xmlns_data and child.attr.type == "submit" and child or nil;
end

-- What Prosody will read in it; nothing when it will refuse it.
local function fields_of(room, submitted, from)
	if not submitted.tags[1] then return {}; end
	local fields = room:get_form_layout(from):data(submitted);
	return dataforms.get_type(submitted) == "http://jabber.org/protocol/muc#roomconfig" and fields or nil;
end

local function refuse(event, ruling)
	local error = ruling and ruling.bounce or unavailable;
	event.origin.send(st.error_reply(event.stanza, error.type or "cancel", error.condition or "policy-violation", error.text, module.host));
	return true;
end

-- Which generations decide: others settle all rooms anew.
local function deciders(chain)
	local names = {};
	for _, slot in ipairs(chain and chain:status() or {}) do
		for _, hook in ipairs(slot.hooks or {}) do
			if hook == "room-policy" and slot.identity then names[#names + 1] = slot.name.."="..slot.identity; end
		end
	end
	table.sort(names);
	return table.concat(names, " ");
end

-- state: see judge.lib.lua
local function new(state, crossing)
	local self = { gates = {}; refresh = function () end; stop = function () end };
	if module:get_host_type() ~= "component" then return self; end

	local records = room_records.new();
	local settling = room_settling.new(rulings.new(state, crossing), records);
	local instead = setmetatable({}, { __mode = "k" }); -- by form: what its owner gets in place of what he wants
	local last_deciders;

	local function protect(action, ...) return crossing.protect(state, action, ...); end

	local function or_refuse(action)
		return function (event)
			local ok, result = protect(action, event);
			if ok then return result; end
			return state.denies and refuse(event) or nil;
		end;
	end

	local function or_nothing(action) return crossing.or_nothing(state, action); end

	local watch = room_watch.new(function (room)
		if room.destroying or settling.is_being_changed(room) or not settling.is_heard() then return; end
		protect(settling.check, room);
	end);

	-- -> is it to be looked at again later?
	local function find(room)
		if room._data.destroyed or not settling.is_heard() then return false; end
		local is_changed, is_postponed = settling.find(room);
		if is_changed then room:save(true); end
		return is_postponed;
	end

	local sweep = room_sweep.new(function (room)
		watch.watch(room);
		local ok, is_postponed = protect(find, room);
		return not ok or is_postponed;
	end);

	local function create(event)
		if not settling.is_heard() then return nil; end
		local ruling = settling.create(event.room, event);
		return ruling and refuse(event, ruling) or nil;
	end

	-- By a command or another module nobody is there to be refused. A new room that is to stay is on the disk as soon as it is open.
	local function created(event)
		local room = event.room;
		watch.watch(room);
		if not settling.is_heard() then return; end
		if not records.get(room.jid) then settling.find(room); end
		if room:get_persistent() then room:save(); end
	end

	local function restored(event)
		watch.watch(event.room);
		sweep.note_restored(event.room, find(event.room));
	end

	local function configure(event)
		local stanza = event.stanza;
		local submitted = settling.is_heard() and submitted_form(stanza);
		local room = submitted and muc() and muc().get_room_from_jid(jid_bare(stanza.attr.to));
		if not room or room._data.destroyed or room:get_affiliation(stanza.attr.from) ~= "owner" then return nil; end
		local fields = fields_of(room, submitted, stanza.attr.from);
		if not fields then return nil; end
		local ruling, gets = settling.change(room, fields, event);
		if not gets then return refuse(event, ruling); end
		instead[stanza] = gets;
		return nil;
	end

	local function being_configured(event)
		local gets = instead[event.stanza];
		if gets then settling.override(event.room, gets, event); end
	end

	module:hook("muc-config-submitted", or_nothing(being_configured), -2); -- after it was unlocked (-1)
	module:hook("muc-config-form", or_nothing(function (event) settling.show(event.room, event.form); end), -10); -- after Prosody's fields
	module:hook("muc-room-created", or_nothing(created), -10);
	module:hook("muc-room-unlocked", or_nothing(function (event) settling.open(event.room); end), -10);
	module:hook("muc-room-restored", or_nothing(restored), -10);
	module:hook("muc-occupant-joined", or_nothing(function (event) watch.watch(event.room); end), -10);
	module:hook("muc-room-destroyed", or_nothing(function (event) records.forget(event.room.jid); end), -10);

	-- chain: nil when there is none
	function self.refresh(chain)
		local ok, now = protect(deciders, chain);
		if not ok or now == last_deciders then return; end
		last_deciders = now;
		records.next_era();
		if now == "" then sweep.stop(); else sweep.start(); end
	end

	function self.stop()
		sweep.stop();
		watch.stop();
	end

	-- Is this room outside of rules that are for rooms? Whoever asks may be another host.
	function self.is_exempt(jid)
		if not settling.is_heard() or state.closed then return false; end
		local ok, result = protect(function ()
			local room = muc() and muc().get_room_from_jid(jid);
			return room and not room._data.destroyed and settling.is_exempt(room);
		end);
		return ok and result == true;
	end

	function self.rows() return room_list.rows(records); end

	self.gates = {
		["muc-room-pre-create"] = or_refuse(create);
		["muc-room-configured"] = or_refuse(configure);
	};
	return self;
end

return { new = new };

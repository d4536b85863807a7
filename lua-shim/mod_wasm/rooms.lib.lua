-- The history of rooms (mod_muc) and their archives (mod_muc_mam). Both are filled by one event, and what is in memory
-- is written to disk when a room is evicted or the server stops: so there is one ruling for all three.

local st = require "util.stanza";
local parties = module:require "parties";
local temporarily = module:require "temporarily";

local xmlns_stanza_id = "urn:xmpp:sid:0";
local passage = parties.between("incoming", "room", "room");

-- mod_muc_mam writes the id that it gave into the stanza that it stored; it belongs into the one that is sent, too.
local function copy_ids(stored, stanza, room)
	for _, tag in ipairs(stored.tags) do
		if tag.name == "stanza-id" and tag.attr.xmlns == xmlns_stanza_id and tag.attr.by == room.jid then
			stanza:add_direct_child(st.clone(tag));
		end
	end
end

local function new(rulings)
	-- By stanza: what was ruled, and so the copy that is kept in its place.
	local ruled = setmetatable({}, { __mode = "k" });

	local function rule(event)
		local stanza = event.stanza;
		ruled[stanza] = ruled[stanza] or rulings.rule("room", { stanza = stanza; origin = event.origin }, passage, { wanted = true });
		return ruled[stanza];
	end

	local function is_historic(handlers, event_name, event)
		ruled[event.stanza] = nil; -- it may have been changed since
		local ruling = rule(event);
		if not ruling.passes then return false; end
		if not ruling.edited then return handlers(event_name, event); end
		return temporarily(event, "stanza", ruling.edited, handlers, event_name, event);
	end

	-- Whoever fires this without having asked is ruled on here.
	local function add_history(handlers, event_name, event)
		local stanza, ruling = event.stanza, rule(event);
		ruled[stanza] = nil;
		if not ruling.passes then return true; end
		if not ruling.edited then return handlers(event_name, event); end
		local result = temporarily(event, "stanza", ruling.edited, handlers, event_name, event);
		copy_ids(ruling.edited, stanza, event.room);
		return result;
	end

	return { is_historic = is_historic; add_history = add_history };
end

return { new = new };

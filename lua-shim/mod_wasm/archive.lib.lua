-- The archives of users (mod_mam, XEP-0313): what is stored is what policies let be stored.
--
-- mod_mam asks by "archive-should-store", stores the stanza that it asked about, and hands a copy of it on. So the stanza
-- changes what is inside with an edited copy while it is stored, and gets it back right after. What is ruled on is what is
-- stored: whoever changed the stanza before, and nobody can in between.

local jid_bare = require "util.jid".bare;
local st = require "util.stanza";
local address = module:require "addresses".of;
local parties = module:require "parties";
local preferences = module:require "preferences";

local xmlns_stanza_id = "urn:xmpp:sid:0";
local host = module.host;
local wanted = { wanted = true }; -- what is known of such a conversation
local most_inside = 10; -- messages that are sent while another one is handled, or left behind by whoever answered or raised in between

local function is_archiving()
	return prosody.hosts[host].modules.mam ~= nil;
end

-- Whose archive is it, and who is the other party? As mod_mam sees it.
local function user_and_other(stanza, origin, direction)
	local to = stanza.attr.to or stanza.attr.from;
	if direction == "outgoing" then return origin.username, address(to).bare; end
	return address(to).node, address(stanza.attr.from).bare;
end

-- Exchanges what is inside two stanzas, so that each table, which others hold on to, is the other stanza.
local function exchange(one, other)
	one.attr, other.attr = other.attr, one.attr;
	one.tags, other.tags = other.tags, one.tags;
	for i = 1, math.max(#one, #other) do one[i], other[i] = other[i], one[i]; end
end

local function is_id(tag, bare)
	return tag.name == "stanza-id" and tag.attr.xmlns == xmlns_stanza_id and jid_bare(tag.attr.by or "") == bare;
end

local function last_id(stanza, bare)
	local found;
	for _, tag in ipairs(stanza.tags) do
		if is_id(tag, bare) then found = tag; end
	end
	return found;
end

local function label(node) return type(node) == "table" and node.name or node; end

-- Is this the copy that mod_mam handed on, with nothing but its id behind what was stored?
local function is_copy(handed_on, stored, id)
	local last = #handed_on;
	if not id or handed_on[last] ~= id or last ~= #stored + 1 then return false; end
	for i = 1, last - 1 do
		if type(handed_on[i]) ~= type(stored[i]) or label(handed_on[i]) ~= label(stored[i]) then return false; end
	end
	return true;
end

-- -> { [element that was stored] = the copy of it }
local function copies_of(handed_on, stored)
	local copies = {};
	for i = 1, #stored do
		if type(stored[i]) == "table" then copies[stored[i]] = handed_on[i]; end
	end
	return copies;
end

local none = {};

-- The stanza with the id that mod_mam gave it, and without those that somebody forged in its name. It shares nothing with the stanza:
-- one of the two is delivered, the other one is in other hands. mod_mam has made a copy of what was stored for the same reason; what
-- is the same in both is taken from there and not copied again.
local function handed_on_with_id(stanza, handed_on, stored, bare)
	local id = last_id(handed_on, bare);
	local copies = is_copy(handed_on, stored, id) and copies_of(handed_on, stored) or none;
	local copy = st.clone(stanza, true);
	for i = 1, #stanza do
		local child = stanza[i];
		if type(child) == "string" then
			copy[#copy + 1] = child;
		elseif not is_id(child, bare) then
			copy:add_direct_child(copies[child] or st.clone(child));
		end
	end
	if id then copy:add_direct_child(id); end
	return copy;
end

local function new(rulings)
	-- The event in which mod_mam may ask: { event, direction, outer = that in which it was fired, depth }; while an edited copy is stored
	-- also { stanza, edited }, which have exchanged what is inside of them
	local current;

	local function before(event, direction)
		if not rulings.is_heard("archive") then current = nil; return; end
		if current and current.depth == most_inside then current.outer, current.depth = nil, 1; end
		current = { event = event; direction = direction; outer = current; depth = current and current.depth + 1 or 1 };
	end

	-- Puts back what is inside. What mod_mam has handed on by then is a copy of what it stored: it becomes one of the stanza.
	local function restore()
		local asked = current;
		local edited = asked and asked.edited;
		if not edited then return; end
		local event, stanza = asked.event, asked.stanza;
		exchange(stanza, edited);
		asked.edited = nil;
		if event.stanza == stanza then return; end
		local bare = user_and_other(stanza, event.origin, asked.direction).."@"..host;
		event.stanza = handed_on_with_id(stanza, event.stanza, edited, bare);
	end

	-- With it end those that were fired in it and have not ended.
	local function after(event)
		local ended;
		repeat
			restore();
			ended, current = current, current.outer;
		until not current or ended.event == event;
	end

	local function rule(payload, direction)
		local stanza, origin = payload.stanza, payload.session;
		local username, other = user_and_other(stanza, origin, direction);
		local passage = parties.passage(direction, origin, stanza);
		return rulings.rule("archive", { stanza = stanza; origin = origin }, passage, preferences.is_wanted(username, other) and wanted or nil);
	end

	-- -> false: it is not stored | nil: that is for Prosody to decide
	local function should_store(payload)
		restore(); -- whoever asked before has stored it by now
		local asked = current;
		local is_known = asked ~= nil and asked.event.origin == payload.session;
		local ruling = rule(payload, is_known and asked.direction or "incoming");
		current = asked; -- a ruling may send messages, which have events of their own
		if ruling.edited and is_known then
			asked.stanza, asked.edited = payload.stanza, ruling.edited;
			exchange(payload.stanza, ruling.edited);
			return nil;
		elseif ruling.passes and not ruling.edited then
			return nil;
		end
		payload.reason = ruling.reason;
		return false; -- or somebody else asks, in whose event nothing could be put back
	end

	local function preferences_asked(event)
		if not is_archiving() or not rulings.is_heard("archive") then return nil; end
		return preferences.show_silence(event);
	end

	local function is_under_way() return current ~= nil; end

	return {
		is_under_way = is_under_way; before = before; after = after;
		restore = restore; should_store = should_store; preferences_asked = preferences_asked;
	};
end

return { new = new };

-- The archives of users (mod_mam, XEP-0313): what is stored is what policies let be stored.
--
-- mod_mam stores the very stanza that it hands on, so just before it the stanza gives way to an edited copy, and comes
-- back just after it. What mod_mam then asks by "archive-should-store" is answered from what was ruled; a stanza on
-- which nothing was ruled, or that was changed since, is ruled on there.

local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;
local st = require "util.stanza";
local parties = module:require "parties";
local preferences = module:require "preferences";

local xmlns_stanza_id = "urn:xmpp:sid:0";
local host = module.host;

local function is_archiving()
	return prosody.hosts[host].modules.mam ~= nil;
end

-- Whose archive is it, and who is the other party? As mod_mam sees it.
local function user_and_other(stanza, origin, direction)
	local to = stanza.attr.to or stanza.attr.from;
	if direction == "outgoing" then return origin.username, jid_bare(to); end
	return jid_split(to), jid_bare(stanza.attr.from);
end

local function ids_of(stanza, bare)
	local ids = {};
	for _, tag in ipairs(stanza.tags) do
		if tag.name == "stanza-id" and tag.attr.xmlns == xmlns_stanza_id and jid_bare(tag.attr.by or "") == bare then ids[#ids + 1] = tag; end
	end
	return ids;
end

-- The stanza as it was, with the id that mod_mam gave it, and without those that somebody forged in its name.
local function with_id(original, given, bare)
	if not given and #ids_of(original, bare) == 0 then return original; end
	local stanza = st.clone(original);
	stanza:maptags(function (tag)
		if tag.name == "stanza-id" and tag.attr.xmlns == xmlns_stanza_id and jid_bare(tag.attr.by or "") == bare then return nil; end
		return tag;
	end);
	if given then stanza:add_direct_child(st.clone(given)); end
	return stanza;
end

local function new(rulings)
	-- By stanza: may it be stored as it is?
	local ruled = setmetatable({}, { __mode = "k" });

	local function rule(stanza, origin, direction)
		local username, other = user_and_other(stanza, origin, direction);
		local passage = { direction = direction; source = parties.source(origin, stanza); destination = parties.destination(origin, stanza) };
		local facts = { wanted = preferences.is_wanted(username, other) };
		return rulings.rule("archive", { stanza = stanza; origin = origin }, passage, facts);
	end

	local function is_heard() return is_archiving() and rulings.is_heard("archive"); end

	local function before(event, direction)
		local stanza = event.stanza;
		local ruling = rule(stanza, event.origin, direction);
		if ruling.edited then
			event.wasm_archiving, event.stanza = { original = stanza; edited = ruling.edited }, ruling.edited;
		end
		ruled[event.stanza] = { passes = ruling.passes; reason = ruling.reason };
	end

	local function after(event, direction)
		local archiving = event.wasm_archiving;
		if not archiving then return; end
		local original, stored = archiving.original, event.stanza;
		event.wasm_archiving, event.stanza = nil, original;
		local bare = user_and_other(original, event.origin, direction).."@"..host;
		-- What it stored it hands on as a copy, to which it adds the id.
		local given = stored ~= archiving.edited and ids_of(stored, bare) or {};
		event.stanza = with_id(original, given[#given], bare);
	end

	-- mod_mam does not say which way a stanza goes.
	local function direction_of(payload)
		local session = payload.session;
		return session.type == "c2s" and session.full_jid == payload.stanza.attr.from and "outgoing" or "incoming";
	end

	-- -> false: it is not stored | nil: that is for Prosody to decide
	local function should_store(payload)
		if not rulings.is_heard("archive") then return nil; end
		local known = ruled[payload.stanza];
		if not known then
			local ruling = rule(payload.stanza, payload.session, direction_of(payload));
			known = { passes = ruling.passes and not ruling.edited; reason = ruling.reason };
		end
		if known.passes then return nil; end
		payload.reason = known.reason;
		return false;
	end

	local function preferences_asked(event)
		if not is_heard() then return nil; end
		return preferences.show_silence(event);
	end

	return { is_heard = is_heard; before = before; after = after; should_store = should_store; preferences_asked = preferences_asked };
end

return { new = new };

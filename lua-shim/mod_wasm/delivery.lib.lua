-- When stanzas are delivered to clients that said that they are inactive (mod_csi, XEP-0352).
--
-- What is held stays out of mod_smacks: it is not sent yet. When the connection is lost it stays held, what is to be
-- delivered then goes into the queue of mod_smacks after it, and a client that comes back is active and gets all of it.

local add_filter = require "util.filters".add_filter;
local remove_filter = require "util.filters".remove_filter;
local datetime = require "util.datetime".datetime;
local jid_bare = require "util.jid".bare;
local st = require "util.stanza";
local facts = module:require "facts";
local held_stanzas = module:require "held";
local nickname = module:require "nickname";
local parties = module:require "parties";
local undelivered = module:require "undelivered";

-- Before the filters of others: nothing that is held has been through them. mod_smacks counts at -999 what is sent.
local outgoing_priority = 1000;
local xmlns_client = "jabber:client"; -- mod_bosh writes it out
local asked = { message = "delivery"; presence = "presence-delivery" };

local most_held = module:get_option_number("csi_queue_size", 256);
local most_unacknowledged = module:get_option_number("smacks_max_queue_size", 500);

-- Has it waited before: here, or in the history of a room? What else says so may be forged.
local function is_stamped(stanza, session)
	for delay in stanza:childtags("delay", "urn:xmpp:delay") do
		local by = delay.attr.from;
		local is_by_room = stanza.attr.type == "groupchat" and by == jid_bare(stanza.attr.from);
		if by == session.host or by == jid_bare(session.full_jid) or is_by_room then return true; end
	end
	return false;
end

-- A copy, since others may have the same stanza, with a stamp of the moment in which it would have been delivered (XEP-0203).
local function stamped(stanza, session)
	local copy = st.clone(stanza);
	copy.attr.xmlns = nil; -- what mod_bosh writes out again others do not know
	if is_stamped(stanza, session) then return copy; end
	return copy:tag("delay", { xmlns = "urn:xmpp:delay"; from = jid_bare(session.full_jid); stamp = datetime() }):up();
end

-- One that fails keeps no other back.
local function for_each(stanzas, action)
	for _, stanza in ipairs(stanzas) do
		local ok, err = pcall(action, stanza);
		if not ok then module:log("error", "A stanza that was held could not be sent: %s", tostring(err)); end
	end
end

-- mod_csi_simple calls it "flushing" while it lets everything pass.
local function is_inactive(session)
	return session.state == "inactive" or session.state == "flushing" and prosody.hosts[module.host].modules.csi_simple == nil;
end

-- rulings: rulings.lib.lua; protect: function (action, ...) -> ok, result; needs_roster: function () -> boolean
local function new(rulings, protect, needs_roster)
	local held = setmetatable({}, { __mode = "k" }); -- by session
	local is_releasing = setmetatable({}, { __mode = "k" });

	-- Once more through all filters, of which ours lets it pass.
	local function send_all(session, stanzas)
		is_releasing[session] = true;
		for_each(stanzas, session.send);
		is_releasing[session] = nil;
	end

	-- Everything that is held for a client goes to it, or to mod_smacks while the client is away.
	local function release(session)
		local queue = held[session];
		-- A stream that mod_smacks has given up leads nowhere: `unbinding` is next.
		if not queue or session.smacks == false then return; end
		held[session] = nil;
		send_all(session, queue.stanzas());
		-- As mod_csi_simple: mod_smacks asks for an acknowledgement when it is time.
		module:fire_event("csi-flushing", { session = session });
	end

	-- All that is held must fit into the queue of mod_smacks: what does not fit there, nobody can resume.
	local function fits(session, queue, bytes, key)
		local unacknowledged = session.smacks and session.outgoing_stanza_queue and session.outgoing_stanza_queue:count_unacked() or 0;
		return queue.fits(bytes, key) and unacknowledged + queue.count < most_unacknowledged - 1;
	end

	local function hold(session, stanza, key)
		local copy = stamped(stanza, session);
		local bytes = held_stanzas.weight(copy);
		if held[session] and not fits(session, held[session], bytes, key) then release(session); end
		local queue = held[session] or held_stanzas.new(most_held);
		if not fits(session, queue, bytes, key) then return copy; end
		held[session] = queue;
		queue.add(copy, bytes, key);
		return nil;
	end

	local function about(session, stanza)
		local name = nickname.of(session, stanza);
		local subscription = needs_roster() and facts.subscription({ origin = session; stanza = stanza }, "incoming") or nil;
		return (name or subscription) and { nickname = name; subscription = subscription } or nil;
	end

	local function rule(session, stanza)
		local passage = parties.between("incoming", parties.source(nil, stanza), "user");
		-- Not the session itself: it is not where the stanza comes from.
		local origin = { username = session.username; host = session.host };
		return rulings.rule(asked[stanza.name], { stanza = stanza; origin = origin }, passage, about(session, stanza));
	end

	-- What we are asked about: not what is no stanza, not our own notices, not what answers the client itself.
	local function question_about(session, stanza)
		if not st.is_stanza(stanza) or (stanza.attr.xmlns or xmlns_client) ~= xmlns_client or stanza._wasm_notice then return nil; end
		if stanza.name == "presence" and stanza.attr.from == session.full_jid then return nil; end
		return asked[stanza.name];
	end

	-- -> the stanza that is delivered now, if any
	local function decide(session, stanza)
		local question = question_about(session, stanza);
		if question and rulings.is_heard(question) then
			local ruling = rule(session, stanza);
			if ruling.is_discarded then return nil; end
			stanza = ruling.edited and st.clone(ruling.edited) or stanza; -- mod_smacks keeps it, and others have what it is made of
			if ruling.manner then return hold(session, stanza, ruling.key); end
		end
		release(session);
		return stanza;
	end

	local function filter_outgoing(stanza, session)
		if is_releasing[session] then return stanza; end
		if is_inactive(session) then
			local ok, delivered = protect(decide, session, stanza);
			if ok then return delivered; end
		end
		protect(release, session);
		return stanza;
	end

	-- A client that sends something is awake for the moment.
	local function filter_incoming(data, session)
		if held[session] then protect(release, session); end
		return data;
	end

	local function watch(session)
		add_filter(session, "stanzas/out", filter_outgoing, outgoing_priority);
		add_filter(session, "bytes/in", filter_incoming);
	end

	local function leave(session)
		protect(release, session);
		remove_filter(session, "stanzas/out", filter_outgoing);
		remove_filter(session, "bytes/in", filter_incoming);
	end

	local function each_session(action)
		for _, user in pairs(prosody.hosts[module.host].sessions or {}) do
			for _, session in pairs(user.sessions) do action(session); end
		end
	end

	-- To mod_smacks, which looks after what nobody acknowledged; that of 0.12 says by `resending_unacked` that it takes no
	-- more. mod_csi_simple, if it is between us, wants to write to the connection of an inactive session.
	local function give_to_smacks(session, stanzas)
		local state, resending = session.state, session.resending_unacked;
		is_releasing[session], session.state, session.resending_unacked = true, "active", nil;
		for_each(stanzas, function (stanza) session.filter("stanzas/out", stanza); end);
		is_releasing[session], session.state, session.resending_unacked = nil, state, resending;
	end

	-- Of a session that is gone for good.
	local function give_back(session, stanzas)
		if session.smacks then return give_to_smacks(session, stanzas); end
		for_each(stanzas, function (stanza) undelivered.give_back(session, stanza); end);
	end

	local self = {};

	function self.inactive(event)
		watch(event.origin);
	end

	function self.active(event)
		leave(event.origin);
	end

	-- What mod_csi_simple is asked about has passed here.
	function self.is_important()
		if rulings.is_heard("delivery") then return true; end
		return nil;
	end

	-- A new stream begins active (XEP-0352). Prosody leaves the state as it was, without the filters that go with it: then
	-- mod_csi_simple holds everything until the client says something, and mod_throttle_presence sends old presence last.
	function self.resumed(event)
		local session = event.resumed;
		if not session then return; end
		protect(release, session);
		if not session.state or session.state == "active" or not rulings.is_heard("delivery") then return; end
		session.state = "active";
		module:fire_event("csi-client-active", { origin = session; stanza = st.stanza("active", { xmlns = "urn:xmpp:csi:0" }) });
	end

	-- Before mod_smacks (0), which gives back what nobody acknowledged. Not when the session is about to hibernate.
	function self.unbinding(event)
		local session = event.session;
		if session.smacks and session.resumption_token and not session.hibernating then return; end
		local queue = held[session];
		held[session] = nil;
		if queue then protect(give_back, session, queue.stanzas()); end
	end

	-- The server ends a session: without mod_smacks nothing that comes now reaches the client, and what is held comes first.
	function self.closing(event)
		if event.session.type == "c2s" and not event.session.smacks then self.unbinding(event); end
	end

	-- Who was inactive before this module was loaded.
	function self.start()
		each_session(function (session)
			if session.state and session.state ~= "active" then watch(session); end
		end);
	end

	-- Nobody is asked any more, for now or for good.
	function self.release_all()
		for session in pairs(held) do protect(release, session); end
	end

	function self.stop()
		each_session(leave);
	end

	return self;
end

return { new = new };

-- Copies for the other devices of a user (mod_carbons, XEP-0280).

local address = module:require "addresses".of;
local devices = module:require "devices";
local parties = module:require "parties";

local full_sessions, bare_sessions = prosody.full_sessions, prosody.bare_sessions;
local nobody = {};

local function account_of(stanza, going)
	local parts = address(going == "outgoing" and stanza.attr.from or stanza.attr.to or stanza.attr.from);
	return parts.node and bare_sessions[parts.bare] or nil;
end

-- The session that sent the stanza or gets it, and the priority of those that get it because it is for no session. As mod_carbons
-- sees it, which copies it to none of them.
local function parties_to(account, payload, going)
	if going == "outgoing" then return payload.session, nil; end
	local recipient = full_sessions[payload.stanza.attr.to];
	local top = not recipient and account.top_resources;
	return recipient, top and top[1].priority or nil;
end

local function would_anybody_get_one(account, payload, going)
	local party, priority = parties_to(account, payload, going);
	for _, session in pairs(account.sessions) do
		if session.want_carbons and session ~= party and (not priority or session.priority ~= priority) then return true; end
	end
	return false;
end

-- is_ruling: is a policy's ruling or what it asks for being carried out?
local function new(rulings, is_ruling)
	local direction; -- of the stanza that mod_carbons is looking at
	local hidden = {}; -- by session: what it had asked for
	local interrupted = {}; -- those whose copies are being sent while a policy, asked about one, has another message sent

	-- mod_carbons looks at what each session asked for, so a session that shall get no copy has asked for none meanwhile.
	local function hide(session)
		if session.want_carbons then hidden[session], session.want_carbons = session.want_carbons, nil; end
	end

	local function show_all()
		if not next(hidden) then return; end
		for session, wanted in pairs(hidden) do session.want_carbons = wanted; end
		hidden = {};
	end

	local function interrupt()
		if not is_ruling() then interrupted = {}; return; end -- somebody raised in between
		interrupted[#interrupted + 1] = { direction = direction; hidden = hidden };
	end

	-- mod_carbons goes on with the sessions that it has not looked at.
	local function go_on()
		local last = table.remove(interrupted);
		if not last then return; end
		direction = last.direction;
		for session in pairs(last.hidden) do hide(session); end
	end

	-- Whoever raised in between has left sessions hidden: they are shown again before anything else.
	local function before(_, going)
		if next(hidden) then interrupt(); end
		show_all();
		direction = going;
	end

	local function after()
		show_all();
		direction = nil;
		go_on();
	end

	local function rule(payload, going)
		local stanza, origin = payload.stanza, payload.session;
		local ruling = rulings.rule("carbons", { stanza = stanza; origin = origin }, parties.passage(going, origin, stanza));
		if not ruling.passes then
			payload.reason = ruling.reason;
			return false;
		end
		if ruling.manner ~= "limited" then return nil; end
		local account = account_of(stanza, going);
		for _, session in pairs(account and account.sessions or nobody) do
			if session.want_carbons and not devices.publishes_keys(session) then hide(session); end
		end
		return nil;
	end

	-- Most people have one device, of which there is nothing to ask. So that nobody gets a copy about which nobody was asked, whatever
	-- mod_carbons thinks, no device has asked for any then.
	local function should_copy(payload)
		-- The event of Prosody's newest release says which way the stanza goes, the others do not; all fire it between these two.
		local going = direction or "incoming";
		local account = account_of(payload.stanza, going);
		if not direction or not account or would_anybody_get_one(account, payload, going) then return rule(payload, going); end
		for _, session in pairs(account.sessions) do hide(session); end
		return nil;
	end

	local function is_under_way() return direction ~= nil or next(hidden) ~= nil; end

	return { is_under_way = is_under_way; before = before; after = after; should_copy = should_copy; note_publish = devices.note_publish };
end

return { new = new };

-- Copies for the other devices of a user (mod_carbons, XEP-0280).

local address = module:require "addresses".of;
local devices = module:require "devices";
local parties = module:require "parties";

local function new(rulings)
	local direction; -- of the stanza that mod_carbons is looking at
	local hidden = {}; -- by session: what it had asked for

	-- mod_carbons looks at what each session asked for, so a session that shall get no copy has asked for none meanwhile.
	local function hide(session)
		if not session.want_carbons or devices.publishes_keys(session) then return; end
		hidden[session], session.want_carbons = session.want_carbons, nil;
	end

	local function show_all()
		for session, wanted in pairs(hidden) do session.want_carbons = wanted; end
		if next(hidden) then hidden = {}; end
	end

	local function sessions_of(stanza, going)
		local parts = address(going == "outgoing" and stanza.attr.from or stanza.attr.to or stanza.attr.from);
		local user = parts.node and prosody.bare_sessions[parts.bare];
		return user and user.sessions or {};
	end

	-- Whoever raised in between has left sessions hidden: they are shown again before anything else.
	local function before(_, going)
		show_all();
		direction = going;
	end

	local function after()
		show_all();
		direction = nil;
	end

	-- The event of Prosody's newest release says which way the stanza goes, the others do not; all fire it between these two.
	local function should_copy(payload)
		local stanza, origin, going = payload.stanza, payload.session, direction or "incoming";
		local ruling = rulings.rule("carbons", { stanza = stanza; origin = origin }, parties.passage(going, origin, stanza));
		if not ruling.passes then
			payload.reason = ruling.reason;
			return false;
		end
		if ruling.manner == "limited" then
			for _, session in pairs(sessions_of(stanza, going)) do hide(session); end
		end
		return nil;
	end

	local function is_under_way() return direction ~= nil or next(hidden) ~= nil; end

	return { is_under_way = is_under_way; before = before; after = after; should_copy = should_copy; note_publish = devices.note_publish };
end

return { new = new };

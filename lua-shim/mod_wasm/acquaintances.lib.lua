-- Who knows whom by rooms: what a user may read of others for that, and what policies may know of it.

local rostermanager = require "core.rostermanager";
local address = module:require "addresses".of;
local keys = module:require "keys";
local parties = module:require "parties";
local rulings = module:require "rulings";
local seen = module:require "seen_in_rooms";
local shared_rooms = module:require "shared_rooms";

local xmlns_pubsub = "http://jabber.org/protocol/pubsub";

local hosts = prosody.hosts;

local function is_user_of_ours(bare)
	local parts = address(bare);
	local host = parts.node and hosts[parts.host];
	return host and host.type == "local" or false;
end

local function is_in_roster(user, other)
	local parts = address(user);
	local roster = rostermanager.load_roster(parts.node, parts.host);
	return roster ~= nil and roster[other] ~= nil;
end

-- Is this so of one of the user's clients?
local function any_session(user, is_so, ...)
	local all = prosody.bare_sessions[user];
	for _, session in pairs(all and all.sessions or {}) do
		if is_so(session, ...) then return true; end
	end
	return false;
end

-- Whoever is in a room has sent his presence to it.
local function sends_directed(session)
	local directed = session.directed;
	return directed ~= nil and next(directed) ~= nil;
end

-- One of the two, of whom no other says where he has been: who gets it, if he is a user of this server.
local function user_and_other(event, direction)
	local stanza, origin = event.stanza, event.origin;
	local from = stanza.attr.from and address(stanza.attr.from).bare;
	local to = stanza.attr.to and address(stanza.attr.to).bare or origin.username and origin.username.."@"..module.host;
	if not from or not to or from == to then return nil; end
	if is_user_of_ours(to) then return to, from; end
	if direction == "outgoing" then return from, to; end
end

-- state: see judge.lib.lua
local function new(state, crossing)
	local self = { gates = {}; refresh = function () end; stop = function () end; is_asked_for = false };
	if module:get_host_type() ~= "local" then return self; end

	local shared = shared_rooms.new();
	local function share(user, other)
		return shared.share(user, other) or any_session(user, seen.has_seen, other);
	end
	local reading = keys.new(rulings.new(state, crossing), share);

	local function or_nothing(action) return crossing.or_nothing(state, action); end

	module:hook("iq/bare/"..xmlns_pubsub..":pubsub", or_nothing(reading.read), 5); -- before mod_pep (0)
	module:hook("presence/full", or_nothing(seen.note), 96); -- before a policy can keep it back (95)
	local function watch_hosts() crossing.protect(state, shared.watch_hosts); end
	module:hook("module-loaded", watch_hosts);
	module:hook_global("host-activated", watch_hosts);
	module:hook_global("server-started", watch_hosts);
	watch_hosts();

	-- chain: nil when there is none
	function self.refresh(chain)
		self.is_asked_for = chain ~= nil and chain:needs("shared-rooms") == true;
		shared.need(reading.is_heard() and chain ~= nil or self.is_asked_for);
	end

	-- Contacts are not looked for. Who speaks out of a room that the user has entered is in it. Who is in no room is asked first:
	-- every message pays for that.
	function self.is_shared(event, direction)
		local user, other = user_and_other(event, direction);
		if not user or not shared.is_in_rooms(user) and not any_session(user, sends_directed) then return false; end
		if is_in_roster(user, other) then return false; end
		if is_user_of_ours(other) and is_in_roster(other, user) then return false; end
		return share(user, other) or shared.is_in_room(user, other) or any_session(user, parties.has_entered, other);
	end

	return self;
end

return { new = new };

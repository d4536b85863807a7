-- What policies rule about a stanza besides whether it passes: is it kept, is it copied, whom does it wake?

local edits = module:require "edits";
local effects = module:require "effects";

local interfaces = {
	archive = "archive-policy"; room = "archive-policy"; offline = "archive-policy";
	carbons = "carbons-policy";
	delivery = "delivery-policy"; ["presence-delivery"] = "delivery-policy";
	slot = "upload-policy"; piece = "upload-policy";
	configuration = "room-policy"; keys = "keys-policy"; blocklist = "blocklist-policy";
	registration = "push-policy"; notification = "push-policy"; ["presence-notification"] = "push-policy"; ["iq-notification"] = "push-policy";
};
-- Nobody could be asked.
local closed = { passes = false; is_closed = true; reason = "not-in-force" };
local failed = { passes = false; is_closed = true; reason = "error" };
local untouched = { passes = true; reason = "not-asked"; pause = 0 };

-- It passes as it is, which is most of them: one table for each reason, of which there are few. Nobody may change one.
local passing, most_passing = { count = 0; by_reason = {} }, 1000;

local function as_it_is(reason)
	local known = passing.by_reason[reason];
	if known then return known; end
	if passing.count >= most_passing then passing.count, passing.by_reason = 0, {}; end
	passing.count, passing.by_reason[reason] = passing.count + 1, { passes = true; reason = reason; pause = 0 };
	return passing.by_reason[reason];
end

-- Edits change a copy: what is kept, or goes to one client, is not what others get.
local function edited_copy(stanza, rounds)
	if not rounds or #rounds == 0 then return nil; end
	local copy = stanza;
	for _, round in ipairs(rounds) do copy = edits.copied(copy, round); end
	return copy;
end

local none = {};

-- Most rulings have few of the fields, and so are small tables. Without a policy that drops it the library itself has failed.
local function ruling_of(verdict, policy, reason, details, stanza)
	local passes, known = verdict == "pass", details or none;
	local edited = passes and edited_copy(stanza, known.edits) or nil;
	local ruling = { passes = passes; reason = reason; pause = known.pause or 0; edited = edited };
	if passes then ruling.manner = known.manner; end
	if verdict == "bounce" then ruling.bounce = details; end
	if verdict == "drop" and policy then ruling.is_discarded = true; end
	ruling.key, ruling.limit, ruling.notes = known.key, known.limit, known.notes;
	return ruling;
end

-- state: see judge.lib.lua; crossing: crossing.lib.lua
local function new(state, crossing)
	local function ask(asked, event, passage, facts)
		local verdict, policy, reason, microseconds, details =
			crossing.decide(state.chain, event.stanza, asked, passage, false, facts);
		crossing.log_decision(policy, interfaces[asked], asked, passage.direction, verdict, reason, microseconds);
		if verdict == "pass" and not details then return as_it_is(reason or "none"); end
		if details and details.effects then effects.apply_all(details.effects, event, state); end
		return ruling_of(verdict, policy, reason, details, event.stanza);
	end

	local function is_heard(asked)
		local interface = interfaces[asked];
		return state.closed ~= nil or state.hears[interface] == true;
	end

	-- asked: a key of `interfaces`; event: { stanza, origin }; passage: { direction, source, destination }
	-- -> { passes, reason, is_closed, is_discarded, manner = "opened" | "limited" | "replacing" | "redacted" | nil, key,
	--      pause = seconds, limit = bytes, notes = { [policy] = .. } about a file,
	--      edited = the stanza after the edits, if there are any: to be read, see `copied` in edits.lib.lua, bounce }
	local function rule(asked, event, passage, facts)
		if not is_heard(asked) then return untouched; end
		if state.closed then return closed; end
		local ok, ruling = crossing.protect(state, ask, asked, event, passage, facts);
		if ok then return ruling; end
		return state.denies and failed or untouched;
	end

	return { rule = rule; is_heard = is_heard };
end

return { new = new; interfaces = interfaces };

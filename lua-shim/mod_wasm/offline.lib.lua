-- Messages for users who are offline (mod_offline, XEP-0160): kept, kept in memory only, or refused to their sender.

local actions = module:require "actions";
local parties = module:require "parties";
local temporarily = module:require "temporarily";

-- Refused while no policy can be asked, or by one that failed.
local unavailable = { type = "wait"; condition = "policy-violation"; text = "This server cannot keep messages for people who are offline at the moment." };
local full = { type = "wait"; condition = "resource-constraint"; text = "This user is offline, and no more messages are kept." };

-- Does anything wait for this user that is in no archive? If that cannot be known, it is taken for granted.
local function waits_beside_archive(username)
	local by = username.."@"..module.host;
	local found, err = module:open_store("offline", "archive"):find(username);
	if not found then return err ~= nil; end
	for _, stanza in found do
		if not stanza:get_child_with_attr("stanza-id", "urn:xmpp:sid:0", "by", by) then return true; end
	end
	return false;
end

local function new(rulings, memory)
	-- Before mod_cloud_notify (1): nobody is woken for what is not delivered.
	local function rule(event)
		local stanza = event.stanza;
		local source = parties.source(nil, stanza);
		local passage = parties.between("incoming", source, "user");
		local ruling = rulings.rule("offline", { stanza = stanza; origin = event.origin }, passage, { wanted = true });
		event.wasm_ruling = ruling;
		if ruling.passes then return nil; end
		if ruling.bounce or ruling.is_closed then actions.send_back(stanza, source, ruling.bounce or unavailable); end
		return true; -- handled: Prosody adds no error of its own
	end

	-- Before mod_offline (-1).
	local function keep(event)
		local ruling = event.wasm_ruling;
		if not ruling then return nil; end
		local stanza = ruling.edited or event.stanza;
		event.stanza = stanza;
		if ruling.manner ~= "limited" then return nil; end
		if not memory.hold(event.username, stanza) then actions.send_back(stanza, parties.source(nil, stanza), full); end
		return true;
	end

	-- To a client that has asked for its archive mod_mam lets nothing be sent that waited: it would find it there. But
	-- here a message waits that is in no archive, because the user has none. What is in both the client knows by its id.
	local function broadcast(handlers, event_name, event)
		local origin = event.origin;
		if not origin.mam_requested or not rulings.is_heard("offline") then return handlers(event_name, event); end
		local ok, waits = pcall(waits_beside_archive, origin.username);
		if ok and not waits then return handlers(event_name, event); end
		return temporarily(origin, "mam_requested", nil, handlers, event_name, event);
	end

	return { rule = rule; keep = keep; broadcast = broadcast };
end

return { new = new };

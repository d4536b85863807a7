-- May a user change his block list (XEP-0191)?

local jid_prep = require "util.jid".prep;
local st = require "util.stanza";
local block_lists = module:require "block_lists";
local parties = module:require "parties";
local rulings = module:require "rulings";

local actions = { "block", "unblock" };
local passage = parties.between("outgoing", "user", "user");
local unavailable = { type = "wait"; condition = "policy-violation"; text = "This server cannot change block lists at the moment. Try again later." };
-- As mod_blocklist says it.
local malformed = { type = "modify"; condition = "jid-malformed" };

local function event_of(action)
	return "iq-set/self/urn:xmpp:blocking:"..action;
end

-- Policies see addresses as mod_blocklist will keep them, and no text that is none. -> false: one of them is none
local function prepare(element)
	for item in element:childtags("item") do
		local address = jid_prep(item.attr.jid);
		if not address then return false; end
		item.attr.jid = address;
	end
	return true;
end

local function count_items(element)
	local number = 0;
	for _ in element:childtags("item") do number = number + 1; end
	return number;
end

local function refuse(event, bounce)
	event.origin.send(st.error_reply(event.stanza, bounce.type, bounce.condition, bounce.text));
	return true;
end

local function change_of(event)
	local username, element = event.origin.username, event.stanza.tags[1];
	return { user = username.."@"..module.host; blocking = element.name == "block"; count = count_items(element);
		blocked = block_lists.count(username) };
end

-- The list is another one from here on, whoever changed it.
local function forget_after(handlers, event_name, event)
	local answer = handlers(event_name, event);
	block_lists.forget(event.origin.username);
	return answer;
end

-- state: see judge.lib.lua
local function new(state, crossing)
	local self = { gates = {}; refresh = function () end; stop = function () end };
	if module:get_host_type() ~= "local" then return self; end
	local asked = rulings.new(state, crossing);

	local function change(event)
		if not asked.is_heard("blocklist") then return nil; end
		if not prepare(event.stanza.tags[1]) then return refuse(event, malformed); end
		local ruling = asked.rule("blocklist", event, passage, { change = change_of(event) });
		if ruling.passes then return nil; end
		return refuse(event, ruling.bounce or unavailable);
	end

	local function answer(event)
		local ok, result = crossing.protect(state, change, event);
		if ok then return result; end
		return state.denies and refuse(event, unavailable) or nil;
	end

	for _, action in ipairs(actions) do
		self.gates[event_of(action)] = answer;
		module:wrap_event(event_of(action), forget_after);
	end
	module:hook_global("user-deleted", function (event)
		if event.host == module.host then block_lists.forget(event.username); end
	end);
	return self;
end

return { new = new };

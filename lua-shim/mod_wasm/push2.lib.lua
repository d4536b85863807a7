-- Push 2.0 (mod_push2): its notifications are messages from this host to a service, and no event says for whom and why.

local st = require "util.stanza";
local merging = module:require "merging";
local parties = module:require "parties";
local redacted = module:require "redacted";
local registrations = module:require "registrations";

local xmlns = "urn:xmpp:push2:0";

-- rulings: rulings.lib.lua; push: push.lib.lua
local function new(rulings, push)
	local self = {};
	local is_due = false; -- is what passes now one that had waited?

	local pauses = merging.new(function (entry)
		is_due = true;
		local ok, err = pcall(module.send, module, entry.stanza);
		is_due, entry.stanza = false, nil;
		if not ok then error(err, 0); end
	end);

	-- The last of those that wait is sent.
	local function waits(stanza, registration, pause)
		local name = registration.service.."\0"..registration.node;
		if not pauses.waits(name, pause) then return false; end
		pauses.entry(name).stanza = st.clone(stanza);
		return true;
	end

	-- "iq-set/self/urn:xmpp:push2:0:enable" -> true: it is refused
	function self.register(event)
		local origin, stanza = event.origin, event.stanza;
		local enable = stanza:get_child("enable", xmlns);
		local service, client = enable:get_child_text("service"), enable:get_child_text("client");
		if not service then return nil; end -- mod_push2 says so
		-- Registered under the name of the client or of the connection.
		local others = registrations.count_others("push2_registrations", origin.username, origin.client_id or origin.resource);
		local refusal = push.refusal(event, service, client, others);
		if not refusal then return nil; end
		origin.send(st.error_reply(stanza, refusal.type, refusal.condition, refusal.text));
		return true;
	end

	-- -> true: it is not sent. What is judged is the notification itself.
	function self.notify(event)
		if not rulings.is_heard("notification") then return nil; end
		local stanza = event.stanza;
		local notification = stanza:get_child("notification", xmlns);
		local registration = { user = ""; service = stanza.attr.to; node = notification:get_child_text("client") or ""; device = "gone" };
		local passage = parties.between("outgoing", "service", parties.destination(nil, stanza));
		local ruling = rulings.rule("notification", { stanza = stanza; origin = { host = module.host } }, passage, { registration = registration });
		if not ruling.passes then return true; end
		if ruling.manner then redacted.message(stanza); end
		return not is_due and waits(stanza, registration, ruling.pause) or nil;
	end

	function self.stop()
		pauses.stop();
	end

	return self;
end

return { new = new };

-- Stands in for mod_push2 (Push 2.0), which is in no package of Debian: it registers under the same name in the same
-- store, and sends messages of the same kind by the same way, when somebody who is not connected is written to.
-- As a mistaken or talkative version of it would, it puts in more than it should: sender and body in the clear.

local st = require "util.stanza";
local uuid = require "util.uuid";

local xmlns = "urn:xmpp:push2:0";
local registrations = module:open_store("push2_registrations", "keyval");

module:hook("iq-set/self/"..xmlns..":enable", function (event)
	local origin, enable = event.origin, event.stanza.tags[1];
	local known = registrations:get(origin.username) or {};
	known[origin.client_id or origin.resource] = { service = enable:get_child_text("service"); client = enable:get_child_text("client") };
	registrations:set(origin.username, known);
	origin.send(st.reply(event.stanza));
	return true;
end);

local function notification(registration, stanza)
	return st.message({ to = registration.service; from = module.host; id = uuid.generate() }, stanza:get_child_text("body"))
		:tag("notification", { xmlns = xmlns })
			:text_tag("client", registration.client)
			:text_tag("priority", "normal")
			:tag("encrypted", { xmlns = "urn:xmpp:sce:rfc8291:0" }):text_tag("payload", "Q0lQSEVSVEVYVA=="):up()
			:text_tag("jwt", "a.signed.token")
			:tag("forwarded", { xmlns = "urn:xmpp:forward:0" }):add_child(st.clone(stanza)):up()
			:text_tag("sender", stanza.attr.from)
		:up();
end

local function notify(username, stanza)
	for _, registration in pairs(registrations:get(username) or {}) do
		module:send(notification(registration, stanza));
	end
end

module:hook("message/offline/handle", function (event)
	notify(event.stanza.attr.to:match("^([^@]+)@"), event.stanza);
end, 1);

-- Not in the real one: something to be woken for that no policy has refused before.
module:hook("cloud-notify-ping", function (event)
	notify(event.user, st.message({ from = module.host }, "woken"));
end);

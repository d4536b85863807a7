-- Notifications from which nothing can be learned but that there is something (XEP-0357 §7, Push 2.0).

local dataform = require "util.dataforms".new;

local xmlns_pubsub, xmlns_push2 = "http://jabber.org/protocol/pubsub", "urn:xmpp:push2:0";
-- What only the device can read.
local kept = {
	["tigase:push:encrypt:0"] = { encrypted = true };
	["urn:xmpp:sce:rfc8291:0"] = { encrypted = true };
	[xmlns_push2] = { client = true; priority = true; voip = true; jwt = true };
	[xmlns_pubsub] = { pubsub = true; publish = true; item = true; ["publish-options"] = true };
};

local hidden = { name = "FORM_TYPE"; type = "hidden"; value = "urn:xmpp:push:summary" };
local count = { name = "message-count"; type = "text-single" };
local body = { name = "last-message-body"; type = "text-single" };
local silent, announced = dataform { hidden, count }, dataform { hidden, count, body };

local function keep_only(element, child)
	element:maptags(function (tag) return tag == child and tag or nil; end);
end

-- xmlns: of what has none of its own
local function keep_known(element, xmlns)
	element:maptags(function (tag)
		local names = kept[tag.attr.xmlns or xmlns];
		return names and names[tag.name] and tag or nil;
	end);
end

-- The constant text is the operator's; without one there is none.
local function form(text)
	if text then return announced:form({ ["message-count"] = "1"; ["last-message-body"] = text }); end
	return silent:form({ ["message-count"] = "1" });
end

-- Only what matters is told, so all of it is urgent; else the priority would say what kind of message it is.
local function is_prioritised()
	return prosody.hosts[module.host].modules.cloud_notify_priority_tag ~= nil;
end

-- The IQ with which mod_cloud_notify publishes, and the element inside that goes to the device.
-- text: what it may say; nil for nothing
local function publish(stanza, notification, text)
	keep_known(notification);
	notification:add_direct_child(form(text));
	if is_prioritised() then notification:text_tag("priority", "high", { xmlns = "tigase:push:priority:0" }); end
	local pubsub = stanza:get_child("pubsub", xmlns_pubsub);
	local node = pubsub:get_child("publish");
	keep_only(stanza, pubsub);
	keep_known(pubsub, xmlns_pubsub);
	keep_known(node, xmlns_pubsub);
	keep_only(node:get_child("item"), notification);
end

-- The message of Push 2.0.
local function message(stanza)
	local notification = stanza:get_child("notification", xmlns_push2);
	keep_known(notification, xmlns_push2);
	keep_only(stanza, notification);
end

-- Puts what is inside one notification into another.
local function refill(notification, other)
	keep_only(notification, nil);
	for _, tag in ipairs(other.tags) do notification:add_direct_child(tag); end
end

return { publish = publish; message = message; refill = refill };

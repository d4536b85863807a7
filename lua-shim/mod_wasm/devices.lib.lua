-- Which devices of a user publish OMEMO keys (XEP-0384)? Keys are published by the account and no key names a
-- resource, so a device is known by what it does: it publishes keys on this connection, or it announces by its
-- capabilities (XEP-0115, XEP-0163 §4.3) that it follows the lists of keys.

local lists = { "eu.siacs.conversations.axolotl.devicelist", "urn:xmpp:omemo:2:devices" };
local prefixes = { "eu.siacs.conversations.axolotl.", "urn:xmpp:omemo:2:" };
local xmlns_pubsub = "http://jabber.org/protocol/pubsub";

local function is_key_node(node)
	for _, prefix in ipairs(prefixes) do
		if node and node:sub(1, #prefix) == prefix then return true; end
	end
	return false;
end

-- A request to the own account passes by.
local function note_publish(event)
	local origin, stanza = event.origin, event.stanza;
	local to = stanza.attr.to;
	if stanza.attr.type ~= "set" or origin.type ~= "c2s" or to and to ~= origin.username.."@"..origin.host then return; end
	local pubsub = stanza:get_child("pubsub", xmlns_pubsub);
	local publish = pubsub and pubsub:get_child("publish");
	if publish and is_key_node(publish.attr.node) then origin.wasm_publishes_keys = true; end
end

-- Whom mod_pep would send a change of the list to.
local function follows_keys(session)
	local pep = prosody.hosts[module.host].modules.pep;
	local service = pep and pep.get_pep_service(session.username);
	for _, node in ipairs(service and lists or {}) do
		if service.config.subscriber_filter({}, node)[session.full_jid] then return true; end
	end
	return false;
end

local function publishes_keys(session)
	if session.wasm_publishes_keys then return true; end
	local ok, follows = pcall(follows_keys, session);
	return ok and follows;
end

return { note_publish = note_publish; publishes_keys = publishes_keys };

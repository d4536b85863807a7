-- Who reads a user's OMEMO keys (XEP-0384) besides those whom he allows himself. Asked about requests for items of these
-- nodes and of no others; nothing else that a user publishes is looked at here.

local iterators = require "util.iterators";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;
local st = require "util.stanza";
local usermanager = require "core.usermanager";
local parties = module:require "parties";

local xmlns_pubsub = "http://jabber.org/protocol/pubsub";
local nodes = {
	["eu.siacs.conversations.axolotl.devicelist"] = true;
	["urn:xmpp:omemo:2:devices"] = true;
	["urn:xmpp:omemo:2:bundles"] = true;
};
local bundles = "eu.siacs.conversations.axolotl.bundles:";

local function is_of_keys(node)
	return node ~= nil and (nodes[node] == true or node:sub(1, #bundles) == bundles);
end

-- As mod_pep reads a request: the first child of the first child.
local function requested(stanza)
	local pubsub = stanza.tags[1];
	local items = stanza.attr.type == "get" and pubsub and pubsub.attr.xmlns == xmlns_pubsub and pubsub.tags[1];
	return items and items.name == "items" and is_of_keys(items.attr.node) and items or nil;
end

local function ids_of(items)
	local ids = {};
	for item in items:childtags("item") do ids[#ids + 1] = item.attr.id; end
	return ids[1] and ids or nil;
end

local function service_of(username)
	local pep = prosody.hosts[module.host].modules.pep;
	return pep and pep.get_pep_service and pep.get_pep_service(username);
end

-- What mod_pep answers to those who may.
local function answer(event, items, service)
	local node, ids = items.attr.node, ids_of(items);
	local most = items.attr.max_items and { max = tonumber(items.attr.max_items) };
	local ok, results = service:get_items(node, true, ids, most);
	if not ok then return nil; end
	local of_node = service.nodes[node].config;
	local shows_publisher = service.config.expose_publisher or service.config.expose_publisher == nil and of_node.itemreply == "publisher";
	local list, step, state, first = st.stanza("items", { node = node }), ipairs(results);
	if not ids then step, state, first = iterators.reverse(step, state, first); end -- the newest is the last
	for _, id in step, state, first do
		local item = st.clone(results[id]);
		if not shows_publisher then item.attr.publisher = nil; end
		list:add_child(item);
	end
	event.origin.send(st.reply(event.stanza):tag("pubsub", { xmlns = xmlns_pubsub }):add_child(list));
	return true;
end

-- rulings: rulings.lib.lua; share: function (user, other): do they share a room?
local function new(rulings, share)
	local self = {};

	local function rule(event, username, reader)
		local owner = username.."@"..module.host;
		local passage = parties.between("incoming", event.origin.type == "c2s" and "user" or "remote", "user");
		return rulings.rule("keys", event, passage, { keys = { owner = owner; reader = reader; shares_room = share(owner, reader) } });
	end

	function self.is_heard() return rulings.is_heard("keys"); end

	-- -> true, when it is answered | nil: mod_pep answers
	function self.read(event)
		local stanza = event.stanza;
		local items = stanza.attr.to and requested(stanza);
		if not items or not rulings.is_heard("keys") then return nil; end
		local username, reader = jid_split(stanza.attr.to), jid_bare(stanza.attr.from);
		if reader == jid_bare(stanza.attr.to) or not usermanager.user_exists(username, module.host) then return nil; end
		local ruling = rule(event, username, reader);
		if ruling.is_closed or ruling.reason == "not-asked" then return nil; end
		if not ruling.passes then
			items.attr.node = "nobody has a node of this name"; -- so the answer is the one for what is not there
			return nil;
		end
		local service = ruling.manner == "opened" and service_of(username);
		if not service or not service.nodes[items.attr.node] then return nil; end
		return answer(event, items, service);
	end

	return self;
end

return { new = new };

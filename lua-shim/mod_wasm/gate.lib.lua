-- What is denied while no policy can be asked: every message, and whatever else could carry something from one person to
-- another, that is any text, and any attribute that is not known to hold a token. Addresses are let through as they are.
-- The library says the same for a policy that is not there (closed.rs); tests/closed.txt holds them together.

local max_nodes, max_depth, max_token = 10000, 64, 256;

local function set(...)
	local members = {};
	for _, name in ipairs({ ... }) do members[name] = true; end
	return members;
end

-- An element that passes; its attributes hold tokens. shapes: { ["namespace name"] = shape }
local function shape(attributes, children) return { attributes = attributes; children = children or {} }; end

local muc = "http://jabber.org/protocol/muc";
local ping = shape(set());
local in_presence = {
	["http://jabber.org/protocol/caps c"] = shape(set("ext", "hash", "node", "ver"));
	[muc.." x"] = shape(set(), { [muc.." history"] = shape(set("maxchars", "maxstanzas", "seconds", "since")) });
};
local to_people = { ["urn:xmpp:ping ping"] = ping };
local to_services = {
	["urn:xmpp:ping ping"] = ping;
	["http://jabber.org/protocol/disco#info query"] = shape(set("node"));
	["http://jabber.org/protocol/disco#items query"] = shape(set("node"));
};
-- What users may change in their own account: nobody else can read it there. All that is published is not here.
local own_orders = set("jabber:iq:roster", "urn:ietf:params:xml:ns:xmpp-session", "urn:xmpp:carbons:2", "urn:xmpp:mam:2");
local types = set("error", "get", "probe", "result", "set", "subscribe", "subscribed", "unavailable", "unsubscribe", "unsubscribed");

-- Is there a text that is not blank anywhere inside? Iterative, because Prosody hands us stanzas
-- of any depth; beyond the limits the answer is yes without looking further.
local function carries_text(stanza)
	local waiting, depths, count, seen = { stanza }, { 0 }, 1, 0;
	while count > 0 do
		local element, depth = waiting[count], depths[count];
		waiting[count], depths[count] = nil, nil;
		count = count - 1;
		if depth > max_depth then return true; end
		for i = 1, #element do
			seen = seen + 1;
			if seen > max_nodes then return true; end
			local child = element[i];
			if type(child) == "table" then
				count = count + 1;
				waiting[count], depths[count] = child, depth + 1;
			elseif type(child) ~= "string" or child:find("%S") then
				return true;
			end
		end
	end
	return false;
end

-- Printable ASCII without a space, as software makes it: identifiers, URIs, Base64, times.
local function is_token(text)
	return type(text) == "string" and #text <= max_token and not text:find("[^!-~]");
end

-- `de`, `pt-BR`, `zh-Hans-CN`: more would be room for a word. Prosody gives each stanza the language of its stream.
local function is_language(tag)
	if type(tag) ~= "string" then return false; end
	local language = tag:match("^(.*)%-%a%a$") or tag:match("^(.*)%-%d%d%d$") or tag;
	language = language:match("^(.*)%-%a%a%a%a$") or language;
	return tag == "" or language:find("^%a%a%a?$") ~= nil;
end

-- May an attribute of the stanza itself have this value? `xmlns` is the stream's.
local function yes() return true; end
local attributes = { to = yes; from = yes; xmlns = yes; id = is_token; ["xml:lang"] = is_language;
	type = function (value) return types[value] ~= nil; end };

local function is_plain(stanza)
	for name, value in pairs(stanza.attr) do
		local allows = attributes[name];
		if not (allows and allows(value)) then return false; end
	end
	return true;
end

-- No deeper than the shapes.
local function all_fit(element, shapes)
	for _, child in ipairs(element.tags) do
		local fitting = shapes[tostring(child.attr.xmlns).." "..child.name];
		if not fitting then return false; end
		for name, value in pairs(child.attr) do
			if name ~= "xmlns" and not (fitting.attributes[name] and is_token(value)) then return false; end
		end
		if not all_fit(child, fitting.children) then return false; end
	end
	return true;
end

local function passes(stanza, shapes) return is_plain(stanza) and all_fit(stanza, shapes); end

-- To the sender's own account or server, which tells nobody what it was asked, nor how.
local function passes_at_home(stanza)
	if stanza.attr.type ~= "set" then return true; end
	for _, child in ipairs(stanza.tags) do
		if not own_orders[child.attr.xmlns] then return false; end
	end
	return true;
end

local function without_resource(jid)
	return jid and jid:match("^[^/]*");
end

local function passes_iq(stanza)
	local to, from = without_resource(stanza.attr.to), without_resource(stanza.attr.from);
	if not to or to == from or from and to == from:match("@(.*)$") then return passes_at_home(stanza); end
	return passes(stanza, to:find("@", 1, true) and to_people or to_services);
end

local function is_denied(stanza)
	if stanza.name == "message" or carries_text(stanza) then return true; end
	if stanza.name == "presence" then return not passes(stanza, in_presence); end
	return not passes_iq(stanza);
end

local refusal = {
	verdict = "bounce";
	type = "wait";
	condition = "policy-violation";
	text = "This server cannot check messages at the moment, so it does not deliver them.";
};

return { carries_text = carries_text; is_denied = is_denied; refusal = refusal };

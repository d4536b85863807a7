-- What policies are compared with: the same looking in Lua, as modules of Prosody do it.

local looks = {};

local axolotl = "eu.siacs.conversations.axolotl";

looks["1 look-up"] = function (stanza)
	return stanza:get_child("encrypted", axolotl);
end;

looks["5 look-ups"] = function (stanza)
	local attr = stanza.attr;
	return stanza:get_child("encrypted", axolotl), attr.type, attr.from, stanza:get_child("store", "urn:xmpp:hints"),
		stanza:get_child_text("body");
end;

-- As LOOK_UPS in tests/guests/examples/looking.rs.
looks["20 look-ups"] = function (stanza)
	local attr = stanza.attr;
	return stanza:get_child("encrypted", axolotl), attr.type, attr.from, stanza:get_child("store", "urn:xmpp:hints"),
		stanza:get_child_text("body"), attr.to, attr.id, attr["xml:lang"], stanza:get_child("encrypted", "urn:xmpp:omemo:2"),
		stanza:get_child("encryption", "urn:xmpp:eme:0"), stanza:get_child("openpgp", "urn:xmpp:openpgp:0"),
		stanza:get_child("x", "jabber:x:encrypted"), stanza:get_child("x", "jabber:x:oob"),
		stanza:get_child("request", "urn:xmpp:receipts"), stanza:get_child("received", "urn:xmpp:receipts"),
		stanza:get_child("markable", "urn:xmpp:chat-markers:0"), stanza:get_child("active", "http://jabber.org/protocol/chatstates"),
		stanza:get_child("replace", "urn:xmpp:message-correct:0"), stanza:get_child_text("subject"), stanza:get_child_text("thread");
end;

-- Of each name, attribute and text at least its length.
local function read_all(element)
	local seen = #element.name;
	for name, value in pairs(element.attr) do seen = seen + #name + #value; end
	for _, child in ipairs(element) do
		seen = seen + (type(child) == "string" and #child or read_all(child));
	end
	return seen;
end
looks["whole stanza"] = read_all;

return looks;

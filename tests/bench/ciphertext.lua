-- Is a message encrypted? Looks where mod_e2e_policy of prosody-modules looks, which no Debian package has: at the body, and
-- for the elements of OMEMO, OpenPGP in its two forms and OTR. Also what the module mod_ciphertext of the live servers asks.

return function (stanza)
	local body = stanza:get_child_text("body");
	if not body or stanza.attr.type == "error" then return true; end
	return body:sub(1, 4) == "?OTR" or stanza:get_child("encrypted", "eu.siacs.conversations.axolotl") ~= nil
		or stanza:get_child("encrypted", "urn:xmpp:omemo:0") ~= nil or stanza:get_child("x", "jabber:x:encrypted") ~= nil
		or stanza:get_child("openpgp", "urn:xmpp:openpgp:0") ~= nil;
end;

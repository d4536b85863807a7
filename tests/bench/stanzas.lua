-- What is sent in the groups: one stanza of each kind, parsed by Prosody as it is from a client.

local native = require "native";

local base64 = require "util.encodings".base64.encode;

-- What reads as text is not taken for ciphertext. The same in each run: a generator of our own.
local state = 1;
local function noise(bytes)
	local drawn = {};
	for number = 1, bytes do
		state = (state * 1103515245 + 12345) % 0x80000000;
		drawn[number] = string.char(state >> 16 & 0xff);
	end
	return base64(table.concat(drawn));
end

local function repeated(count, text, bytes)
	local all = {};
	for number = 1, count do all[number] = text:format(number, noise(bytes)); end
	return table.concat(all);
end

local function omemo(count)
	return "<message to='b@example.org' from='a@example.org/x' type='chat' id='1'>"..
		"<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'>"..repeated(count, "<key rid='%d'>%s</key>", 96)..
		"<iv>"..noise(12).."</iv></header><payload>"..noise(48).."</payload></encrypted><store xmlns='urn:xmpp:hints'/>"..
		"<encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl'/><body>[This message is OMEMO encrypted]</body></message>";
end

local function bundle()
	return "<bundle xmlns='eu.siacs.conversations.axolotl'><signedPreKeyPublic signedPreKeyId='1'>"..noise(33).."</signedPreKeyPublic>"..
		"<signedPreKeySignature>"..noise(64).."</signedPreKeySignature><identityKey>"..noise(33).."</identityKey><prekeys>"..
		repeated(100, "<preKeyPublic preKeyId='%d'>%s</preKeyPublic>", 33).."</prekeys></bundle>";
end

local texts = {
	{ "chat", "<message to='b@example.org' from='a@example.org/x' type='chat' id='1'><body>Lunch at noon?</body>"..
		"<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/></message>" };
	{ "OMEMO, 8 keys", omemo(8) };
	{ "OMEMO, 400 keys", omemo(400) };
	{ "PEP publish", "<iq type='set' from='a@example.org/x' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"..
		"<publish node='eu.siacs.conversations.axolotl.bundles:1'><item id='current'>"..
		bundle().."</item></publish></pubsub></iq>" };
	{ "presence", "<presence from='a@example.org/x'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>" };
};

-- { { name, stanza, bytes }, .., [name] = stanza }
local stanzas = {};
for number, entry in ipairs(texts) do
	local stanza = native.parse(entry[2]);
	stanzas[number], stanzas[entry[1]] = { entry[1], stanza, #entry[2] }, stanza;
end
return stanzas;

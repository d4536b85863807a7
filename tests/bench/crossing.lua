-- What a policy costs, from Lua's side: size, start, and each message. Ratios are of one run on one machine;
-- the microseconds are only good for those.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";
local now = require "util.time".monotonic;

-- Prosody's own settings of the collector.
collectgarbage("incremental", 105, 500);

local rounds, batches = 15, { chat = 400, OMEMO = 400, presence = 400, publish = 100 };

local function read_corpus()
	local file = assert(io.open("tests/corpus/e2ee.json"));
	local rows = require "util.json".decode(file:read("a"));
	file:close();
	for _, row in ipairs(rows) do rows[row.id] = row.xml; end
	return rows;
end

local function samples()
	local corpus = read_corpus();
	local keys = ("<key rid='1'>"..("QUJD"):rep(40).."</key>"):rep(7);
	local bundle = ("<preKeyPublic preKeyId='1'>"..("QUJD"):rep(11).."</preKeyPublic>"):rep(100);
	return {
		{ "chat", "<message to='b@example.org' from='a@example.org/x' type='chat' id='1'><body>Lunch at noon?</body>"..
			"<active xmlns='http://jabber.org/protocol/chatstates'/></message>" };
		{ "OMEMO", (corpus.G01:gsub("</key>", "</key>"..keys, 1)) };
		{ "presence", "<presence from='a@example.org/x'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>" };
		{ "publish", "<iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"..
			"<publish node='eu.siacs.conversations.axolotl.bundles:1'><item id='current'>"..
			"<bundle xmlns='eu.siacs.conversations.axolotl'>"..bundle.."</bundle></item></publish></pubsub></iq>" };
	};
end

-- The median over rounds of the mean over a batch, in microseconds.
local function measure(batch, action, ...)
	local figures = {};
	for round = 1, rounds do
		local before = now();
		for _ = 1, batch do action(...); end
		figures[round] = (now() - before) / batch * 1e6;
	end
	table.sort(figures);
	return figures[(rounds + 1) // 2], figures[2], figures[rounds - 1];
end

-- What a module in Lua does to look for ciphertext: five look-ups.
local function look_up(stanza)
	local attr = stanza.attr;
	return attr.type, attr.from, stanza:get_child("encrypted", "eu.siacs.conversations.axolotl"),
		stanza:get_child("store", "urn:xmpp:hints"), stanza:get_child_text("body");
end

local function print_size_and_start(library)
	local file = assert(io.open(native.library, "rb"));
	print(("library               %8.2f MB"):format(file:seek("end") / 1e6));
	file:close();

	local path = native.policies.."/e2ee.wasm";
	os.execute("rm -rf "..native.cache);
	local before = now();
	native.stage(library, path, '{"mode":"mandatory"}');
	print(("cold start, compiling %8.1f ms  (in a child; the server goes on)"):format((now() - before) * 1e3));
	local warm = measure(1, library.stage_now, native.request(path, '{"mode":"mandatory"}'));
	print(("warm start, one policy%8.2f ms  (read, check, load, configure, try out)"):format(warm / 1e3));
end

-- What is known of the recipient besides the stanza.
local known = { wanted = true, nickname = "alice",
	registration = { user = "b@example.org", service = "push.example.org", node = "device", others = 0, device = "gone" } };

local function print_messages(library)
	local chains = {
		{ "empty policy", native.chain(library, native.guests.."/scripted.wasm") };
		{ "e2ee", native.chain(library, native.policies.."/e2ee.wasm", '{"mode":"mandatory","strict":true}') };
		{ "archive", native.chain(library, native.policies.."/archive.wasm"), "archive" };
		{ "carbons", native.chain(library, native.policies.."/carbons.wasm"), "carbons" };
		{ "csi", native.chain(library, native.policies.."/csi.wasm"), "delivery", presence = "presence-delivery" };
		{ "push", native.chain(library, native.policies.."/push.wasm", '{"services":["push.example.org"],"hourly":10000}'), "notification" };
	};
	print();
	print(("%-10s %7s %14s %14s %10s %14s %16s"):format("stanza", "bytes", "5 look-ups µs", "tostring µs", "policy", "decision µs", "× tostring"));
	for _, sample in ipairs(samples()) do
		local name, text = sample[1], sample[2];
		local stanza = native.parse(text);
		local looking, writing = measure(batches[name], look_up, stanza), measure(batches[name], tostring, stanza);
		for _, chain in ipairs(chains) do
			local decide, asked = chain[2].decide, not chain[3] and stanza.name or stanza.name == "message" and chain[3] or chain[stanza.name];
			if asked then
				local question = chain[2]:question(asked, "outgoing", "user", "user");
				local median, low, high = measure(batches[name], decide, chain[2], stanza, question, known);
				print(("%-10s %7d %14.2f %14.2f %10s %6.2f (%.1f–%.1f) %9.2f"):format(name, #text, looking, writing, chain[1],
					median, low, high, median / writing));
			end
		end
	end
end

local library = native.load();
print_size_and_start(library);
print_messages(library);

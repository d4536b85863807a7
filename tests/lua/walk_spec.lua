-- The raw walk over Prosody's tables: what a policy sees is what Prosody has, or nothing.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";
local st = require "util.stanza";
local library = native.load();
local chain = native.chain(library, native.guests.."/echoing.wasm");

local function decide(stanza)
	local name = rawget(stanza, "name");
	local kind = (name == "presence" or name == "iq") and name or "message";
	return chain:decide(stanza, chain:question(kind, "outgoing", "user", "user"));
end

local function seen(stanza)
	local verdict, _, reason, _, details = decide(stanza);
	assert.are.equal("pass", verdict, reason);
	return details.edits[1][1].text;
end

-- The same description from Lua's side, by the rules of wit/: effective namespaces, sorted attributes.
local function quoted(text)
	return '"'..text:gsub('[\\"]', "\\%0"):gsub("\n", "\\n"):gsub("\t", "\\t"):gsub("\1", "\\u{1}")..'"';
end

local is_stream = { ["jabber:client"] = true, ["jabber:server"] = true, ["jabber:component:accept"] = true };

local function described(stanza)
	local lines = {};
	local function add(node, around)
		local number = #lines;
		if type(node) == "string" then
			lines[number + 1] = number.." "..quoted(node);
			return;
		end
		local namespace = node.attr.xmlns or around;
		if is_stream[namespace] then namespace = "jabber:client"; end
		local attributes = {};
		for name, value in pairs(node.attr) do
			if name ~= "xmlns" then table.insert(attributes, " "..quoted(name).."="..quoted(value)); end
		end
		table.sort(attributes);
		lines[number + 1] = number.." {"..quoted(namespace).."}"..quoted(node.name)..table.concat(attributes);
		for _, child in ipairs(node) do add(child, namespace); end
	end
	add(stanza, "jabber:client");
	return table.concat(lines, "\n");
end

local function deep(levels)
	local stanza = st.message();
	for _ = 1, levels do stanza:tag("a"); end
	return stanza:reset();
end

describe("what a policy sees", function ()
	for _, text in ipairs({
		"<message to='b@x'><body>hi</body></message>",
		"<message><body xmlns='jabber:server'>hi</body><body xmlns='jabber:component:accept'/></message>",
		"<message xml:lang='de' xmlns:p='urn:p' p:q='1'>a<x xmlns='urn:x'><y/><z xmlns='jabber:client'/></x>b</message>",
		"<message><x xmlns='urn:x'>a<![CDATA[<b>]]>&amp;\n\t\"\\</x></message>",
		"<presence><status>da</status><show>away</show></presence>",
		"<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@x'><group>ü 🦀</group></item></query></iq>",
		"<message>"..("<a/>"):rep(9990).."</message>",
		"<message><body>"..("x"):rep(120000).."</body></message>",
	}) do
		it("is what Prosody parsed: "..text:sub(1, 60), function ()
			local stanza = native.parse(text);
			assert.are.equal(described(stanza), seen(stanza));
		end);
	end

	it("is what a module built", function ()
		local stanza = st.message({ to = "b@x" }):tag("x", { xmlns = "urn:x" }):tag("y"):text("a"):text("b"):up():tag("z", { xmlns = "" });
		assert.are.equal(described(stanza:reset()):gsub('{""}"z"', '{"jabber:client"}"z"'), seen(stanza:reset()));
	end);

	it("does not change the stanza", function ()
		local stanza = native.parse("<message to='b@x'><body a='1'>hi</body></message>");
		local before = tostring(stanza);
		seen(stanza);
		assert.are.equal(before, tostring(stanza));
	end);

	it("works in a coroutine, as Prosody's sessions do", function ()
		local stanza = native.parse("<message><body>hi</body></message>");
		local ok, text = coroutine.resume(coroutine.create(function () return seen(stanza); end));
		assert.is_true(ok, text);
		assert.are.equal(described(stanza), text);
	end);
end);

describe("what is refused whole", function ()
	local function cyclic()
		local stanza = st.message();
		table.insert(stanza, stanza);
		return stanza;
	end
	local function with(change)
		local stanza = st.message({ to = "b@x" }):tag("x"):up();
		change(stanza);
		return stanza;
	end
	for _, case in ipairs({
		{ "64 levels", deep(64), "too-deep" },
		{ "36,000 levels", deep(36000), "too-deep" },
		{ "a million levels", deep(1000000), "too-deep" },
		{ "itself inside", cyclic(), "too-deep" },
		{ "60,000 children", native.parse("<message>"..("<a/>"):rep(60000).."</message>"), "too-many-nodes" },
		{ "65 attributes", with(function (s) for n = 1, 65 do s.attr["a"..n] = ""; end end), "too-many-attributes" },
		{ "600 KB of text", with(function (s) table.insert(s, ("x"):rep(600000)); end), "too-large" },
		{ "600 KB of attribute", with(function (s) s.attr.a = ("x"):rep(600000); end), "too-large" },
		{ "a number as child", with(function (s) table.insert(s, 7); end), "malformed" },
		{ "a function as child", with(function (s) table.insert(s, print); end), "malformed" },
		{ "a number as attribute", with(function (s) s.attr.id = 7; end), "malformed" },
		{ "a number as attribute name", with(function (s) s.attr[7] = "x"; end), "malformed" },
		{ "a table as namespace", with(function (s) s.attr.xmlns = {}; end), "malformed" },
		{ "a text as attributes", with(function (s) s.tags[1].attr = "x"; end), "malformed" },
		{ "no name inside", with(function (s) s.tags[1].name = nil; end), "malformed" },
		{ "bad UTF-8", with(function (s) table.insert(s, "\xff"); end), "malformed" },
	}) do
		it(case[1], function ()
			local verdict, _, reason = decide(case[2]);
			assert.are.same({ "bounce", case[3] }, { verdict, reason });
		end);
	end

	it("63 levels are not", function ()
		local stanza = deep(63);
		assert.are.equal(described(stanza), seen(stanza));
	end);

	it("calls no metamethod", function ()
		local function forbidden() error("a metamethod was called"); end
		local guarded = setmetatable({ name = "message", attr = setmetatable({}, { __index = forbidden, __pairs = forbidden }), tags = {} },
			{ __index = forbidden, __len = forbidden, __pairs = forbidden });
		assert.are.equal('0 {"jabber:client"}"message"', seen(guarded));
	end);

	it("is no stanza at all", function ()
		for _, case in ipairs({ { {}, "bounce" }, { { name = 7 }, "bounce" }, { { name = "other", attr = {} }, "drop" } }) do
			assert.are.equal(case[2], (decide(case[1])));
		end
	end);
end);

describe("memory", function ()
	it("stays flat over refused and judged stanzas #measured", function ()
		local stanzas = { deep(36000), native.parse("<message><body>hi</body></message>") };
		local function resident()
			collectgarbage();
			-- What is mapped from files comes and goes.
			return tonumber(io.open("/proc/self/status"):read("a"):match("RssAnon:%s*(%d+)"));
		end
		local function run() for _ = 1, 2000 do decide(stanzas[1]); decide(stanzas[2]); end end
		run(); run(); run(); run();
		local before = resident();
		run(); run(); run(); run();
		assert.is_true(resident() - before < 2048, "grew by "..(resident() - before).." KiB");
	end);
end);

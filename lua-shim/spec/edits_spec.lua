local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local edits = server.new({}).module:require("edits");
local st = require "util.stanza";
local parse = require "util.xml".parse;

-- 0 message, 1 body, 2 "Hello ", 3 b, 4 "you", 5 "!", 6 x, 7 y, 8 " between "
local function sample()
	return st.message({ id = "1" })
		:tag("body"):text("Hello "):tag("b"):text("you"):up():text("!"):up()
		:tag("x", { xmlns = "urn:x", a = "1", b = "2" }):tag("y"):up():up()
		:text(" between "):reset();
end
local before = tostring(sample());

-- Attributes come in no order, so texts of stanzas cannot be compared.
local function parsed(text) return st.preserialize(parse(text)); end

-- Every element is in the children and in the tags, same objects, same order.
local function assert_consistent(stanza)
	local tags = 0;
	for _, child in ipairs(stanza) do
		if type(child) == "table" then
			tags = tags + 1;
			assert.equal(child, stanza.tags[tags]);
			assert_consistent(child);
		end
	end
	assert.equal(tags, #stanza.tags);
end

describe("edits", function ()
	local cases = {
		-- what, edits, the stanza afterwards
		{ "remove an element", { { op = "remove", node = 6 } },
			"<message id='1'><body>Hello <b>you</b>!</body> between </message>" };
		{ "remove an inner text", { { op = "remove", node = 4 } },
			"<message id='1'><body>Hello <b/>!</body><x xmlns='urn:x' a='1' b='2'><y/></x> between </message>" };
		{ "remove a text of the stanza", { { op = "remove", node = 8 } },
			"<message id='1'><body>Hello <b>you</b>!</body><x xmlns='urn:x' a='1' b='2'><y/></x></message>" };
		{ "remove everything, in any order", { { op = "remove", node = 8 }, { op = "remove", node = 1 }, { op = "remove", node = 6 } },
			"<message id='1'/>" };
		{ "numbers stay those of the original", { { op = "remove", node = 1 }, { op = "set-attribute", node = 6, name = "a", value = "3" } },
			"<message id='1'><x xmlns='urn:x' a='3' b='2'><y/></x> between </message>" };
		{ "text replaces everything inside", { { op = "set-text", node = 1, text = "Hi & bye" } },
			"<message id='1'><body>Hi &amp; bye</body><x xmlns='urn:x' a='1' b='2'><y/></x> between </message>" };
		{ "empty text leaves nothing", { { op = "set-text", node = 1, text = "" } },
			"<message id='1'><body/><x xmlns='urn:x' a='1' b='2'><y/></x> between </message>" };
		{ "what is inside replaced text is gone", { { op = "set-text", node = 1, text = "Hi" }, { op = "remove", node = 3 } },
			"<message id='1'><body>Hi</body><x xmlns='urn:x' a='1' b='2'><y/></x> between </message>" };
		{ "attributes", { { op = "remove-attribute", node = 6, name = "b" }, { op = "set-attribute", node = 0, name = "type", value = "chat" },
			{ op = "remove-attribute", node = 0, name = "id" }, { op = "remove-attribute", node = 0, name = "none" } },
			"<message type='chat'><body>Hello <b>you</b>!</body><x xmlns='urn:x' a='1'><y/></x> between </message>" };
		{ "append", { { op = "append", node = 0, name = "z", xmlns = "urn:z", text = "t", attributes = { k = "v" } } },
			"<message id='1'><body>Hello <b>you</b>!</body><x xmlns='urn:x' a='1' b='2'><y/></x> between <z xmlns='urn:z' k='v'>t</z></message>" };
		{ "append into an emptied element", { { op = "set-text", node = 1, text = "a" }, { op = "append", node = 1, name = "b" } },
			"<message id='1'><body>a<b/></body><x xmlns='urn:x' a='1' b='2'><y/></x> between </message>" };
		{ "what is appended stays", { { op = "append", node = 1, name = "b" }, { op = "set-text", node = 1, text = "a" } },
			"<message id='1'><body>a<b/></body><x xmlns='urn:x' a='1' b='2'><y/></x> between </message>" };
		{ "the last edit wins", { { op = "set-text", node = 1, text = "a" }, { op = "set-text", node = 1, text = "b" } },
			"<message id='1'><body>b</body><x xmlns='urn:x' a='1' b='2'><y/></x> between </message>" };
		{ "no namespace is that of the parent", { { op = "append", node = 6, name = "z", xmlns = "", text = "" } },
			"<message id='1'><body>Hello <b>you</b>!</body><x xmlns='urn:x' a='1' b='2'><y/><z/></x> between </message>" };
		{ "the stream's namespace is not written", { { op = "remove", node = 1 }, { op = "append", node = 0, name = "body", xmlns = "jabber:client", text = "new" } },
			"<message id='1'><x xmlns='urn:x' a='1' b='2'><y/></x> between <body>new</body></message>" };
		{ "but where another is inherited", { { op = "append", node = 7, name = "body", xmlns = "jabber:client", text = "new" } },
			"<message id='1'><body>Hello <b>you</b>!</body><x xmlns='urn:x' a='1' b='2'><y><body xmlns='jabber:client'>new</body></y></x> between </message>" };
		{ "nothing", {}, before };
	};
	for _, case in ipairs(cases) do
		it(case[1], function ()
			local stanza = sample();
			local tags = stanza.tags;
			edits.apply(stanza, case[2]);
			assert.same(parsed(case[3]), parsed(tostring(stanza)));
			assert.equal(tags, stanza.tags);
			assert_consistent(stanza);
		end);
	end

	-- What no edit touches, and is in nothing that one touches, is in both.
	local function assert_shared(copy, stanza, may_differ)
		local inside = {};
		for _, child in ipairs(stanza.tags) do inside[child] = true; end
		for _, child in ipairs(copy.tags) do assert.is_true(inside[child] or may_differ[child.name] or false, child.name); end
	end

	for _, case in ipairs(cases) do
		it("in a copy: "..case[1], function ()
			local stanza, original = sample(), sample();
			local copy = edits.copied(stanza, case[2]);
			assert.same(parsed(case[3]), parsed(tostring(copy)));
			assert_consistent(copy);
			assert.same(st.preserialize(original), st.preserialize(stanza)); -- the order of attributes aside
			assert_consistent(stanza);
			assert.not_equal(stanza, copy);
			assert.not_equal(stanza.attr, copy.attr);
			assert.not_equal(stanza.tags, copy.tags);
			local may_differ = { z = true };
			for _, edit in ipairs(case[2]) do may_differ[edit.node >= 6 and "x" or "body"] = true; end
			assert_shared(copy, stanza, may_differ);
		end);
	end

	it("in a copy leave what they do not touch in both", function ()
		local stanza = sample();
		local copy = edits.copied(stanza, { { op = "set-attribute", node = 7, name = "a", value = "1" } });
		assert.equal(stanza.tags[1], copy.tags[1]);
		assert.not_equal(stanza.tags[2], copy.tags[2]);
		assert.is_nil(stanza.tags[2].tags[1].attr.a);
		assert.equal("1", copy.tags[2].tags[1].attr.a);
	end);

	it("find nodes in elements that are there twice", function ()
		local twice = st.stanza("x"):text_tag("y", "a");
		local stanza = st.message():add_child(twice):add_child(twice); -- 1 x, 2 y, 3 "a", 4 x, 5 y, 6 "a"
		local copy = edits.copied(stanza, { { op = "set-text", node = 5, text = "b" } });
		assert.equal("<message><x><y>a</y></x><x><y>b</y></x></message>", tostring(copy));
	end);

	local impossible = {
		{ "a number that is not there", { op = "remove", node = 9 } };
		{ "the stanza itself", { op = "remove", node = 0 } };
		{ "text of a text", { op = "set-text", node = 2, text = "x" } };
		{ "no number", { op = "set-text", text = "x" } };
		{ "attribute of a text", { op = "set-attribute", node = 2, name = "a", value = "b" } };
		{ "control characters", { op = "set-text", node = 1, text = "\0" } };
		{ "invalid UTF-8", { op = "set-attribute", node = 1, name = "a", value = "\255" } };
		{ "a name with blanks", { op = "append", node = 0, name = "a b" } };
		{ "an unknown edit", { op = "rename", node = 1 } };
	};
	for _, case in ipairs(impossible) do
		it("all or none: "..case[1], function ()
			local stanza = sample();
			assert.has_error(function ()
				edits.apply(stanza, { { op = "remove", node = 1 }, { op = "set-attribute", node = 0, name = "id", value = "2" }, case[2] });
			end);
			assert.has_error(function () edits.copied(stanza, { { op = "remove", node = 1 }, case[2] }); end);
			assert.same(parsed(before), parsed(tostring(stanza)));
			assert_consistent(stanza);
		end);
	end

	it("number elements and texts of any depth", function ()
		local stanza = st.message();
		for _ = 1, 5000 do stanza:tag("x"); end
		edits.apply(stanza:text("end"):reset(), { { op = "remove", node = 5001 } });
		local element = stanza;
		for _ = 1, 5000 do element = element[1]; end
		assert.equal(0, #element);
	end);
end);

-- F1: tables of util.stanza, and tables that are none, walked, shown to a policy and described by it. And edits: what the
-- host says a stanza is after them is what the shim makes of Prosody's.

local st = require "util.stanza";
local edits = require "server".new({}).module:require("edits");
local chain = chain_with "echoing";

local names = { "body", "x", "message", "a", "encrypted" };
local namespaces = { "urn:x", "jabber:client", "jabber:server", "", "urn:y", "jabber:component:accept" };
local attributes = { "id", "xml:lang", "urn:p\1a", "b", "to", "type", "urn:q\1b" };
local texts = { "hi", " ", "ünï 🦀", "a\nb\t", "<&'\"", "\\", "]]>" };
-- Prosody writes line breaks in attributes as they are, and whoever reads that reads spaces.
local attribute_texts = { "hi", " ", "ünï 🦀", "", "<&'\"", "\\", "]]>" };

local function some_attributes(read)
	local attr = {};
	for _ = 1, read.below(4) do attr[read.one_of(attributes)] = read.one_of(attribute_texts); end
	if read.below(3) == 0 then attr.xmlns = read.one_of(namespaces); end
	return attr;
end

-- By the functions that modules use. No two texts beside each other: in XML they would be one.
local function build(read)
	local stanza = st.stanza(read.one_of({ "message", "presence", "iq" }), some_attributes(read));
	local depth, is_after_text = 0, false;
	for _ = 1, read.byte() do
		if read.is_empty() then break; end
		local what = read.below(4);
		if what == 0 and not is_after_text then
			stanza:text(read.one_of(texts));
			is_after_text = true;
		elseif what <= 2 and depth < 60 then
			stanza:tag(read.one_of(names), some_attributes(read));
			depth, is_after_text = depth + 1, false;
		elseif depth > 0 then
			stanza:up();
			depth, is_after_text = depth - 1, false;
		end
	end
	return stanza:reset();
end

local function some_edits(read)
	local list = {};
	for index = 1, read.below(6) do
		local edit = { op = read.one_of({ "remove", "set-text", "set-attribute", "remove-attribute", "append" }), node = read.below(12) };
		edit.name, edit.value, edit.text = read.one_of(edit.op == "append" and names or attributes), read.one_of(attribute_texts), read.one_of(texts);
		if edit.op == "append" then edit.xmlns, edit.attributes = read.one_of(namespaces), { b = read.one_of(attribute_texts) }; end
		list[index] = edit;
	end
	return list;
end

local function same(what, expected, found)
	if expected ~= found then
		error(("%s\n--- expected\n%s\n--- found\n%s"):format(what, tostring(expected), tostring(found)), 0);
	end
end

-- Is it as XML would have it: no text beside another, none empty?
local function is_plain(stanza)
	local before;
	for _, child in ipairs(stanza) do
		if type(child) == "string" and (child == "" or type(before) == "string") then return false; end
		if type(child) == "table" and not is_plain(child) then return false; end
		before = child;
	end
	return true;
end

local function check_built(read)
	local stanza = build(read);
	local kind, text = stanza.name, tostring(stanza);
	local expected = describe(stanza);
	same("the walk", expected, (seen(chain, stanza, kind)));
	same("the stanza afterwards", text, tostring(stanza));
	same("a clone", expected, (seen(chain, st.clone(stanza), kind)));
	same("from storage", expected, (seen(chain, st.deserialize(st.preserialize(stanza)), kind)));
	same("the host's own reader", expected, host.described(text, "jabber:client"));
	local asked = some_edits(read);
	local after, allowed = host.edited(text, asked);
	if not after then return; end
	local list = {};
	for _, index in ipairs(allowed) do list[#list + 1] = asked[index]; end
	edits.apply(stanza, list);
	same("the stanza after its edits, of "..text, after, describe(stanza));
	same("the walk after its edits", after, (seen(chain, stanza, kind)));
	-- What leaves the server is what was judged.
	if is_plain(stanza) then same("what is sent", after, host.described(tostring(stanza), "jabber:client")); end
end

local scraps = { 7, 0.5, true, print, io.stdout, "\xff", "\xed\xa0\x80", "", "x", ("x"):rep(200000), "\0" };

-- A table that may be a stanza. -> table, is it one?
local function scrap(read, depth)
	local is_one = depth <= 64;
	local element = { name = read.one_of(names), attr = {}, tags = {} };
	if depth == 1 then element.name = "message"; end
	local function text()
		local value = read.below(4) == 0 and read.one_of(scraps) or read.text(read.below(16));
		if type(value) ~= "string" or not utf8.len(value) then is_one = false; end
		return value;
	end
	for _ = 1, read.below(3) do
		local value, name = text(), read.one_of(attributes);
		if read.below(16) == 0 then
			name = text();
			if name == "xmlns" then name = "n"; end
		end
		if name == name then element.attr[name] = value; end
	end
	local odd = read.below(32);
	if odd == 0 then
		element.name = text();
		if element.name == "" or depth == 1 and element.name ~= "message" then is_one = false; end
	elseif odd == 1 then
		element.attr = nil;
	elseif odd == 2 then
		element.attr, is_one = text(), false;
	elseif odd == 3 then
		element.attr.xmlns = text();
	elseif odd == 4 then
		setmetatable(element, { __index = error, __len = error, __pairs = error });
	end
	for index = 1, read.below(5) do
		if read.is_empty() then break; end
		local repeats = read.below(64) == 0 and 5001 or 1;
		local child, is_child = nil, true;
		if read.below(2) == 0 then
			child = text();
		elseif read.below(40) == 0 then
			child, is_child = element, false;
		else
			child, is_child = scrap(read, depth + 1);
		end
		is_one = is_one and is_child;
		for _ = 1, repeats do rawset(element, rawlen(element) + 1, child); end
	end
	return element, is_one;
end

local function measure(node, sums, depth)
	if depth > 64 then sums.deep = true; return; end
	sums.things = sums.things + 1;
	local count = 0;
	for name, value in pairs(node.attr or {}) do
		if name ~= "xmlns" then
			count, sums.things, sums.bytes = count + 1, sums.things + 1, sums.bytes + #name + #value;
		elseif value ~= "" then
			sums.bytes = sums.bytes + #value;
		end
	end
	sums.bytes, sums.many = sums.bytes + #node.name, sums.many or count > 64;
	for _, child in ipairs(node) do
		if type(child) == "string" then
			sums.things, sums.bytes, sums.text = sums.things + 1, sums.bytes + #child, sums.text + #child;
		else
			measure(child, sums, depth + 1);
		end
		if sums.things > 10000 then return; end
	end
end

local function without_metatables(node)
	setmetatable(node, nil);
	for _, child in ipairs(node) do
		if type(child) == "table" and getmetatable(child) then without_metatables(child); end
	end
	return node;
end

local function is_text(value) return type(value) == "string" and utf8.len(value) ~= nil; end

local function is_stanza(node, depth)
	local name, attr = rawget(node, "name"), rawget(node, "attr");
	if depth > 64 or not is_text(name) or name == "" or depth == 1 and name ~= "message" then return false; end
	if attr ~= nil and type(attr) ~= "table" then return false; end
	for key, value in next, attr or {} do
		if not is_text(key) or not is_text(value) then return false; end
	end
	local index = 1;
	local child = rawget(node, index);
	while child ~= nil do
		if type(child) == "table" then
			if not is_stanza(child, depth + 1) then return false; end
		elseif not is_text(child) then
			return false;
		end
		index = index + 1;
		child = rawget(node, index);
	end
	return true;
end

local function check_scrap(read)
	local stanza = scrap(read, 1);
	local is_one = is_stanza(stanza, 1);
	local found, verdict = seen(chain, stanza, "message");
	if not is_one then
		assert(not found, "what is no stanza was judged");
		assert(verdict == "bounce" or verdict == "drop", verdict);
		return;
	end
	local raw = without_metatables(stanza);
	local sums = { things = 0, bytes = 0, text = 0 };
	measure(raw, sums, 1);
	local is_large = sums.deep or sums.many or sums.things > 10000 or sums.text > 256 * 1024 or sums.bytes > 512 * 1024;
	-- The description of a large one does not fit into an edit; how many bytes namespaces take is the host's affair.
	if is_large then
		assert(not found, "what is too large was judged");
	elseif sums.bytes < 100000 and sums.things < 1000 then
		same("the walk over a table", describe(raw), found);
	end
end

return function (bytes)
	local read = choices.new(bytes);
	if read.below(2) == 0 then check_built(read); else check_scrap(read); end
end

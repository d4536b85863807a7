-- F2: XML from a stream, through Prosody's own parser and the walk, beside a tree that is made here from expat's events.

local lxp = require "lxp";
local chain = chain_with "echoing";

local pieces = {
	"<message>", "</message>", "<body>", "</body>", "<x xmlns='urn:x'>", "</x>", "<p:y xmlns:p='urn:p' p:a='1'>", "</p:y>",
	"<body xmlns='jabber:server'>", "<body xmlns='jabber:client'>", "<body xmlns='jabber:component:accept'>", "<z xmlns=''>", "</z>",
	"text", " ", "&amp;", "&#x41;", "&#10;", "<![CDATA[<b>]]>", "<a b='1' c=\"2\"/>", "<a xml:lang='de' xmlns:q='urn:q' q:id='&lt;'/>",
	"\n", "ü🦀", "<q:b xmlns:q='jabber:client'/>", "<q:b xmlns:q='jabber:server'>", "</q:b>", "]]", "&quot;", "<x:x xmlns:x='urn:x'><x:x/></x:x>",
	"\r\n", "\t", "<a b='\n\t '/>", "<!-- c -->", "<?pi?>", "&undefined;", "<message/>", "<presence>", "</presence>", "<body", ">", "'",
};
local streams = { "jabber:client", "jabber:server", "jabber:component:accept" };

local function text_of(read)
	local parts = { "<message>" };
	for _ = 1, read.byte() do
		if read.is_empty() then break; end
		parts[#parts + 1] = read.below(16) == 0 and read.text(read.below(8)) or read.one_of(pieces);
	end
	parts[#parts + 1] = "</message>";
	return table.concat(parts);
end

-- The same by other means: names are split here, and every element says its namespace.
local function tree_of(text, namespace)
	local open, root = {}, nil;
	local function split(name)
		local space, plain = name:match("^([^\1]*)\1(.*)$");
		return space or "", plain or name;
	end
	local handlers = {
		StartElement = function (_, name, attr)
			local space, plain = split(name);
			local element = { name = plain, attr = { xmlns = space } };
			for key, value in pairs(attr) do
				if type(key) == "string" then
					element.attr[key:gsub("^http://www.w3.org/XML/1998/namespace\1", "xml:")] = value;
				end
			end
			if #open > 0 then table.insert(open[#open], element); end
			table.insert(open, element);
			if #open == 2 then root = root or element; end
		end;
		EndElement = function () table.remove(open); end;
		CharacterData = function (_, data)
			local around = open[#open];
			if type(around[#around]) == "string" then around[#around] = around[#around]..data; else table.insert(around, data); end
		end;
		Comment = function () error("a comment", 0); end;
		ProcessingInstruction = function () error("an instruction", 0); end;
		StartDoctypeDecl = function () error("a document type", 0); end;
	};
	local parser = lxp.new(handlers, "\1", false);
	if not parser:parse("<stream xmlns='"..namespace.."'>") then return nil; end
	local ok = pcall(function () return assert(parser:parse(text)); end);
	return ok and root or nil;
end

local function check(text, namespace)
	local stanzas = parse(text, namespace);
	if not stanzas or #stanzas ~= 1 then return; end
	local stanza = stanzas[1];
	local kind = stanza.name;
	if kind ~= "message" and kind ~= "presence" and kind ~= "iq" then return; end
	local tree = assert(tree_of(text, namespace), "Prosody takes what expat refuses: "..text);
	-- The language of the stream, which Prosody notes at each stanza.
	if not tree.attr["xml:lang"] then stanza.attr["xml:lang"] = nil; end
	local found, verdict, reason = seen(chain, stanza, kind);
	if not found then
		assert(verdict == "bounce" and reason:find("^too%-"), tostring(reason).." for "..text);
		return;
	end
	local expected = describe(tree, namespace);
	if expected ~= found then error(("in %s: %s\n--- expat\n%s\n--- walk\n%s"):format(namespace, text, expected, found), 0); end
	local read = host.described(text, namespace);
	if read and read ~= expected then
		error(("in %s, read offline: %s\n--- expat\n%s\n--- here\n%s"):format(namespace, text, expected, read), 0);
	end
end

return function (bytes)
	local read = choices.new(bytes);
	local is_raw = read.below(4) == 0;
	local text = is_raw and read.text(4096) or text_of(read);
	for _, namespace in ipairs(streams) do check(text, namespace); end
end

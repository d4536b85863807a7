-- F11: addresses as Prosody prepares them (with ICU or libidn), beside what the policies and the host make of them.

local jid = require "util.jid";

local pieces = { "a", "Alice", "@", "/", "example.org", "EXAMPLE.org", ".", " ", "ß", "İ", "ı", "Å", "ﬁ", "①", "\u{200d}", "\u{ad}",
	"ä", "a\u{308}", "日本", "🦀", "'", "\"", "&", "<", "xn--", "-", "%", "\\20", "[::1]", "\u{3000}", "\u{e000}", "\u{10ffff}", "\u{1f}",
	"\u{fdfa}", "\u{2126}", "K", "ſ", "Σ", "ς" };

local function text_of(read)
	if read.below(4) == 0 then return read.text(64); end
	local parts = {};
	for _ = 1, 1 + read.below(12) do
		if read.is_empty() then break; end
		parts[#parts + 1] = read.one_of(pieces);
	end
	return table.concat(parts);
end

local function is_ascii(text) return not text:find("[\x80-\xff]"); end

-- Prosody refuses names of hosts that could be none in the DNS, which is looked at where names are looked up.
local function is_host(name)
	return name and #name < 64 and name:find("^[%w][%w.]*[%w]$") and not name:find("..", 1, true);
end

local function check_prepared(text)
	if not utf8.len(text) then return; end
	local expected, found = jid.prep(text), host.prepared(text);
	-- The direction of writing and labels of host names are not looked at here, on purpose: what Prosody refuses may be one.
	if expected and expected ~= found then
		error(("%q is %q to Prosody, %q here"):format(text, expected, tostring(found)), 0);
	end
	-- Letters of ASCII have no direction: what is one here is one there, unless the name of a host is none.
	if found and not expected and is_ascii(text) and is_host(jid.host(text)) then
		error(("%q is none to Prosody, %q here"):format(text, found), 0);
	end
end

local function check_split(text)
	if not utf8.len(text) then return; end
	local node, domain, resource = jid.prepped_split(text);
	-- Where nothing is left of a part, Prosody has an empty one, which is none in what comes to others.
	if not domain or domain == "" or resource == "" or node == "" then return; end
	local prepared = jid.join(node, domain, resource);
	local split = host.split(prepared);
	local function same(what, expected, found)
		if expected ~= found then error(("%s of %q is %q, not %q"):format(what, prepared, tostring(found), tostring(expected)), 0); end
	end
	same("the node", node, split.node);
	same("the host", domain, split.host);
	same("the resource", resource, split.resource);
	same("the bare address", jid.bare(prepared), split.bare);
end

-- A line of the log never keeps an address that it was given, whatever stands around it.
local function check_scrubbed(text, read)
	if not utf8.len(text) then return; end
	local node, domain = jid.prepped_split(text);
	-- A line has no line breaks; what is shorter than this may be there anyhow; signs alone are nobody's name.
	if not node or #node < 3 or not node:find("[%w\x80-\xff]") or text:find("%c") or not domain:find("^[%w\x80-\xff][%w.\x80-\xff-]*$") then return; end
	local bare = node.."@"..domain;
	local before = read.one_of({ "", "from ", "<", "'", "\"", "(", "jid=", "[", "user:" });
	local after = read.one_of({ "", " left", ">", "'", "\"", ")", ",", "]", "." });
	local line = before..bare..after;
	local scrubbed = library.scrub(line);
	if scrubbed:find(bare, 1, true) then error(("%q is still in %q"):format(bare, scrubbed), 0); end
end

return function (bytes)
	local read = choices.new(bytes);
	local what, text = read.below(3), text_of(read);
	if what == 0 then check_prepared(text);
	elseif what == 1 then check_split(text);
	else check_scrubbed(text, read);
	end
end

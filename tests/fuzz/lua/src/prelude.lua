-- What the targets in Lua have in common: Prosody's own modules, choices from bytes, and how a stanza is described.

local source = os.getenv("PROSODY_SOURCE") or host.root.."/target/prosody/13.0/usr/lib/prosody";
package.path = source.."/?.lua;"..host.root.."/lua-shim/spec/?.lua;/usr/share/lua/5.4/?.lua;"..package.path;
package.cpath = source.."/?.so;/usr/lib/x86_64-linux-gnu/lua/5.4/?.so;/usr/lib/aarch64-linux-gnu/lua/5.4/?.so;"..package.cpath;
dofile(source.."/loader.lua");

choices = {};

-- -> byte(), below(n), one_of(list), text(n): what is read beyond the end is 0
function choices.new(bytes)
	local place = 0;
	local self = {};
	function self.byte()
		place = place + 1;
		return bytes:byte(place) or 0;
	end
	function self.below(count) return self.byte() % count; end
	function self.one_of(list) return list[1 + self.byte() % #list]; end
	function self.text(count)
		local text = bytes:sub(place + 1, place + count);
		place = place + #text;
		return text;
	end
	function self.is_empty() return place >= #bytes; end
	return self;
end

local function quoted(text) return host.quoted(text); end

local is_stream = { [""] = true, ["jabber:client"] = true, ["jabber:server"] = true, ["jabber:component:accept"] = true };

-- Lines as the guest `echoing` writes them, by the rules of wit/: effective namespaces, sorted attributes.
-- `around`: the namespace of the stream. Recursive: only for what is not too deep.
function describe(stanza, around)
	local lines = {};
	local function add(node, around_node)
		local number = #lines;
		if type(node) == "string" then
			lines[number + 1] = number.." "..quoted(node);
			return;
		end
		local namespace = node.attr and node.attr.xmlns or around_node;
		local shown = is_stream[namespace] and "jabber:client" or namespace;
		local names = {};
		for name in pairs(node.attr or {}) do
			if name ~= "xmlns" then names[#names + 1] = name; end
		end
		table.sort(names);
		for index, name in ipairs(names) do names[index] = " "..quoted(name).."="..quoted(node.attr[name]); end
		lines[number + 1] = number.." {"..quoted(shown).."}"..quoted(node.name)..table.concat(names);
		for _, child in ipairs(node) do add(child, namespace); end
	end
	add(stanza, around or "jabber:client");
	return table.concat(lines, "\n");
end

local stage = host.root.."/target/stage/usr";
local open, problem = package.loadlib(stage.."/lib/prosody/modules/mod_wasm/prosody_wasm.so", "luaopen_prosody_wasm");
library = assert(open, tostring(problem).."; run `make build`")();

-- How a guest that `make test-guests` built is staged.
function request_for(guest)
	return {
		name = "policy"; path = host.root.."/target/wasm32-unknown-unknown/guest/examples/"..guest..".wasm"; settings = "{}";
		limits = { milliseconds = 1000 }; on_error = "deny"; cache_path = host.cache; compiler = stage.."/bin/prosody-wasm";
		compile_seconds = 300;
	};
end

-- A chain with one policy.
function chain_with(guest)
	local job = assert(library.stage(request_for(guest)));
	local word, staged;
	repeat word, staged = job:poll(); until word ~= "running";
	if word ~= "done" then error(guest..": "..tostring(staged).."; run `make test-guests`", 0); end
	local chain = assert(library.chain("example.org"));
	chain:declare("policy", { on_error = "deny", mode = "enforce" });
	assert(chain:put("policy", staged));
	return chain;
end

-- What the policy saw of it, or nil and why it was refused.
function seen(chain, stanza, kind)
	local verdict, _, reason, _, details = chain:decide(stanza, chain:question(kind, "outgoing", "user", "user"));
	if verdict ~= "pass" then return nil, verdict, reason; end
	return details.edits[1][1].text;
end

-- Prosody's own parser, on a stream with this default namespace. -> { stanza, .. } | nil, err
function parse(text, namespace)
	local new_stream = require "util.xmppstream".new;
	local parsed = {};
	local stream = new_stream({ notopen = true }, {
		default_ns = namespace; stream_ns = "http://etherx.jabber.org/streams";
		streamopened = function (session) session.notopen = nil; return true; end; streamclosed = function () end;
		error = function (_, err) error(err, 0); end;
		handlestanza = function (_, stanza) parsed[#parsed + 1] = stanza; end;
	}, math.huge);
	local opening = "<stream:stream xmlns='%s' xmlns:stream='http://etherx.jabber.org/streams'>";
	assert(stream:feed(opening:format(namespace)));
	local fed, ok, err = pcall(stream.feed, stream, text);
	if not fed or not ok then return nil, fed and err or ok; end
	return parsed;
end

-- Whatever the library returns or raises, whatever a stanza looks like: Prosody's events get true or nil, never an error and
-- never false, which on the road of a stanza means "deliver". Random, but the same in each run.

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local st = require "util.stanza";

local rounds = 1000;
local alice, bob, room = "alice@example.com/phone", "bob@example.org/desk", "room@rooms.example.com/nick";

local function pick(list) return list[math.random(#list)]; end

-- What no version of the library would say.
local function garbage(depth)
	local kind = math.random(depth > 2 and 8 or 11);
	if kind == 1 then return nil; end
	if kind == 2 then return math.random() < 0.5; end
	if kind == 3 then return pick { 0, -1, 1e308, -0.5, math.mininteger, 0 / 0, 1 / 0 }; end
	if kind == 4 then return pick { "", "pass", "bounce", "drop", "edit", "%s%d%n", "\0\255", ("x"):rep(5000) }; end
	if kind == 5 then return print; end
	if kind == 6 then return setmetatable({}, { __index = function () error("looked at"); end, __tostring = function () error("shown"); end }); end
	if kind == 7 then return coroutine.create(print); end
	if kind == 8 then return pick { "modify", "wait", "policy-violation", "notify", "set-text", "remove", "sender" }; end
	local names = { "edits", "effects", "text", "type", "condition", "kind", "op", "node", "to", "policy", "key", "value", "manner", "level", 1, 2, 3 };
	local value = {};
	for _ = 1, math.random(0, 5) do value[pick(names)] = garbage(depth + 1); end
	return value;
end

local function answer()
	if math.random() < 0.1 then error(garbage(0)); end
	if math.random() < 0.3 then return pick { "pass", "bounce", "drop" }, "e2ee", "a-reason", 1.5, garbage(0); end
	return garbage(0), garbage(0), garbage(0), garbage(0), garbage(0);
end

local function stanza_of(event_name)
	local kind = event_name:match("message") or event_name:match("presence") or event_name:match("iq") or "message";
	local stanza = st.stanza(kind, { from = pick { alice, bob, room }, to = pick { alice, bob, room, "example.com", false } or nil, id = "1",
		type = event_name:match("^iq%-(%a+)") or pick { "chat", "error", "groupchat", "set", "get", "result", "subscribe", false } or nil });
	for _ = 1, math.random(0, 3) do
		stanza:tag(pick { "body", "query", "x", "error" }, { xmlns = pick { "urn:test", false } or nil });
		if math.random() < 0.5 then stanza:text("text"); end
		stanza:up();
	end
	return stanza;
end

local function origin_of()
	local origin = math.random() < 0.6 and server.client(alice) or server.peer(pick { "s2sin", "component", "local" });
	if math.random() < 0.2 then origin.send = function () error("the connection is gone"); end
	elseif math.random() < 0.2 then origin.send = function () return false; end end
	return origin;
end

-- The road of a stanza; other events ask a question, and false is an answer.
local function is_on_the_road(event_name)
	return event_name:find("^pre%-") or event_name:find("^message/%a+$") or event_name:find("^presence/") or event_name:find("^iq")
		or event_name == "route/remote";
end

local function handlers_of(running)
	local all = {};
	for event_name, handlers in pairs(running.handlers) do
		if is_on_the_road(event_name) then
			for _, handler in ipairs(handlers) do all[#all + 1] = { event_name, handler[1] }; end
		end
	end
	table.sort(all, function (a, b) return a[1] < b[1]; end);
	return all;
end

local everything = { outgoing = true, incoming = true, incoming_only = true };
local interests = { message = everything, presence = everything, iq = everything };

local function start(host, behaviour)
	math.randomseed(26);
	return server.new({ wasm_policies = { e2ee = {} } }, { host = host, native = fake_native.new(behaviour) }).load();
end

local function fire_at_random(running)
	local handlers = handlers_of(running);
	assert.is_true(#handlers >= 9);
	local answers = { handled = 0, passed = 0 };
	for round = 1, rounds do
		local event_name, handler = table.unpack(pick(handlers));
		local ok, result = pcall(handler, { origin = origin_of(), stanza = stanza_of(event_name) });
		local where = ("round %d, %s"):format(round, event_name);
		assert.is_true(ok, where..": "..tostring(result));
		assert.is_true(result == true or result == nil, where..": "..tostring(result));
		local name = result and "handled" or "passed";
		answers[name] = answers[name] + 1;
	end
	return answers;
end

describe("a handler", function ()
	for _, host in ipairs({ "example.com", "rooms.example.com" }) do
		it("answers true or nil to whatever the library says, on "..host, function ()
			local hears = setmetatable({}, { __index = function () return true; end });
			local answers = fire_at_random(start(host, { interests = interests, hears = hears, rule = answer }));
			assert.is_true(answers.handled > rounds / 4 and answers.passed > 0);
		end);

		it("passes nothing on that the library did not let pass, on "..host, function ()
			local verdict;
			local running = start(host, { interests = interests, rule = function () return verdict; end });
			for _ = 1, rounds do
				verdict = garbage(0);
				local handled = running.fire("message/bare", stanza_of("message"), origin_of());
				assert.equal(verdict ~= "pass" or nil, handled);
			end
		end);

		for _, failure in ipairs({ { chain_error = "there is none" }, { interests = 5 }, { fails = { loading = "broken" } } }) do
			it("answers true or nil when the library does not work ("..next(failure).."), on "..host, function ()
				local running = start(host, failure);
				fire_at_random(running);
				assert.is_true((running.fire("message/bare", stanza_of("message"), origin_of())));
			end);
		end
	end
end);

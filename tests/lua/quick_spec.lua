-- The function of the hot path answers as `chain:decide` does, whatever it is called with.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";

local library = native.load();
local stanza = native.parse("<message type='chat'><body>Hello</body></message>");

local function chain_of(settings) return native.chain(library, native.guests.."/scripted.wasm", settings); end

local function number(chain, kind) return chain:question(kind or "message", "outgoing", "user", "user"); end

-- As crossing.lib.lua does.
local function ask(chain, quick, ...)
	local verdict, policy, reason, microseconds = quick(...);
	if verdict then return verdict, policy, reason, microseconds; end
	return chain:told();
end

describe("what is asked quickly", function ()
	local settings = {
		['{}'] = "pass"; ['{"verdict":"drop"}'] = "drop"; ['{"verdict":"bounce"}'] = "bounce"; ['{"set_body":"Bye"}'] = "edit"; ['{"log":"a line"}'] = "effect";
	};
	for text, what in pairs(settings) do
		it("is answered as otherwise: "..what, function ()
			local chain = chain_of(text);
			local quick = chain:quick();
			for _ = 1, 3 do -- the first time its words are new
				local expected, found = { chain:decide(stanza, number(chain)) }, { ask(chain, quick, stanza, number(chain), false) };
				expected[4], found[4] = type(expected[4]), type(found[4]);
				assert.same(expected, found);
			end
		end);
	end

	it("is answered without a table once its words are known, if it passes as it is", function ()
		local chain = chain_of("{}");
		local quick = chain:quick();
		assert.is_nil((quick(stanza, number(chain), false)));
		assert.equal("pass", (chain:told()));
		assert.equal("pass", (quick(stanza, number(chain), false)));
	end);

	it("is told once", function ()
		local chain = chain_of('{"verdict":"drop"}');
		local quick = chain:quick();
		assert.is_nil((quick(stanza, number(chain), false)));
		assert.equal("policy", (select(2, chain:told())));
		local verdict, policy, reason = chain:told();
		assert.same({ "drop", nil, "internal-error" }, { verdict, policy, reason });
	end);

	it("is not told of an answer before", function ()
		local chain = chain_of('{"verdict":"drop"}');
		local quick = chain:quick();
		quick(stanza, number(chain), false);
		quick(stanza, "no question", false);
		assert.same({ "drop", "internal-error" }, { (chain:told()), (select(3, chain:told())) });
	end);

	local wrong = {
		{}, { "text", 0 }, { stanza }, { stanza, "x" }, { stanza, -1 }, { stanza, 1e300 }, { stanza, 0 / 0 }, { stanza, math.maxinteger },
		{ { name = 7, attr = {}, tags = {} } }, { {}, 0 }, { setmetatable({}, { __index = error }), 0 }, { stanza, 0, false, 1, 2, 3 },
	};
	for index, arguments in ipairs(wrong) do
		it("raises nothing and lets nothing pass, case "..index, function ()
			local chain = chain_of('{"verdict":"drop"}');
			local ok, verdict = pcall(ask, chain, chain:quick(), table.unpack(arguments));
			assert.same({ true, true }, { ok, verdict == "drop" or verdict == "bounce" });
		end);
	end

	it("denies when its chain is gone", function ()
		local chain = chain_of("{}");
		local quick, question = chain:quick(), number(chain);
		chain = nil; -- luacheck: ignore 311/chain
		collectgarbage();
		collectgarbage();
		assert.is_nil((quick(stanza, question, false)));
	end);

	it("is answered in a coroutine", function ()
		local chain = chain_of("{}");
		local quick, question = chain:quick(), number(chain);
		ask(chain, quick, stanza, question, false);
		assert.equal("pass", coroutine.wrap(function () return (quick(stanza, question, false)); end)());
	end);
end);

describe("who is asked after one that is written down, or edits,", function ()
	local text = "<message type='chat' from='a@b/c' to='d@e'><body>"..("xy"):rep(100000).."</body></message>";
	local cases = { { "{}", true }, { '{"set_body":"Bye"}', false } };
	for index, case in ipairs(cases) do
		it("does not pay for that, case "..index, function ()
			local chain, recording = library.chain("example.org"), os.tmpname();
			for name, settings in pairs({ first = case[1], second = "{}" }) do
				chain:declare(name, { on_error = "deny", mode = "enforce" });
				local limits = { milliseconds = 1000, budget = name == "first" and 1000 or 200 };
				assert(chain:put(name, native.stage(library, native.guests.."/scripted.wasm", settings, { name = name, limits = limits })));
			end
			os.remove(recording);
			if case[2] then assert(chain:record("first", { path = recording, count = 100000 })); end
			for _ = 1, 300 do
				local verdict, _, reason = chain:decide(native.parse(text), number(chain));
				assert.same({ "pass", false }, { verdict, reason == "over-budget" });
			end
			os.remove(recording);
		end);
	end
end);

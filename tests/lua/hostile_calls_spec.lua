-- Whatever the library is called with, and from wherever: an answer or an error of Lua's, never the end of the process.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";

local rounds = 400;

local function pick(list) return list[math.random(#list)]; end

local function raising() error("looked at"); end

local endless = {};
endless.endless, endless[1] = endless, endless;

local function garbage(objects)
	local kind = math.random(12);
	if kind == 1 then return nil; end
	if kind == 2 then return math.random() < 0.5; end
	if kind == 3 then return pick { 0, -1, 1.5, 2 ^ 53, math.mininteger, math.maxinteger, 0 / 0, 1 / 0 }; end
	if kind == 4 then return pick { "", "policy", "message", "deny", "\0\255\192", "/dev/zero", ("x"):rep(100000), "{}" }; end
	if kind == 5 then return print; end
	if kind == 6 then return endless; end
	if kind == 7 then return coroutine.create(print); end
	if kind == 8 then return setmetatable({}, { __index = raising, __len = raising, __pairs = raising, __tostring = raising, __gc = raising }); end
	if kind == 9 then return { name = "message", attr = { [1] = 1, from = {} }, tags = 5, {}, { name = {} }, "text" }; end
	if kind == 10 then return { name = "message", attr = {}, tags = {}, { name = "body", attr = {}, tags = {}, ("x"):rep(300000) } }; end
	if kind == 11 then return native.request(pick { "/dev/null", native.guests, native.guests.."/scripted.wasm" }, pick { "{}", "[", "\255", "null" }, {
		limits = pick { {}, { milliseconds = -1, memory = 1 / 0 }, 5 }; grants = pick { {}, { "\255" }, { {} }, "all" };
		compiler = "/nonexistent"; cache_path = "/nonexistent/cache"; kept_path = pick { "/nonexistent", 5 };
	}); end
	return pick(objects);
end

local function call(method, self, objects)
	local arguments, count = {}, math.random(0, 4);
	for i = 1, count do arguments[i] = garbage(objects); end
	if self then return pcall(method, self, table.unpack(arguments, 1, count)); end
	return pcall(method, table.unpack(arguments, 1, count));
end

local function methods_of(object)
	local names = {};
	for _, name in ipairs({ "declare", "compiling", "fail", "remove", "has_store", "put", "hand_over", "publish", "rollback", "forget_previous",
		"settle", "try", "drop_candidate", "differences", "record", "stop_recording", "interests", "needs", "hears", "retention", "expiry",
		"status", "question", "decide", "quick", "told", "charge", "poll", "cancel", "facts" }) do
		local ok, method = pcall(function () return object[name]; end);
		if ok and type(method) == "function" then names[#names + 1] = name; end
	end
	return names;
end

describe("a call with anything", function ()
	it("ends, of each function and method", function ()
		math.randomseed(18);
		local library = native.load();
		local chain = native.chain(library, native.guests.."/scripted.wasm");
		local staged = native.stage(library, native.guests.."/scripted.wasm");
		local job = assert(library.stage(native.request(native.guests.."/scripted.wasm")));
		local objects = { chain, staged, job, library };
		local called = 0;
		for _, object in ipairs({ chain, staged, job }) do
			for _, name in ipairs(methods_of(object)) do
				for _ = 1, rounds // 4 do call(object[name], math.random() < 0.9 and object or nil, objects); end
				called = called + 1;
			end
		end
		assert.equal(27 + 2 + 1, called);
		for _, name in ipairs({ "stage_now", "chain", "scrub", "stage" }) do
			for _ = 1, rounds // 4 do call(library[name], nil, objects); end
		end
		collectgarbage();
		-- And it works as before.
		local fresh = native.chain(library, native.guests.."/scripted.wasm", '{"verdict":"drop"}');
		local stanza = native.parse("<message><body>hi</body></message>");
		assert.equal("drop", (fresh:decide(stanza, fresh:question("message", "outgoing", "user", "user"))));
	end);

	-- On the road of every stanza, so it is not to raise either.
	it("ends, of the function of the hot path", function ()
		math.randomseed(19);
		local library = native.load();
		local chain = native.chain(library, native.guests.."/scripted.wasm", '{"verdict":"drop"}');
		local objects = { chain, native.parse("<message><body>hi</body></message>"), chain:question("message", "outgoing", "user", "user") };
		local quick = chain:quick();
		for _ = 1, rounds do
			assert.is_true((call(quick, nil, objects)));
			local ok, verdict = pcall(chain.told, chain);
			assert.same({ true, true }, { ok, verdict == "drop" or verdict == "bounce" });
		end
		-- A time that is none takes nothing from the policy.
		for _, microseconds in ipairs({ -1, 0, 0 / 0, 1 / 0, -1 / 0, 1e300, 5e-324 }) do chain:charge("policy", microseconds); end
		chain:charge("nobody", 1);
		assert.equal("drop", (chain:decide(objects[2], objects[3])));
	end);

	-- A method of a chain that is in use, from within it: Lua runs there only where somebody's metatable is asked.
	it("answers when it is in use already", function ()
		local chain = native.chain(native.load(), native.guests.."/scripted.wasm");
		local question = chain:question("message", "outgoing", "user", "user");
		local stanza = native.parse("<message><body>hi</body></message>");
		local inner = {};
		local facts = setmetatable({}, { __index = function () inner[#inner + 1] = { pcall(chain.decide, chain, stanza, question) }; end });
		assert.is_string((chain:decide(stanza, question, facts)));
		for _, answer in ipairs(inner) do assert.is_boolean(answer[1]); end
	end);

	it("cuts recursion below a hundred and fifty coroutines", function ()
		local chain = native.chain(native.load(), native.guests.."/misbehaving.wasm", '{"how":"recurse","when":"decide","only":"deep"}');
		local question = chain:question("message", "outgoing", "user", "user");
		local stanza = native.parse("<message><body>deep</body></message>");
		local function descend(levels)
			if levels == 0 then return chain:decide(stanza, question); end
			return select(2, assert(coroutine.resume(coroutine.create(descend), levels - 1)));
		end
		local verdict, _, reason = descend(150);
		assert.same({ "bounce", "trap" }, { verdict, reason });
	end);
end);

-- F10: what an operator's configuration can hold, as settings and options, and as arguments of the library. A table of Lua may
-- hold anything; what comes of it is JSON, or a sentence that says what is wrong.

local server = require "server";
local json = require "util.json";
local st = require "util.stanza";
local module = server.new({}).module;
local settings, values = module:require "settings", module:require "values";
local chain = chain_with "echoing";

local numbers = { 0, 1, -1, 0.5, -0.0, 0/0, 1/0, -1/0, math.maxinteger, math.mininteger, 2^53, 1e308, 5e-324, 64 * 1024, 3.0, 1 << 32 };
local words = { "", "mode", "deny", "pass", "mixed", "path", "__array", "__hash", "\xff", "\0", "a\nb", "ü🦀", "../x", "/etc/passwd",
	("x"):rep(70000), ("a"):rep(64), "name", "seconds", "failures", "milliseconds", "memory", "content", "true" };

local some; -- forward declaration: tables contain tables

-- -> table, does it answer with errors to whoever looks at it?
local function some_table(read, depth, known)
	local made, is_raising = {}, false;
	known[#known + 1] = made;
	for index = 1, read.below(6) do
		if read.is_empty() then break; end
		local what, key = read.below(8), index;
		if what >= 4 then
			key = read.one_of(words);
		elseif what == 3 then
			key = read.one_of(numbers);
			if key ~= key then key = {}; end
		elseif what == 2 then
			key = read.below(2) == 0;
		end
		local value, is_value_raising = some(read, depth + 1, known);
		made[key], is_raising = value, is_raising or is_value_raising;
	end
	if read.below(24) == 0 then
		is_raising = true;
		setmetatable(made, { __index = error, __len = function () return 1e15; end, __pairs = error });
	end
	return made, is_raising;
end

local function deep(read)
	local value = read.one_of(words);
	for _ = 1, read.one_of({ 30, 31, 32, 33, 200, 5000 }) do value = { value = value }; end
	return value;
end

function some(read, depth, known)
	local what = read.below(12);
	if what <= 3 and depth < 6 then return some_table(read, depth, known); end
	if what == 4 then return read.one_of(numbers), false; end
	if what == 5 then return read.below(2) == 0, false; end
	if what == 6 then return read.one_of({ print, io.stdout, coroutine.create(print), json.null }), false; end
	if what == 7 and #known > 0 then return read.one_of(known), true; end -- perhaps itself
	if what == 8 then return deep(read), false; end
	if what == 9 then return read.text(read.below(32)), false; end
	return read.one_of(words), false;
end

local function check_settings(value, is_raising)
	local ok, text, problem = pcall(settings.encode, value, "settings");
	if not ok then
		assert(is_raising, text);
		return;
	end
	if not text then
		assert(type(problem) == "string" and utf8.len(problem) and not problem:find("%c") and #problem < 1000, problem);
		return;
	end
	assert(host.is_json(text), text:sub(1, 1000));
	local again = assert(settings.normalise(text, "settings"));
	assert(again == text, "settings change when they are read again: "..text:sub(1, 500).."\n"..again:sub(1, 500));
end

local function check_options(read, value, is_raising)
	local names = {};
	for name in pairs(values.parse) do names[#names + 1] = name; end
	table.sort(names);
	local name = read.one_of(names);
	local ok, parsed, problem = pcall(values.parse[name], value, "wasm_policies.x."..name);
	assert(ok or is_raising, parsed);
	assert(not ok or parsed ~= nil or type(problem) == "string" and not problem:find("[%z\1-\8\11-\31]"), problem);
end

-- A mistake in an argument raises, as in any library for Lua; a panic does not count as one.
local function call(f, ...)
	local ok, err = pcall(f, ...);
	if not ok and tostring(err):find("panic") then error(err, 0); end
end

local names_of_request = { "settings", "limits", "grants", "on_error", "accepted", "sha256", "gate", "trusted_keys", "name", "unless" };
local names_of_facts = { "subscription", "judged", "nickname", "rooms", "blocked", "standing", "roles", "registration", "slot", "piece" };

local function check_library(read, value)
	local kind = read.below(6);
	local arguments = type(value) == "table" and value or { value };
	local request = request_for "echoing";
	if kind == 0 then
		request[read.one_of(names_of_request)] = next(arguments) and arguments[next(arguments)] or value;
		request[read.one_of(names_of_request)] = value;
		call(library.stage_now, request);
	elseif kind == 1 then
		call(chain.declare, chain, "q", arguments);
		chain:remove("q");
	elseif kind == 2 then
		local trial = { role = read.one_of({ "shadow", "canary" }), share = read.one_of(numbers), budget = read.one_of(numbers) };
		for key, item in next, arguments do trial[key] = item; end
		call(chain.try, chain, "policy", assert(library.stage_now(request)), trial);
		chain:decide(st.message({ from = "a@x/1" }):tag("body"):reset(), chain:question("message", "outgoing", "user", "user"));
		chain:drop_candidate("policy");
	elseif kind == 3 then
		call(chain.publish, chain, {}, arguments);
		call(chain.hand_over, chain, arguments, nil);
	end
	-- The road of a stanza raises nothing, whatever it is given by the side of it.
	local facts = {};
	for _, name in ipairs(names_of_facts) do
		if read.below(4) == 0 then facts[name] = read.below(2) == 0 and value or read.one_of(numbers); end
	end
	local stanza = st.message({ from = "a@x/1" }):tag("body"):text("hi"):reset();
	local ok, verdict = pcall(chain.decide, chain, stanza, read.below(255), facts);
	assert(ok, verdict);
	assert(verdict == "pass" or verdict == "bounce" or verdict == "drop", verdict);
end

return function (bytes)
	local read = choices.new(bytes);
	local what = read.below(4);
	local value, is_raising = some(read, what == 3 and 1 or 0, {});
	if what == 0 or what == 1 then check_settings(value, is_raising);
	elseif what == 2 then check_options(read, value, is_raising);
	else check_library(read, value);
	end
end

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local function read(config)
	return server.new(config).module:require("config").read();
end

local function cyclic()
	local settings = { a = {} };
	settings.a.b = settings;
	return settings;
end

local function deep()
	local settings = {};
	for _ = 1, 100 do settings = { inner = settings }; end
	return settings;
end

local hash = ("0123456789abcdef"):rep(4);

describe("a policy's entry", function ()
	local defaults = read({ wasm_policies = { e2ee = {} } }).records.e2ee;

	it("needs nothing but its name", function ()
		assert.is_nil(defaults.problem);
		assert.is_true(defaults.is_bundled);
		assert.matches("/wasm/e2ee%.wasm$", defaults.path);
		assert.equal("deny enforce {}", defaults.on_error.." "..defaults.mode.." "..defaults.settings);
		assert.is_nil(defaults.grants);
	end);

	local good = {
		-- entry, field of the record, its value
		{ { path = "other.wasm" }, "path", "/etc/prosody/other.wasm" };
		{ { path = "/opt/other.wasm" }, "path", "/opt/other.wasm" };
		{ { sha256 = hash:upper() }, "sha256", hash };
		{ { on_error = "pass" }, "on_error", "pass" };
		{ { mode = "off" }, "mode", "off" };
		{ { grants = { "log", "content" } }, "grants", { "content", "log" } };
		{ { mode = "shadow" }, "mode", "shadow" };
		{ { follow = true }, "follow", true };
		{ {}, "probation", { seconds = 60, failures = 3, microseconds = 1000 } };
		{ { probation = { seconds = 0 } }, "probation", { seconds = 0, failures = 3, microseconds = 1000 } };
		{ { limits = { milliseconds = 2, memory = 1048576 } }, "limits", { milliseconds = 2, memory = 1048576 } };
		{ { limits = { budget = 1000 } }, "limits", { budget = 1000 } };
		{ { limits = { milliseconds = 1000 } }, "limits", { milliseconds = 1000 } };
		{ { limits = { milliseconds = 1000, budget = 100 } }, "limits", { milliseconds = 1000, budget = 100 } };
		{ { limits = { milliseconds = 10, budget = 1 } }, "limits", { milliseconds = 10, budget = 1 } };
		{ { settings = {} }, "settings", "{}" };
		{ { settings = { b = true, a = { "x", "y" } } }, "settings", [[{"a":["x","y"],"b":true}]] };
		{ { settings = { seconds = 6 / 2 } }, "settings", [[{"seconds":3}]] };
		{ { settings = { inner = {} } }, "settings", [[{"inner":{}}]] };
	};
	for number, case in ipairs(good) do
		it(("is parsed: %s, case %d"):format(case[2], number), function ()
			local record = read({ wasm_policies = { e2ee = case[1] } }).records.e2ee;
			assert.is_nil(record.problem);
			assert.same(case[3], record[case[2]]);
		end);
	end

	local known = "; known: files, follow, grants, limits, mode, on_error, path, probation, settings, sha256"
		.."; what the policy itself reads belongs into settings = {}";
	local bad = {
		-- entry, its problem
		{ { setings = {} }, [[wasm_policies.e2ee: unknown option "setings"; did you mean "settings"?]] };
		{ { [1] = "x" }, [[wasm_policies.e2ee: unknown option "1"]]..known };
		{ "mixed", [[wasm_policies.e2ee must be a table, like e2ee = { settings = {} }]] };
		{ { path = 5 }, [[wasm_policies.e2ee.path must be the path of a .wasm file]] };
		{ { path = "/\255.wasm" }, [[wasm_policies.e2ee.path is not valid UTF-8]] };
		{ { path = "/a\0b.wasm" }, [[wasm_policies.e2ee.path contains control characters]] };
		{ { path = "/a\nb.wasm" }, [[wasm_policies.e2ee.path contains control characters]] };
		{ { path = "/a\194\155b.wasm" }, [[wasm_policies.e2ee.path contains control characters]] };
		{ { path = ("x"):rep(4097) }, [[wasm_policies.e2ee.path is longer than 4096 bytes]] };
		{ { ["\27\255"] = 1 }, [[wasm_policies.e2ee: unknown option "\x1b\xff"]]..known };
		{ { mode = ("x"):rep(1000) }, ([[wasm_policies.e2ee.mode: unknown value "%s..."; known: enforce, off, shadow]]):format(("x"):rep(80)) };
		{ { settings = { [("ü"):rep(1000)] = print } },
			("wasm_policies.e2ee.settings.%s... is a function, which cannot be a setting"):format(("ü"):rep(80)) };
		{ { sha256 = "abc" }, [[wasm_policies.e2ee.sha256 must be 64 hexadecimal digits, as printed by sha256sum]] };
		{ { on_error = "pas" }, [[wasm_policies.e2ee.on_error: unknown value "pas"; did you mean "pass"?]] };
		{ { mode = "on" }, [[wasm_policies.e2ee.mode: unknown value "on"; known: enforce, off, shadow]] };
		{ { grants = "log" }, [[wasm_policies.e2ee.grants must be a list, like { "content", "log" }]] };
		{ { grants = { "contents" } }, [[wasm_policies.e2ee.grants: unknown permission "contents"; did you mean "content"?]] };
		{ { grants = { log = true } }, [[wasm_policies.e2ee.grants must be a list, like { "content", "log" }]] };
		{ { limits = { milisecond = 5 } }, [[wasm_policies.e2ee.limits: unknown limit "milisecond"; did you mean "milliseconds"?]] };
		{ { limits = { milliseconds = 0 / 0 } }, [[wasm_policies.e2ee.limits.milliseconds must be a whole number of milliseconds, 1 to 1000]] };
		{ { limits = { milliseconds = 2.5 } }, [[wasm_policies.e2ee.limits.milliseconds must be a whole number of milliseconds, 1 to 1000]] };
		{ { limits = { bugdet = 5 } }, [[wasm_policies.e2ee.limits: unknown limit "bugdet"; did you mean "budget"?]] };
		{ { limits = { budget = 0 } }, [[wasm_policies.e2ee.limits.budget must be a whole number of milliseconds of each second, 1 to 1000]] };
		{ { limits = { budget = "200" } }, [[wasm_policies.e2ee.limits.budget must be a whole number of milliseconds of each second, 1 to 1000]] };
		{ { limits = { milliseconds = "5" } }, [[wasm_policies.e2ee.limits.milliseconds must be a whole number of milliseconds, 1 to 1000]] };
		{ { limits = { memory = "1048576" } }, [[wasm_policies.e2ee.limits.memory must be a whole number of bytes, 64 KiB to 64 MiB]] };
		{ { limits = { milliseconds = 1000, budget = 1 } }, [[wasm_policies.e2ee.limits.budget must be at least 100 where ]]
			..[[milliseconds is 1000: after one decision that takes so long the policy is not asked for 1000 s]] };
		{ { limits = { milliseconds = 11, budget = 1 } }, [[wasm_policies.e2ee.limits.budget must be at least 2 where ]]
			..[[milliseconds is 11: after one decision that takes so long the policy is not asked for 11 s]] };
		{ { limits = { memory = 5 } }, [[wasm_policies.e2ee.limits.memory must be a whole number of bytes, 64 KiB to 64 MiB]] };
		{ { folow = true }, [[wasm_policies.e2ee: unknown option "folow"; did you mean "follow"?]] };
		{ { follow = "yes" }, [[wasm_policies.e2ee.follow must be true or false]] };
		{ { mode = "shaddow" }, [[wasm_policies.e2ee.mode: unknown value "shaddow"; did you mean "shadow"?]] };
		{ { probation = 60 }, [[wasm_policies.e2ee.probation must be a table, like { seconds = 60 }]] };
		{ { probation = { second = 60 } }, [[wasm_policies.e2ee.probation: unknown threshold "second"; did you mean "seconds"?]] };
		{ { probation = { failures = "3" } }, [[wasm_policies.e2ee.probation.failures must be a whole number of failures, 1 to 10000]] };
		{ { probation = { failures = 0 } }, [[wasm_policies.e2ee.probation.failures must be a whole number of failures, 1 to 10000]] };
		{ { settings = "mixed" }, [[wasm_policies.e2ee.settings must be a table, like { mode = "mixed" }]] };
		{ { settings = { "mixed" } }, [[wasm_policies.e2ee.settings must have named values, like { mode = "mixed" }, not a list]] };
		{ { settings = { f = print } }, [[wasm_policies.e2ee.settings.f is a function, which cannot be a setting]] };
		{ { settings = { list = { 1, print } } }, [[wasm_policies.e2ee.settings.list[2] is a function, which cannot be a setting]] };
		{ { settings = { list = { 1, a = 2 } } }, [[wasm_policies.e2ee.settings.list mixes a list and named values]] };
		{ { settings = { [true] = 1 } }, [[wasm_policies.e2ee.settings cannot have the key "true"]] };
		{ { settings = { __array = {} } }, [[wasm_policies.e2ee.settings cannot have the key "__array"]] };
		{ { settings = { n = 1 / 0 } }, [[wasm_policies.e2ee.settings.n is not a finite number]] };
		{ { settings = { s = "\255" } }, [[wasm_policies.e2ee.settings.s is not valid UTF-8]] };
		{ { settings = cyclic() }, [[wasm_policies.e2ee.settings.a.b contains itself]] };
		{ { mode = 1, on_error = 2 }, [[wasm_policies.e2ee.mode: unknown value "1"; known: enforce, off, shadow; ]]
			..[[wasm_policies.e2ee.on_error: unknown value "2"; known: deny, pass]] };
	};
	for _, case in ipairs(bad) do
		it("is refused: "..case[2], function ()
			local options = read({ wasm_policies = { e2ee = case[1] } });
			assert.equal(case[2], options.records.e2ee.problem);
			assert.same({ case[2] }, options.problems);
		end);
	end

	it("may not be nested without end", function ()
		assert.matches("is nested deeper than 32 levels", read({ wasm_policies = { e2ee = { settings = deep() } } }).records.e2ee.problem);
	end);

	it("is closed by any mistake, whatever else it says", function ()
		local record = read({ wasm_policies = { e2ee = { on_error = "pass", mode = "off", typo = 1 } } }).records.e2ee;
		assert.equal("deny enforce", record.on_error.." "..record.mode);
	end);

	it("has one signature however it is written", function ()
		local function signature(entry) return read({ wasm_policies = { e2ee = entry } }).records.e2ee.signature; end
		assert.equal(signature({ settings = { a = 1, b = 2 }, mode = "enforce" }), signature({ settings = { b = 2, a = 1 } }));
		assert.not_equal(signature({ settings = { a = 1 } }), signature({ settings = { a = 2 } }));
		assert.not_equal(signature({}), signature({ limits = { milliseconds = 1 } }));
		assert.not_equal(signature({}), signature({ limits = { budget = 1 } }));
		assert.equal(signature({}), signature({ follow = true, probation = { seconds = 5 } }));
	end);
end);

describe("the table of policies", function ()
	it("closes a slot for each impossible name", function ()
		local records = read({ wasm_policies = { "e2ee", ["E2EE!"] = {} } }).records;
		assert.matches("\"1\" cannot be the name of a policy.*like wasm_policies = { e2ee = {} }", records["1"].problem);
		assert.matches("\"E2EE!\" cannot be the name", records["e2ee_"].problem);
	end);

	it("has a slot of its own for each of many impossible names", function ()
		local long = ("x"):rep(50);
		local policies = { [""] = {}, [long.."1"] = {}, [long.."2"] = {}, [long.."3"] = {}, [("x"):rep(30)] = {} };
		local count = 0;
		for name in pairs(read({ wasm_policies = policies }).records) do
			assert.is_truthy(#name <= 40 and name:find("^[a-z0-9_-]+$"));
			count = count + 1;
		end
		assert.equal(5, count);
	end);

	it("closes the host when it is no table", function ()
		assert.matches("wasm_policies must be a table", read({ wasm_policies = "e2ee" }).unusable);
	end);

	it("closes the host when it is misspelt", function ()
		assert.equal("unknown option \"wasm_polices\"; did you mean \"wasm_policies\"?", read({ wasm_polices = {} }).unusable);
		assert.is_nil(read({ wasm_retention = { redact = true } }).unusable); -- another module's
	end);

	local misspellings = {
		-- option written, what is suggested
		{ "wasm_policys", "; did you mean \"wasm_policies\"?" };
		{ "wasm_policy", "; did you mean \"wasm_policies\"?" };
		{ "WASM_POLICIES", "; did you mean \"wasm_policies\"?" };
		{ "wsam_policies", "; did you mean \"wasm_policies\"?" };
		{ "wasm_compilr", "; did you mean \"wasm_compiler\"?" };
		{ "policies_of_Wasm", "; known: wasm_cache_path, " };
	};
	for _, case in ipairs(misspellings) do
		it("is missed when there is only "..case[1], function ()
			local options = read({ [case[1]] = {} });
			local sentence = ("unknown option \"%s\"%s"):format(case[1], case[2]);
			assert.equal(sentence, options.unusable:sub(1, #sentence));
			assert.same({ options.unusable }, options.problems);
			options = read({ [case[1]] = {}, wasm_policies = {} });
			assert.is_nil(options.unusable);
			assert.equal(sentence, options.problems[1]:sub(1, #sentence));
		end);
	end

	it("is looked for among the options of all hosts too", function ()
		local running = server.new({});
		package.loaded["core.configmanager"] = { getconfig = function () return { ["*"] = { wasm_policie = {} } }; end };
		assert.matches("did you mean \"wasm_policies\"", running.module:require("config").read().unusable);
	end);

	it("has nothing to do with the options of others", function ()
		local options = read({ storage = "internal", was_active = true, [1] = "x", policies = {} });
		assert.is_nil(options.unusable);
		assert.same({}, options.problems);
	end);

	it("shows impossible names escaped and cut", function ()
		local records = read({ wasm_policies = { ["\27[31m\255"] = {}, [("x"):rep(100000)] = {} } }).records;
		local problems = {};
		for _, record in pairs(records) do table.insert(problems, record.problem); end
		table.sort(problems);
		assert.matches("^wasm_policies: \"\\x1b%[31m\\xff\" cannot be", problems[1]);
		assert.matches("^wasm_policies: \""..("x"):rep(80).."%.%.%.\" cannot be", problems[2]);
	end);

	it("may be absent", function ()
		local options = read({});
		assert.is_true(options.is_absent);
		assert.is_nil(options.unusable);
		assert.same({}, options.records);
		assert.same({}, options.problems);
	end);
end);

describe("the options beside it", function ()
	local cases = {
		-- option, value, field, parsed value, problem
		{ "wasm_library", "/opt/x.so", "library", "/opt/x.so" };
		{ "wasm_policy_path", "policies", "policy_path", "/etc/prosody/policies" };
		{ "wasm_compiler", "other-compiler", "compiler", "other-compiler" };
		{ "wasm_compiler", "bin/other", "compiler", "/etc/prosody/bin/other" };
		{ "wasm_compiler", nil, "compiler", "prosody-wasm" };
		{ "wasm_cache_path", nil, "cache_path", "/nowhere/prosody/wasm-cache" };
		{ "wasm_cache_path", 5, "cache_path", "/nowhere/prosody/wasm-cache", "wasm_cache_path must be a path" };
		{ "wasm_policy_path", "/\255", "policy_path", server.new({}).module:get_directory().."/../../wasm", "wasm_policy_path is not valid UTF-8" };
		{ "wasm_generations_path", nil, "kept_path", "/nowhere/prosody/wasm-generations/example.com" };
		{ "wasm_generations_path", "kept", "kept_path", "/etc/prosody/kept/example.com" };
		{ "wasm_safe_mode", "deny", "safe_mode", "deny" };
		{ "wasm_safe_mode", "off", "safe_mode", "off" };
		{ "wasm_safe_mode", "of", "safe_mode", "deny", "wasm_safe_mode must be \"deny\" or \"off\"; did you mean \"off\"?; taken as \"deny\"" };
		{ "wasm_safe_mode", true, "safe_mode", "deny", "wasm_safe_mode must be \"deny\" or \"off\"; taken as \"deny\"" };
		{ "wasm_compile_seconds", 5, "compile_seconds", 5 };
		{ "wasm_compile_seconds", "5", "compile_seconds", 60, "wasm_compile_seconds must be a whole number of seconds between 1 and 3600" };
	};
	local key = "RWQ4WsZHRZfInsD9QyMbh/tVARHxA2H9rdWaEH2FgPL5E+ArjRsCyOrQ";
	local nobody, example = "true ", "wasm_trusted_keys must be a list of public keys, like { \"RW...\" }";
	local trusted = {
		-- keys, required, the whole as text, problem
		{ nil, nil, "false " };
		{ { key }, nil, "false "..key };
		{ { key }, true, "true "..key };
		{ { key }, "yes", "true "..key, "wasm_require_signatures must be true or false; taken as true" };
		{ nil, true, nobody, "wasm_require_signatures is true, and wasm_trusted_keys names no key: no policy is loaded" };
		{ key, false, nobody, example };
		{ { mine = key }, false, nobody, example };
		{ { key, "RW" }, false, nobody, "wasm_trusted_keys has \"RW\", which is no public key: it is the second line of a .pub file" };
		{ { 5 }, false, nobody, "wasm_trusted_keys has \"5\", which is no public key: it is the second line of a .pub file" };
	};
	for _, name in ipairs({ "wasm_trusted_key", "wasm_trust_keys", "wasm_require_signature", "wasm_requires_signatures" }) do
		it("trusts nobody when the option is misspelt: "..name, function ()
			local options = read({ [name] = true; wasm_policies = {} });
			assert.equal(nobody, options.trust.text);
			assert.matches("unknown option \""..name.."\"; did you mean", options.problems[1]);
		end);
	end

	for number, case in ipairs(trusted) do
		it("trusts nobody by mistake: "..number, function ()
			local options = read({ wasm_trusted_keys = case[1]; wasm_require_signatures = case[2] });
			assert.same({ case[3], { case[4] } }, { options.trust.text, options.problems });
		end);
	end

	for _, case in ipairs(cases) do
		it(("%s = %s"):format(case[1], tostring(case[2])), function ()
			local options = read({ [case[1]] = case[2] });
			if case[1] ~= "wasm_compiler" or case[2] then assert.equal(case[4], options[case[3]]); end
			assert.same({ case[5] }, options.problems);
		end);
	end
end);

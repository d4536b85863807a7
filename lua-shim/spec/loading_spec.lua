local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local st = require "util.stanza";

local function start(config, behaviour, options)
	options = options or {};
	if options.native == nil then options.native = fake_native.new(behaviour); end
	local running = server.new(config, options).load();
	return running, options.native and options.native.chains[1], options.native;
end

local function send(running, body)
	local session = server.client("alice@example.com/phone");
	local stanza = st.message({ from = session.full_jid, to = "bob@example.org", type = "chat" }):text_tag("body", body or "hello");
	return running.fire("pre-message/bare", stanza, session), session.sent[1];
end

local function reload(running, config)
	running.config = config;
	running.log = {};
	running.global_hooks["config-reloaded"]();
end

local function calls_since(chain, count) return { table.unpack(chain.calls, count + 1) }; end

describe("loading", function ()
	it("hooks before anything that can fail", function ()
		for _, name in ipairs({ "policies", "config", "gate", "edits", "loading" }) do
			local running = server.new({ wasm_policies = { e2ee = {} } }, { missing = name }).load();
			assert.is_true((send(running)));
			assert.is_truthy(running.logged("^error: Starting mod_wasm failed"));
			assert.is_nil((running.fire("pre-presence/bare", st.presence(), server.client("alice@example.com/phone"))));
		end
	end);

	it("puts a compiled policy in force at once", function ()
		local running, chain = start({ wasm_policies = { e2ee = { settings = { mode = "mixed" } } } });
		assert.same({ "declare e2ee deny enforce", "declare e2ee deny enforce", [[install e2ee {"mode":"mixed"}]] }, chain.calls);
		assert.is_nil((send(running)));
		assert.same({ "info", "running: e2ee" }, running.status);
	end);

	it("compiles what is not compiled, and denies meanwhile", function ()
		local running, chain, native = start({ wasm_policies = { e2ee = {} }, wasm_compile_seconds = 7 }, { is_cached = false });
		assert.equal("compiling e2ee", chain.calls[2]);
		assert.equal(7, native.children[1].seconds);
		assert.is_true((send(running)));
		running.run_timers();
		assert.is_true((send(running)));
		running.run_timers();
		assert.is_nil((send(running)));
		assert.equal(0, #running.timers);
	end);

	local failures = {
		-- what, behaviour, entry, reason
		{ "a missing file", {}, { path = "/missing.wasm" }, "/missing.wasm: no such file" };
		{ "a missing bundled policy", {}, nil, "there is no bundled policy \"missing\"" };
		{ "a wrong hash", {}, { path = "/other.wasm", sha256 = ("0"):rep(64) }, "the hash is" };
		{ "a compiler that cannot start", { is_cached = false, compile_error = "no such program" }, {}, "no such program" };
		{ "a compiler that fails", { is_cached = false, poll_error = "killed after 60 s" }, {}, "killed after 60 s" };
		{ "a component that is refused", { install_error = "it asks for: store" }, {}, "it asks for: store" };
		{ "a typo", {}, { setings = {} }, "did you mean \"settings\"" };
	};
	for _, case in ipairs(failures) do
		it("denies because of "..case[1], function ()
			local policies = case[3] and { e2ee = case[3] } or { missing = {} };
			local running = start({ wasm_policies = policies }, case[2]);
			running.run_timers();
			assert.is_true((send(running)));
			assert.is_truthy(running.logged("^error: "));
			assert.is_truthy(table.concat(running.log, "\n"):find(case[4], 1, true));
			assert.equal("error", running.status[1]);
		end);
	end

	it("survives a broken poll", function ()
		local running, chain = start({ wasm_policies = { e2ee = {} } }, { is_cached = false });
		chain.install = function () error("a bug"); end
		running.run_timers();
		running.run_timers();
		assert.is_true((send(running)));
		assert.matches("a bug", chain.slots.e2ee.reason);
	end);

	it("cancels its children when it stops", function ()
		local running, _, native = start({ wasm_policies = { e2ee = {} } }, { is_cached = false });
		running.module.unload();
		assert.is_true(native.children[1].cancelled);
		running.run_timers();
		assert.equal(0, #running.timers);
	end);

	it("compiles one file once for all hosts", function ()
		local first, _, native = start({ wasm_policies = { e2ee = {} } }, { is_cached = false });
		local second = server.new({ wasm_policies = { e2ee = {} } }, { host = "rooms.example.com", native = native });
		second.shared = first.shared;
		second.load();
		assert.equal(1, #native.children);
		first.run_timers(); first.run_timers();
		second.run_timers();
		assert.equal("running", native.chains[2].slots.e2ee.state);
		assert.equal(0, #second.timers);
	end);

	it("compiles itself when the host that did it is gone", function ()
		local first, _, native = start({ wasm_policies = { e2ee = {} } }, { is_cached = false });
		local second = server.new({ wasm_policies = { e2ee = {} } }, { host = "rooms.example.com", native = native });
		second.shared = first.shared;
		second.load();
		first.module.unload();
		for _ = 1, 3 do second.run_timers(); end
		assert.equal(2, #native.children);
		assert.equal("running", native.chains[2].slots.e2ee.state);
	end);
end);

describe("without the library", function ()
	local cases = {
		-- policies, is a message denied?
		{ { e2ee = {} }, true };
		{ { e2ee = { on_error = "pass" } }, nil };
		{ { e2ee = { mode = "off" } }, nil };
		{ { a = { on_error = "pass" }, b = {} }, true };
		{ { a = { on_error = "pass", typo = 1 } }, true };
		{ {}, nil };
		{ nil, nil };
		{ "e2ee", true };
	};
	for number, case in ipairs(cases) do
		it(("text is %s, case %d"):format(case[2] and "denied" or "let through", number), function ()
			local running = start({ wasm_policies = case[1], wasm_library = "/nowhere.so" }, nil, { native = false });
			local handled, reply = send(running);
			assert.equal(case[2], handled);
			if handled then assert.matches("cannot check messages", tostring(reply)); end
		end);
	end

	it("the reason is named, and a reload of the configuration tries again", function ()
		local native = fake_native.new({ chain_error = "out of luck" });
		local running = start({ wasm_policies = { e2ee = {} } }, nil, { native = native });
		assert.is_truthy(running.logged("No policy can be asked on example.com: out of luck. Everything that carries text is denied"));
		assert.is_true((send(running)));
		native.chain = fake_native.new().chain;
		reload(running, running.config);
		assert.is_nil((send(running)));
	end);
end);

describe("without policies", function ()
	it("the module says that it does nothing", function ()
		local running = start({});
		assert.is_truthy(running.logged("^warn: wasm_policies names no policy for example.com"));
		assert.is_nil((send(running)));
	end);
end);

describe("config:reload", function ()
	it("replaces what changed and touches nothing else", function ()
		local running, chain = start({ wasm_policies = { a = {}, b = {}, c = {} } });
		local count = #chain.calls;
		reload(running, { wasm_policies = { a = {}, b = { settings = { x = 1 } }, d = { mode = "off" } } });
		assert.same({ "remove c", "declare b deny enforce", [[install b {"x":1}]], "declare d deny off" }, calls_since(chain, count));
	end);

	it("closes only the entry that became invalid", function ()
		local running, chain = start({ wasm_policies = { a = {}, b = {} } });
		local count = #chain.calls;
		reload(running, { wasm_policies = { a = { mod = "off" }, b = {} } });
		assert.same({ "declare a deny enforce",
			[[fail a wasm_policies.a: unknown option "mod"; did you mean "mode"?]] }, calls_since(chain, count));
		assert.equal("running", chain.slots.b.state);
	end);

	it("closes the host when the table is unusable, and opens it again", function ()
		local running = start({ wasm_policies = { a = {} } });
		reload(running, { wasm_policies = "oops" });
		assert.is_true((send(running)));
		reload(running, { wasm_policies = { a = {} } });
		assert.is_nil((send(running)));
	end);

	it("tries again what failed", function ()
		local behaviour = { install_error = "broken" };
		local running, chain = start({ wasm_policies = { a = {} } }, behaviour);
		assert.equal("failed", chain.slots.a.state);
		behaviour.install_error = nil;
		reload(running, running.config);
		assert.equal("running", chain.slots.a.state);
	end);

	it("lets the old version judge while the new one is compiled", function ()
		local behaviour = {};
		local running, chain = start({ wasm_policies = { a = {} } }, behaviour);
		behaviour.is_cached = false;
		reload(running, { wasm_policies = { a = { path = "/new.wasm" } } });
		assert.equal("running", chain.slots.a.state);
		assert.is_nil((send(running)));
		running.run_timers(); running.run_timers();
		assert.is_nil((send(running)));
		assert.not_equal(nil, running.logged("The policy a is in force"));
	end);

	it("closes when the new version cannot be had", function ()
		local behaviour = {};
		local running = start({ wasm_policies = { a = {} } }, behaviour);
		behaviour.is_cached, behaviour.poll_error = false, "out of memory";
		reload(running, { wasm_policies = { a = { path = "/new.wasm" } } });
		running.run_timers();
		assert.is_true((send(running)));
	end);

	it("closes the host when the options cannot even be read", function ()
		local running = start({ wasm_policies = { a = {} } });
		reload(running, { wasm_policies = { a = { settings = setmetatable({}, { __pairs = function () error("odd"); end }) } } });
		assert.is_true((send(running)));
		assert.is_truthy(running.logged("The options cannot be read"));
	end);

	it("may take all policies away", function ()
		local running = start({ wasm_policies = { a = {} } });
		reload(running, {});
		assert.is_nil((send(running)));
		assert.is_truthy(running.logged("names no policy"));
	end);
end);

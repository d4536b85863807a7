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

	local unseen = {
		-- what, type, to, is it stopped?, is it answered?
		{ "to one's own account", "set", nil, nil };
		{ "publishes", "set", nil, true, true, "pubsub", "http://jabber.org/protocol/pubsub" };
		{ "to the server", "get", "example.com", nil };
		{ "to the server's resource", "get", "example.com/a@b", nil };
		{ "answers to the server", "result", "example.com", nil };
		{ "to a person", "get", "bob@example.org", true, true };
		{ "orders to a device", "set", "bob@example.org/desk", true, true };
		{ "answers to a person", "result", "bob@example.org/desk", true, false };
		{ "errors to a person", "error", "bob@example.org/desk", true, false };
	};
	for _, case in ipairs(unseen) do
		it(("without its own files %s iqs %s"):format(case[4] and "stops" or "lets through", case[1]), function ()
			local running, session = server.new({}, { missing = "policies" }).load(), server.client("alice@example.com/phone");
			local stanza = st.iq({ id = "1", type = case[2], from = session.full_jid, to = case[3] })
				:tag(case[6] or "x", { xmlns = case[7] or "urn:x" }):text("hello"):reset();
			assert.equal(case[4], (running.fire("pre-iq/bare", stanza, session)));
			local reply = session.sent[1];
			assert.equal(case[5] or false, reply ~= nil);
			if reply then assert.same({ "wait", "policy-violation" }, { table.unpack({ reply:get_error() }, 1, 2) }); end
		end);
	end

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
			for _ = 1, 3 do running.run_timers(); end
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

	it("tries once more when the child is killed, for all hosts", function ()
		local first, _, native = start({ wasm_policies = { e2ee = {} } }, { is_cached = false, poll_failures = 1 });
		local second = server.new({ wasm_policies = { e2ee = {} } }, { host = "rooms.example.com", native = native });
		second.shared = first.shared;
		second.load();
		for _ = 1, 4 do first.run_timers(); second.run_timers(); end
		assert.equal(2, #native.children);
		assert.equal("running running", native.chains[1].slots.e2ee.state.." "..native.chains[2].slots.e2ee.state);
		assert.is_truthy(first.logged("^warn: The policy e2ee is compiled once more: killed"));
		assert.equal(0, #first.timers + #second.timers);
	end);

	it("takes what is there when its own child fails", function ()
		local running, chain, native = start({ wasm_policies = { e2ee = {} } }, { is_cached = false, poll_failures = 1 });
		local source = native.open(running.module:get_directory().."/../../wasm/e2ee.wasm");
		native.compiled[source:sha256()] = true; -- another host's child was done first
		running.run_timers();
		assert.equal(1, #native.children);
		assert.equal("running", chain.slots.e2ee.state);
	end);

	it("compiles again, once, what does not load", function ()
		for spoilt, state in ipairs({ "running", "failed", "failed" }) do
			local behaviour = { polls = 1, spoilt_artifacts = spoilt };
			local running, chain, native = start({ wasm_policies = { e2ee = {} } }, behaviour);
			assert.equal("compiling", chain.slots.e2ee.state);
			for _ = 1, 5 do running.run_timers(); end
			assert.equal(state, chain.slots.e2ee.state);
			assert.equal(1, #native.children);
			assert.equal(0, #running.timers);
		end
	end);

	it("fails at once when an artifact that loads is refused", function ()
		local _, chain, native = start({ wasm_policies = { e2ee = {} } }, { install_error = "it asks for: store" });
		assert.equal("failed", chain.slots.e2ee.state);
		assert.equal(0, #native.children);
	end);

	it("closes only the policy whose path is impossible, without a traceback", function ()
		local running, chain = start({ wasm_policies = { a = { path = "/\255\0" }, b = {} } });
		assert.equal("failed running", chain.slots.a.state.." "..chain.slots.b.state);
		assert.is_nil(running.logged("traceback"));
	end);

	it("cuts a long path, not what is wrong with it", function ()
		local running = start({ wasm_policies = { a = { path = "/missing/"..("x"):rep(4000) } } });
		local line = running.logged("^error: The policy a ");
		assert.matches(": /missing/x+%.%.%.: no such file%. ", line);
		assert.is_true(#line < 800);
	end);

	it("hands only text to the library", function ()
		local _, chain = start({ wasm_policies = { a = {} } }, { install_error = "bad \255\n"..("x"):rep(10000) });
		assert.matches("^bad \\xff\\x0ax+%.%.%.$", chain.slots.a.reason);
		assert.is_true(#chain.slots.a.reason < 600);
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
		for _ = 1, 2 do running.run_timers(); end
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
		reload(running, { wasm_policies = {} });
		assert.is_nil((send(running)));
		assert.is_truthy(running.logged("names no policy"));
		reload(running, {});
		assert.is_nil((send(running)));
	end);

	it("stays closed when the table is gone, until it is there or empty", function ()
		for _, had in ipairs({ { a = {} }, { a = { typo = 1 } }, "oops" }) do
			local running = start({ wasm_policies = had });
			for _ = 1, 2 do
				reload(running, {});
				assert.is_true((send(running)));
				assert.is_truthy(running.logged("wasm_policies is no longer there; write wasm_policies = {} to have no policies"));
			end
			reload(running, { wasm_policies = { a = {} } });
			assert.is_nil((send(running)));
			assert.equal("running: a", running.status[2]);
			reload(running, {});
			assert.is_true((send(running)));
			reload(running, { wasm_policies = {} });
			assert.is_nil((send(running)));
		end
	end);

	it("opens a host again that never had policies", function ()
		local running = start({ wasm_libary = "/x.so" });
		assert.is_true((send(running)));
		reload(running, {});
		assert.is_nil((send(running)));
	end);

	local bundled = server.new({}).module:get_directory().."/../../wasm/a.wasm";

	it("loads a file that was replaced", function ()
		local behaviour = { contents = {} };
		local running, chain = start({ wasm_policies = { a = {}, b = {} } }, behaviour);
		local before, count = chain.slots.a.sha256, #chain.calls;
		behaviour.contents[bundled] = "new";
		reload(running, running.config);
		assert.same({ "declare a deny enforce", "install a {}" }, calls_since(chain, count));
		assert.not_equal(before, chain.slots.a.sha256);
		reload(running, running.config);
		assert.equal(count + 2, #chain.calls);
	end);

	it("lets the old file judge while the new one is compiled, and does not look again meanwhile", function ()
		local behaviour = { contents = {} };
		local running, chain, native = start({ wasm_policies = { a = {} } }, behaviour);
		behaviour.contents[bundled], behaviour.is_cached = "new", false;
		reload(running, running.config);
		assert.is_nil((send(running)));
		behaviour.contents[bundled] = "newer";
		reload(running, running.config);
		assert.equal(1, #native.children);
		for _ = 1, 2 do running.run_timers(); end
		assert.is_truthy(running.logged("The policy a is in force"));
		assert.equal("running", chain.slots.a.state);
	end);

	it("keeps what runs when its file is gone", function ()
		local behaviour = {};
		local running, chain = start({ wasm_policies = { a = {} } }, behaviour);
		local count = #chain.calls;
		behaviour.is_unreadable = true;
		reload(running, running.config);
		assert.same({}, calls_since(chain, count));
		assert.is_truthy(running.logged("^warn: The policy a runs on as it was loaded, but its file cannot be used any more: .*no bundled policy"));
		assert.is_nil((send(running)));
	end);

	it("starts anew after a failed replacement", function ()
		local behaviour = {};
		local running, chain = start({ wasm_policies = { a = {} } }, behaviour);
		behaviour.is_cached, behaviour.poll_error = false, "out of memory";
		reload(running, { wasm_policies = { a = { path = "/new.wasm" } } });
		for _ = 1, 2 do running.run_timers(); end
		behaviour.poll_error = nil;
		reload(running, running.config);
		assert.equal("compiling", chain.slots.a.state);
	end);
end);

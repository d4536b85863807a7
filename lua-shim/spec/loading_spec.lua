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
	it("runs each file once, however many require it", function ()
		local running = start({ wasm_policies = { e2ee = {} } });
		assert.equal(1, running.required.text);
		for name, times in pairs(running.required) do assert.equal(1, times, name); end
	end);

	it("hooks before anything that can fail", function ()
		for _, name in ipairs({ "policies", "config", "gate", "edits", "loading" }) do
			local running = server.new({ wasm_policies = { e2ee = {} } }, { missing = name }).load();
			assert.is_true((send(running)));
			assert.is_truthy(running.logged("^error: Starting mod_wasm failed"));
			assert.is_nil((running.fire("pre-presence/bare", st.presence(), server.client("alice@example.com/phone"))));
		end
	end);

	local function without_files(host) return server.new({}, { missing = "policies", host = host }).load(); end

	local unseen = {
		-- what, type, to, is it stopped?, is it answered?, child, its namespace
		{ "to one's own account", "get", nil, nil };
		{ "to one's own account by name", "get", "alice@example.com", nil };
		{ "for a session", "set", nil, nil, nil, "session", "urn:ietf:params:xml:ns:xmpp-session" };
		{ "sets something", "set", nil, true, true };
		{ "publishes", "set", nil, true, true, "pubsub", "http://jabber.org/protocol/pubsub" };
		{ "to the server", "get", "example.com", nil };
		{ "to the server's resource", "get", "example.com/a@b", true, true };
		{ "answers to the server", "result", "example.com", nil };
		{ "to a component", "get", "gateway.example.com", true, true };
		{ "to a component's resource", "set", "gateway.example.com/bot", true, true };
		{ "to another server", "get", "example.org", true, true };
		{ "to a person", "get", "bob@example.org", true, true };
		{ "orders to a device", "set", "bob@example.org/desk", true, true };
		{ "answers to a person", "result", "bob@example.org/desk", true, false };
		{ "errors to a person", "error", "bob@example.org/desk", true, false };
	};
	for _, case in ipairs(unseen) do
		it(("without its own files %s iqs %s"):format(case[4] and "stops" or "lets through", case[1]), function ()
			local running, session = without_files(), server.client("alice@example.com/phone");
			local stanza = st.iq({ id = "1", type = case[2], from = session.full_jid, to = case[3] })
				:tag(case[6] or "x", { xmlns = case[7] or "urn:x" }):text("hello"):reset();
			assert.equal(case[4], (running.fire("pre-iq/bare", stanza, session)));
			local reply = session.sent[1];
			assert.equal(case[5] or false, reply ~= nil);
			if reply then assert.same({ "wait", "policy-violation" }, { table.unpack({ reply:get_error() }, 1, 2) }); end
		end);
	end

	it("without its own files stops all iqs to a component", function ()
		local running, session = without_files("gateway.example.com"), server.client("alice@example.com/phone");
		local stanza = st.iq({ id = "1", type = "get", from = session.full_jid, to = "gateway.example.com" }):tag("x"):reset();
		assert.is_true((running.fire("iq/host", stanza, session)));
	end);

	local unseen_presence = {
		-- attributes, child, is it stopped?
		{ {} };
		{ { type = "unavailable", to = "bob@example.org" } };
		{ { type = "probe", to = "bob@example.org" } };
		{ { type = "Lunch at noon" }, nil, true };
		{ { said = "Lunch at noon" } };
		{ { id = "Lunch at noon", ["xml:lang"] = "Lunch at noon" } };
		{ {}, "c", true };
	};
	for number, case in ipairs(unseen_presence) do
		it(("without its own files %s presence, case %d"):format(case[3] and "stops" or "lets through", number), function ()
			local stanza = st.presence(case[1]);
			if case[2] then stanza:tag(case[2], { xmlns = "http://jabber.org/protocol/caps" }):reset(); end
			assert.equal(case[3], (without_files().fire("pre-presence/bare", stanza, server.client("alice@example.com/phone"))));
			if not case[3] then assert.is_nil(tostring(stanza):find("Lunch", 1, true)); end
		end);
	end

	it("stays closed when it fails in the middle of its start", function ()
		local spoilt = setmetatable({}, { __index = function () error("spoilt"); end });
		local running = start({ wasm_policies = { e2ee = {} } }, nil, { saved_state = spoilt });
		assert.is_truthy(running.logged("^error: Starting mod_wasm failed.*spoilt"));
		local handled, reply = send(running);
		assert.is_true(handled);
		assert.matches("so it does not deliver them", tostring(reply)); -- the judge's own words: he is in place
	end);

	it("puts a compiled policy in force at once", function ()
		local running, chain = start({ wasm_policies = { e2ee = { settings = { mode = "mixed" } } } });
		assert.same({ "declare e2ee deny enforce", "declare e2ee deny enforce", [[put e2ee {"mode":"mixed"}]] }, chain.calls);
		assert.is_nil((send(running)));
		assert.same({ "info", "running: e2ee" }, running.status);
	end);

	it("compiles what is not compiled, from a timer, and denies meanwhile", function ()
		local behaviour = { is_cached = false, is_loading = true }; -- a thread before the fork would be lost
		local running, chain, native = start({ wasm_policies = { e2ee = {} }, wasm_compile_seconds = 7 }, behaviour);
		behaviour.is_loading = nil;
		assert.equal("compiling e2ee", chain.calls[2]);
		assert.is_true((send(running)));
		assert.equal(0, #native.jobs);
		running.run_timers();
		assert.equal(7, native.jobs[1].request.compile_seconds);
		assert.is_true((send(running)));
		running.settle();
		assert.is_nil((send(running)));
		assert.equal(0, #running.timers);
	end);

	local failures = {
		-- what, behaviour, entry, reason
		{ "a missing file", {}, { path = "/missing.wasm" }, "/missing.wasm: no such file" };
		{ "a missing bundled policy", {}, nil, "there is no bundled policy \"missing\"" };
		{ "a wrong hash", {}, { path = "/other.wasm", sha256 = ("0"):rep(64) }, "the hash is" };
		{ "a compiler that cannot start", { is_cached = false, fails = { compiling = "no such program" } }, {}, "no such program" };
		{ "a compiler that fails", { is_cached = false, fails = { compiling = "killed after 60 s" } }, {}, "compiling: killed after 60 s" };
		{ "a thread that cannot start", { is_cached = false, stage_error = "no threads left" }, {}, "starting: no threads left" };
		{ "a policy that fails its probe", { fails = { probing = "it trapped" } }, {}, "probing: it trapped" };
		{ "a policy that is not put", { put_error = "no memory" }, {}, "publishing: e2ee: no memory" };
		{ "a component that is refused", { imports = { "store" } }, { grants = { "log" } }, "it now also asks for: store" };
		{ "a typo", {}, { setings = {} }, "did you mean \"settings\"" };
	};
	for _, case in ipairs(failures) do
		it("denies because of "..case[1], function ()
			local policies = case[3] and { e2ee = case[3] } or { missing = {} };
			local running = start({ wasm_policies = policies }, case[2]);
			running.settle();
			assert.is_true((send(running)));
			assert.is_truthy(running.logged("^error: "));
			assert.is_truthy(table.concat(running.log, "\n"):find(case[4], 1, true));
			assert.equal("error", running.status[1]);
		end);
	end

	it("survives a broken poll", function ()
		local running, chain = start({ wasm_policies = { e2ee = {} } }, { is_cached = false, poll_raises = true });
		running.settle();
		assert.is_true((send(running)));
		assert.matches("a bug in poll", chain.slots.e2ee.reason);
		assert.equal(0, #running.timers);
	end);

	it("ends its jobs when it stops", function ()
		local running, _, native = start({ wasm_policies = { e2ee = {} } }, { is_cached = false });
		running.run_timers();
		running.module.unload();
		assert.is_true(native.jobs[1].cancelled);
		running.settle();
		assert.equal(0, #running.timers);
	end);

	it("prepares one file after the other host has, and two at a time", function ()
		local first, _, native = start({ wasm_policies = { a = {}, b = {}, c = {} } }, { is_cached = false, polls = 3 });
		local second = server.new({ wasm_policies = { a = {} } }, { host = "rooms.example.com", native = native });
		second.shared = first.shared;
		second.load();
		first.run_timers();
		second.run_timers();
		assert.equal(2, #native.jobs);
		for _ = 1, 3 do first.run_timers(); end
		second.run_timers();
		assert.equal(4, #native.jobs);
		first.settle();
		second.settle();
		for _, chain in ipairs(native.chains) do
			for _, slot in pairs(chain.slots) do assert.equal("running", slot.state); end
		end
		assert.equal(0, #first.timers + #second.timers);
	end);

	it("compiles once more when the child is killed", function ()
		local behaviour = { is_cached = false, fails = { compiling = "killed" } };
		local running, chain, native = start({ wasm_policies = { e2ee = {} } }, behaviour);
		for _ = 1, 3 do running.run_timers(); end
		assert.is_truthy(running.logged("^warn: The policy e2ee is compiled once more: killed"));
		assert.equal("compiling", chain.slots.e2ee.state);
		behaviour.fails = {};
		running.settle();
		assert.equal("running", chain.slots.e2ee.state);
		assert.equal(2, #native.jobs);
	end);

	it("compiles again what does not load", function ()
		local behaviour = { fails = { loading = "spoilt" } };
		local native = fake_native.new(behaviour);
		behaviour.on_stage_now = function ()
			if behaviour.was_asked then behaviour.is_cached, behaviour.fails, native.compiled = false, {}, {}; end
			behaviour.was_asked = true;
		end;
		local running, chain = start({ wasm_policies = { e2ee = {} } }, nil, { native = native });
		assert.equal("compiling", chain.slots.e2ee.state);
		running.settle();
		assert.equal("running", chain.slots.e2ee.state);
	end);

	it("does without a kept component rather than without a policy", function ()
		local running, _, native = start({ wasm_policies = { e2ee = {} } }, { fails = { keeping = "the disk is full" } });
		assert.is_nil((send(running)));
		assert.is_nil(native.requests[2].kept_path);
		assert.is_truthy(running.logged("^warn: The component of the policy e2ee is not kept for a rollback: the disk is full"));
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
		local _, chain = start({ wasm_policies = { a = {} } }, { fails = { probing = "bad \255\n"..("x"):rep(10000) } });
		assert.matches("^probing: bad \\xff\\x0ax+%.%.%.$", chain.slots.a.reason);
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
		assert.same({ "remove c", "declare d deny off" }, calls_since(chain, count));
		running.settle();
		assert.same({ "hand_over b", "declare b deny enforce", "publish b -" }, calls_since(chain, count + 2));
		assert.equal([[{"x":1}]], chain.slots.b.staged.request.settings);
	end);

	it("has a probation of the length that is configured", function ()
		for _, case in ipairs({ { 5, "publish a 5" }, { 0, "publish a -" } }) do
			local running, chain = start({ wasm_policies = { a = {} } });
			reload(running, { wasm_policies = { a = { path = "/new.wasm", probation = { seconds = case[1] } } } });
			running.settle();
			assert.equal(case[2], chain.calls[#chain.calls]);
		end
	end);

	it("has none for a new rule, which nobody but the operator may undo", function ()
		for _, rule in ipairs({ { settings = { x = 1 } }, { on_error = "pass" }, { grants = { "content" } } }) do
			local running, chain = start({ wasm_policies = { a = {} } });
			reload(running, { wasm_policies = { a = { path = "/new.wasm"; settings = rule.settings; on_error = rule.on_error; grants = rule.grants } } });
			running.settle();
			assert.equal("publish a -", chain.calls[#chain.calls]);
		end
	end);

	it("accepts of a new file what the old one imports, and no more", function ()
		local running, _, native = start({ wasm_policies = { a = {} } });
		reload(running, { wasm_policies = { a = { path = "/new.wasm" } } });
		running.settle();
		assert.same({ "content" }, native.jobs[1].request.accepted);
		reload(running, { wasm_policies = { a = { path = "/new.wasm", grants = { "log", "content" } } } });
		running.settle();
		assert.is_nil(native.jobs[2].request.accepted);
		assert.same({ "content", "log" }, native.jobs[2].request.grants);
	end);

	it("leaves running what has a mistake now, and closes what did not run", function ()
		local running, chain = start({ wasm_policies = { a = {}, b = {}, c = { mode = "off" } } });
		local count = #chain.calls;
		reload(running, { wasm_policies = { a = { mod = "off" }, b = {}, c = { mod = "off" } } });
		assert.same({ "declare c deny enforce", [[fail c wasm_policies.c: unknown option "mod"; did you mean "mode"?]] }, calls_since(chain, count));
		assert.equal("running", chain.slots.a.state);
		assert.equal("error", running.status[1]);
		assert.is_truthy(running.logged("^error: The policy a goes on as generation %x+: the changed configuration is not in force: "
			.."wasm_policies.a: unknown option \"mod\""));
		reload(running, { wasm_policies = { a = {}, b = {}, c = { mode = "off" } } });
		running.settle();
		assert.same({ "info", "off: c; running: a, b" }, running.status);
	end);

	local steps = {
		-- what, behaviour, the reason
		{ "reading", { is_unreadable = true }, "/new.wasm: no such file" };
		{ "verifying", { fails = { verifying = "/new.wasm is not signed" } }, "/new.wasm is not signed" };
		{ "checking", { fails = { checking = "settings.mdoe: there is no such setting" } }, "settings.mdoe: there is no such setting" };
		{ "compiling", { fails = { compiling = "out of memory" } }, "compiling: out of memory" };
		{ "granting", { imports = { "content", "store" } }, "granting: it now also asks for: store" };
		{ "probing", { fails = { probing = "it trapped" } }, "probing: it trapped" };
		{ "keeping", { fails = { keeping = "the disk is full" } }, "keeping: the disk is full" };
		{ "starting", { stage_error = "no threads left" }, "starting: no threads left" };
		{ "handing over", { hand_over_error = "a: restore: no" }, "handing over: a: restore: no" };
		{ "publishing", { publish_error = "no" }, "publishing: no" };
	};
	for _, case in ipairs(steps) do
		it("leaves the running generation untouched when this fails: "..case[1], function ()
			local behaviour = {};
			local running, chain = start({ wasm_policies = { a = {} } }, behaviour);
			local identity = chain.slots.a.identity;
			for key, value in pairs(case[2]) do behaviour[key] = value; end
			reload(running, { wasm_policies = { a = { path = "/new.wasm", on_error = "pass" } } });
			running.settle();
			assert.equal(identity, chain.slots.a.identity);
			assert.equal("running deny", chain.slots.a.state.." "..(case[1] == "publishing" and "deny" or chain.slots.a.on_error));
			assert.is_nil((send(running)));
			assert.equal("error", running.status[1]);
			local line = running.logged("^error: The policy a goes on as generation "..identity:sub(1, 12));
			assert.is_truthy(line and line:find("the changed configuration is not in force: "..case[3], 1, true), line);
			assert.equal(identity, running.stores["generations:a"].current.identity);
		end);
	end

	it("refuses what the history cannot remember", function ()
		local running, chain = start({ wasm_policies = { a = {} } });
		local identity = chain.slots.a.identity;
		running.stores.readonly = true;
		reload(running, { wasm_policies = { a = { settings = { x = 1 } } } });
		running.settle();
		assert.equal(identity, chain.slots.a.identity);
		assert.is_truthy(running.logged("writing the history: the history cannot be written: the disk is full"));
	end);

	it("says in sentences why a policy is not in force", function ()
		for failure, told in pairs({ ["out of memory"] = "out of memory. What", ["did you mean `mode`?"] = "did you mean `mode`? What" }) do
			local running = start({ wasm_policies = { a = {} } }, { fails = { compiling = failure } });
			running.settle();
			local line = running.logged("^error: The policy a .* is not in force: ");
			assert.is_truthy(line and line:find(told.." it would judge is denied; correct it, then run", 1, true), line);
		end
	end);

	it("tries again what is not in force", function ()
		local running = start({ wasm_policies = { a = {} } });
		local changed = { wasm_policies = { a = { path = "/missing.wasm" } } };
		for _ = 1, 2 do
			reload(running, changed);
			running.settle();
			assert.is_truthy(running.logged("not in force"));
		end
		local behaviour = { fails = { compiling = "out of memory" } };
		local chain;
		running, chain = start({ wasm_policies = { a = {} } }, behaviour);
		running.settle();
		assert.equal("failed", chain.slots.a.state);
		behaviour.fails = {};
		reload(running, running.config);
		assert.equal("compiling", chain.slots.a.state);
		running.settle();
		assert.equal("running", chain.slots.a.state);
	end);

	it("closes the host when the table is unusable, and opens it again", function ()
		local running = start({ wasm_policies = { a = {} } });
		reload(running, { wasm_policies = "oops" });
		assert.is_true((send(running)));
		reload(running, { wasm_policies = { a = {} } });
		assert.is_nil((send(running)));
	end);

	it("lets the old version judge while the new one is prepared", function ()
		local behaviour = {};
		local running, chain = start({ wasm_policies = { a = {} } }, behaviour);
		behaviour.is_cached = false;
		reload(running, { wasm_policies = { a = { path = "/new.wasm" } } });
		assert.equal("running", chain.slots.a.state);
		running.run_timers();
		assert.is_nil((send(running)));
		running.settle();
		assert.is_nil((send(running)));
		assert.is_truthy(running.logged("The policy a was swapped %(configuration%): generation %x+ takes the place of %x+"));
	end);

	it("has one job at most for a policy: the newest", function ()
		local running, chain, native = start({ wasm_policies = { a = {} } });
		reload(running, { wasm_policies = { a = { settings = { x = 1 } } } });
		running.run_timers();
		reload(running, { wasm_policies = { a = { settings = { x = 2 } } } });
		assert.is_true(native.jobs[1].cancelled);
		running.settle();
		assert.equal([[{"x":2}]], chain.slots.a.staged.request.settings);
		assert.equal("info", running.status[1]);
	end);

	it("moves between the modes", function ()
		local running, chain = start({ wasm_policies = { a = {} } });
		local count = #chain.calls;
		reload(running, { wasm_policies = { a = { mode = "off" } } });
		assert.same({ "remove a", "declare a deny off" }, calls_since(chain, count));
		assert.same({ "info", "off: a" }, running.status);
		reload(running, { wasm_policies = { a = { mode = "shadow" } } });
		running.settle();
		assert.equal("try a shadow", chain.calls[#chain.calls]);
		assert.equal("enforce pass", chain.slots.a.mode.." "..chain.slots.a.on_error);
		assert.same({ "info", "shadow: a" }, running.status);
		reload(running, { wasm_policies = { a = {} } });
		assert.equal("compiling", chain.slots.a.state);
		running.settle();
		assert.equal("running deny", chain.slots.a.state.." "..chain.slots.a.on_error);
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
			running.settle();
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
end);

describe("the file of a policy", function ()
	local path;
	local function write(text)
		local file = assert(io.open(path, "wb"));
		file:write(text);
		file:close();
	end
	before_each(function () path = os.tmpname(); write("one"); end);
	after_each(function () os.remove(path); end);

	it("is loaded by a reload when it was replaced, once", function ()
		local running, chain, native = start({ wasm_policies = { a = { path = path }, b = {} } });
		local before = chain.slots.a.sha256;
		write("and two");
		reload(running, running.config);
		running.settle();
		assert.not_equal(before, chain.slots.a.sha256);
		assert.equal(1, #native.jobs);
		reload(running, running.config);
		assert.equal(1, #native.jobs);
	end);

	it("is no news when it holds the same", function ()
		local running, chain = start({ wasm_policies = { a = { path = path } } });
		local count = #chain.calls;
		require "lfs".touch(path, 1000, 1000);
		reload(running, running.config);
		running.settle();
		assert.same({ "declare a deny enforce" }, calls_since(chain, count));
		assert.matches(":1000$", running.stores["generations:a"].config_file);
	end);

	it("may be gone: what runs goes on, and says so", function ()
		local running, chain = start({ wasm_policies = { a = { path = path } } });
		os.remove(path);
		local behaviour_path = path;
		path = os.tmpname();
		os.remove(path);
		reload(running, { wasm_policies = { a = { path = "/missing"..behaviour_path } } });
		running.settle();
		assert.equal("running", chain.slots.a.state);
		assert.is_truthy(running.logged("^error: The policy a goes on as generation .*: no such file$"));
	end);

	it("is followed when that is asked for", function ()
		local running, chain = start({ wasm_policies = { a = { path = path, follow = true }, b = {} } });
		local before = chain.slots.a.sha256;
		running.run_timers();
		write("still being written");
		running.run_timers();
		write("written");
		for _ = 1, 2 do running.run_timers(); end
		assert.is_truthy(running.logged("^info: A file of the policy a was replaced"));
		running.settle();
		assert.not_equal(before, chain.slots.a.sha256);
		assert.equal("follow", running.stores["generations:a"].current.how);
		assert.equal("publish a 60", chain.calls[#chain.calls]);
		reload(running, { wasm_policies = { a = { path = path } } });
		running.settle();
		assert.equal(0, #running.timers);
	end);

	it("is followed with the files that the operator wrote", function ()
		local rules = os.tmpname();
		local function write_rules(content)
			local file = assert(io.open(rules, "wb"));
			file:write(content);
			file:close();
		end
		write_rules("PASS.\n");
		local running, chain = start({ wasm_policies = { a = { path = path, follow = true, files = { rules } } } });
		local before = chain.slots.a.identity;
		write_rules("DROP everything.\n");
		running.settle();
		assert.not_equal(before, chain.slots.a.identity);
		assert.is_truthy(running.stores["generations:a"].current.settings:find("DROP everything", 1, true));
		os.remove(rules);
		running.settle();
		assert.equal("running", chain.slots.a.state);
		assert.is_truthy(running.logged("^error: The policy a goes on as generation .* is not there$"));
	end);

	it("that is followed and bad changes nothing, and is not tried without end", function ()
		local behaviour = {};
		local running, chain, native = start({ wasm_policies = { a = { path = path, follow = true } } }, behaviour);
		running.run_timers();
		write("something bad");
		behaviour.fails = { probing = "it trapped" };
		running.settle();
		running.settle();
		assert.equal(1, #native.jobs);
		assert.equal("running", chain.slots.a.state);
		assert.is_truthy(running.logged("not in force: probing: it trapped"));
	end);
end);

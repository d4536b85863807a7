local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local promise = require "util.promise";
local st = require "util.stanza";

local host = "example.com";
local one, two = { wasm_policies = { e2ee = {} } }, { wasm_policies = { a = {}, b = {}, c = {} } };

local function start(config, behaviour, options)
	options = options or {};
	options.native = fake_native.new(behaviour);
	local running = server.new(config or one, options).load();
	running.settle();
	running.chain, running.native = options.native.chains[1], options.native;
	return running;
end

-- -> what the shell would show at the end, what it printed before
local function begin(running, verb, ...)
	local printed = {};
	local section = running.shared["/*/admin_shell/env"].wasm;
	local self = setmetatable({ session = { print = function (line) table.insert(printed, line); end } }, { __index = section });
	local answer, text = self[verb](self, ...);
	local result = { printed = printed };
	if promise.is_promise(answer) then
		answer:next(function (line) result.ok = line; end, function (line) result.error = line; end);
	else
		result.ok, result.error = answer and text or nil, not answer and text or nil;
	end
	return result;
end

local function run(running, verb, ...)
	local result = begin(running, verb, ...);
	running.settle();
	assert.is_truthy(result.ok or result.error, verb.." never answered");
	result.text = table.concat(result.printed, "\n");
	return result;
end

local function current(running, name)
	local row = running.stores["generations:"..(name or "e2ee")];
	return row.current, row;
end

local function store_of(running) return running.module:require("store"); end

local function say(running, text)
	local session = server.client("alice@example.com/phone");
	local stanza = st.message({ from = session.full_jid, to = "bob@example.org", type = "chat" }):text_tag("body", text or "hello");
	return running.fire("pre-message/bare", stanza, session);
end

local settings = "--settings={\"x\":1}";

describe("swap", function ()
	it("prepares, publishes and says so", function ()
		local running = start();
		local before = running.chain.slots.e2ee.identity;
		local result = run(running, "swap", host, "e2ee", "/new.wasm");
		local after = running.chain.slots.e2ee.identity;
		assert.equal(("e2ee: generation %s is in force instead of %s; for 60 s it goes back by itself after 3 failures or a mean of more than 1000 us")
			:format(after:sub(1, 12), before:sub(1, 12)), result.ok);
		assert.matches("0.%d%d s  reading\n +0.%d%d s  ready\nhanding over", result.text);
		assert.equal("publish e2ee 60", running.chain.calls[#running.chain.calls]);
		assert.equal("shell /new.wasm", current(running).how.." "..current(running).file);
	end);

	local flags = {
		-- flags, what becomes of the request
		{ { settings }, "settings", [[{"x":1}]] };
		{ { { settings = { x = 1 } } }, "settings", [[{"x":1}]] };
		{ { { settings = "{ \"b\": 2, \"a\": [1.0] }" } }, "settings", [[{"a":[1],"b":2}]] };
		{ { settings, "--milliseconds=7", "--memory=1048576" }, "limits", { milliseconds = 7, memory = 1048576 } };
		{ { "--budget=50" }, "limits", { budget = 50 } };
		{ { { budget = 50, milliseconds = 500 } }, "limits", { milliseconds = 500, budget = 50 } };
		{ { "--on-error=pass" }, "on_error", "pass" };
		{ { "--grant=store,log" , settings }, "accepted", { "content", "log", "store" } };
		{ { { grants = { "store" }, settings = {} }, "/x.wasm" }, "accepted", { "content", "store" } };
		{ { "/x.wasm", "--gate=calls.rec", "--allow-differences=2" }, "gate", { path = "/etc/prosody/calls.rec", allow_differences = 2 } };
		{ { "/x.wasm" }, "path", "/x.wasm" };
		{ { "x.wasm" }, "path", "/etc/prosody/x.wasm" };
	};
	for number, case in ipairs(flags) do
		it(("takes flags: %s, case %d"):format(case[2], number), function ()
			local running = start();
			local result = run(running, "swap", host, "e2ee", table.unpack(case[1]));
			assert.is_truthy(result.ok, result.error);
			assert.same(case[3], running.native.jobs[1].request[case[2]]);
		end);
	end

	it("adds to the grants of the configuration", function ()
		local running = start({ wasm_policies = { e2ee = { grants = { "content" } } } });
		run(running, "swap", host, "e2ee", "--grant=log");
		assert.same({ "content", "log" }, running.native.jobs[1].request.grants);
	end);

	it("of anything but a new file has no probation, unless it is asked for: whoever makes the policy fail could undo it", function ()
		local cases = {
			{ { settings }, "publish e2ee -" };
			{ { "/new.wasm", settings }, "publish e2ee -" };
			{ { "--on-error=pass" }, "publish e2ee -" };
			{ { settings, "--probation=5" }, "publish e2ee 5" };
			{ { "--milliseconds=7" }, "publish e2ee -" };
			{ { "--fresh" }, "publish e2ee -" };
			{ { "/new.wasm", "--milliseconds=7" }, "publish e2ee 60" };
			{ { "/new.wasm", "--probation=0" }, "publish e2ee -" };
		};
		for _, case in ipairs(cases) do
			local running = start();
			local result = run(running, "swap", host, "e2ee", table.unpack(case[1]));
			assert.equal(case[2], running.chain.calls[#running.chain.calls]);
			assert.matches(case[2]:find("-", 1, true) and "; there is no probation$" or "; for %d+ s it goes back by itself", result.ok);
		end
	end);

	it("may leave state and probation out", function ()
		local running = start();
		local result = run(running, "swap", host, "e2ee", "/new.wasm", "--fresh", "--probation=0");
		assert.matches("there is no probation$", result.ok);
		assert.equal("hand_over e2ee fresh", running.chain.calls[#running.chain.calls - 2]);
		assert.equal("publish e2ee -", running.chain.calls[#running.chain.calls]);
	end);

	it("with nothing new has nothing to do, unless it shall be fresh", function ()
		local running = start();
		assert.matches("^e2ee runs generation %x+ already: nothing to do$", run(running, "swap", host, "e2ee").ok);
		assert.matches("is in force", run(running, "swap", host, "e2ee", "--fresh").ok);
	end);

	local steps = {
		{ { is_unreadable = true }, "reading failed: /new.wasm: no such file" };
		{ { fails = { probing = "it trapped" } }, "probing failed: it trapped" };
		{ { imports = { "content", "store" } }, "granting failed: it now also asks for: store" };
		{ { stage_error = "no threads left" }, "starting failed: no threads left" };
		{ { hand_over_error = "e2ee: save: too large" }, "handing over failed: e2ee: save: too large" };
		{ { publish_error = "odd\nbytes\255" }, "publishing failed: odd\\x0abytes\\xff" };
	};
	for _, case in ipairs(steps) do
		it("names the step that failed: "..case[2], function ()
			local behaviour = {};
			local running = start(nil, behaviour);
			local identity, row = running.chain.slots.e2ee.identity, running.stores["generations:e2ee"];
			for key, value in pairs(case[1]) do behaviour[key] = value; end
			local result = run(running, "swap", host, "e2ee", "/new.wasm");
			assert.equal(case[2]..". The running generation "..identity:sub(1, 12).." stays", result.error);
			assert.equal(identity, running.chain.slots.e2ee.identity);
			assert.same(row, running.stores["generations:e2ee"]);
		end);
	end

	it("is refused when the history cannot be written", function ()
		local running = start();
		local identity = running.chain.slots.e2ee.identity;
		running.stores.readonly = true;
		assert.equal("writing the history failed: the history cannot be written: the disk is full. The running generation "
			..identity:sub(1, 12).." stays", run(running, "swap", host, "e2ee", "/new.wasm").error);
		assert.equal(identity, running.chain.slots.e2ee.identity);
	end);

	it("fills a place where nothing is in force", function ()
		local behaviour = { fails = { probing = "no" } };
		local running = start(nil, behaviour);
		assert.is_true(say(running));
		assert.equal("probing failed: no. Nothing is in force, as before", run(running, "swap", host, "e2ee").error);
		behaviour.fails = {};
		assert.matches("is in force; there is no probation", run(running, "swap", host, "e2ee").ok);
		assert.is_nil(say(running));
	end);

	it("does not begin while another is under way", function ()
		local running = start();
		local first = begin(running, "swap", host, "e2ee", "/new.wasm");
		local second = begin(running, "swap", host, "e2ee", "/newer.wasm");
		assert.equal("e2ee is being prepared already (waiting); wait for it, see: wasm list", second.error);
		running.settle();
		assert.is_truthy(first.ok);
	end);

	it("ends when the configuration is reloaded meanwhile", function ()
		local running = start();
		local result = begin(running, "swap", host, "e2ee", "/new.wasm");
		running.config = { wasm_policies = { e2ee = { settings = { y = 1 } } } };
		running.global_hooks["config-reloaded"]();
		assert.matches("something newer was asked for meanwhile", result.error);
		running.settle();
		assert.equal([[{"y":1}]], running.chain.slots.e2ee.staged.request.settings);
	end);

	it("survives a reload of the configuration without a change", function ()
		local running = start();
		run(running, "swap", host, "e2ee", "/new.wasm");
		local identity = running.chain.slots.e2ee.identity;
		running.global_hooks["config-reloaded"]();
		running.settle();
		assert.equal(identity, running.chain.slots.e2ee.identity);
	end);
end);

describe("stage", function ()
	it("holds a generation until it is swapped in", function ()
		local running = start();
		local before = running.chain.slots.e2ee.identity;
		assert.matches("^e2ee: generation %x+ is staged, nothing has changed yet; put it in force with: wasm swap example.com e2ee$",
			run(running, "stage", host, "e2ee", "/new.wasm").ok);
		assert.equal(before, running.chain.slots.e2ee.identity);
		assert.matches("staged: %x+", run(running, "list").text);
		assert.matches("^in force: e2ee %(generation %x+%)", run(running, "swap", host, "e2ee").ok);
		assert.equal(1, #running.native.jobs);
		assert.equal("shell", current(running).how);
	end);

	it("is not changed by the swap, but replaced by a file", function ()
		local running = start();
		run(running, "stage", host, "e2ee", settings);
		assert.matches("^what is staged is swapped as it is", run(running, "swap", host, "e2ee", "--gate=x.rec").error);
		assert.is_truthy(run(running, "swap", host, "e2ee", "/new.wasm").ok);
		assert.equal("/new.wasm", running.chain.slots.e2ee.staged.request.path);
		assert.equal("nothing is staged on example.com", run(running, "swap", host, "*").error);
	end);

	it("of several is committed together", function ()
		local running = start(two);
		for _, name in ipairs({ "a", "b" }) do run(running, "stage", host, name, settings); end
		assert.equal("nothing is staged for c: nothing was changed", run(running, "swap", host, "a,c").error);
		assert.is_truthy(run(running, "swap", host, "*").ok);
		assert.equal("publish a,b -", running.chain.calls[#running.chain.calls]);
		assert.equal("nothing is staged on example.com", run(running, "swap", host, "*").error);
	end);

	it("of several is on probation when all are new files, or when that is asked for", function ()
		for _, case in ipairs({
			{ "/a.wasm", "/b.wasm", nil, "publish a,b 60" };
			{ "/a.wasm", settings, nil, "publish a,b -" };
			{ settings, "/b.wasm", "--probation=5", "publish a,b 5" };
			{ "/a.wasm", "/b.wasm", "--probation=0", "publish a,b -" };
		}) do
			local running = start(two);
			run(running, "stage", host, "a", case[1]);
			run(running, "stage", host, "b", case[2]);
			assert.is_truthy(run(running, "swap", host, "a,b", case[3]).ok);
			assert.equal(case[4], running.chain.calls[#running.chain.calls]);
		end
	end);

	it("of several is committed not at all when one fails", function ()
		for _, failing in ipairs({ "hand_over_error", "publish_error", "readonly" }) do
			local behaviour = {};
			local running = start(two, behaviour);
			for _, name in ipairs({ "a", "b" }) do run(running, "stage", host, name, settings); end
			local a, b = running.chain.slots.a.identity, running.chain.slots.b.identity;
			local rows = { running.stores["generations:a"], running.stores["generations:b"] };
			if failing == "readonly" then running.stores.readonly = true; else behaviour[failing] = "no"; end
			assert.matches("Nothing was changed, all running generations stay$", run(running, "swap", host, "a,b").error);
			assert.same({ a, b }, { running.chain.slots.a.identity, running.chain.slots.b.identity });
			assert.same(rows, { running.stores["generations:a"], running.stores["generations:b"] });
		end
	end);
end);

describe("rollback", function ()
	it("goes back to what is warm, and undoes what was written", function ()
		local behaviour = { undone = { { key = "k", value = "old" }, { key = "new" } } };
		local running = start(nil, behaviour);
		local before = running.chain.slots.e2ee.identity;
		run(running, "swap", host, "e2ee", settings);
		store_of(running).write("e2ee", { k = "x", new = "y" });
		assert.matches("^e2ee: generation "..before:sub(1, 12).." is in force again instead of %x+$", run(running, "rollback", host, "e2ee").ok);
		assert.equal(before, running.chain.slots.e2ee.identity);
		assert.same({ k = "old" }, store_of(running).read("e2ee"));
		assert.equal("rollback "..before, current(running).how.." "..current(running).identity);
		assert.matches("instead of "..before:sub(1, 12), run(running, "rollback", host, "e2ee").ok);
	end);

	it("happens although the history cannot be written, and says so", function ()
		local running = start();
		local before = running.chain.slots.e2ee.identity;
		run(running, "swap", host, "e2ee", settings);
		running.stores.readonly = true;
		local result = run(running, "rollback", host, "e2ee");
		assert.is_truthy(result.ok);
		assert.equal(before, running.chain.slots.e2ee.identity);
		assert.matches("note: the history cannot be written: the disk is full; the next start may load what was left", result.text);
	end);

	it("takes from the history what is no longer warm", function ()
		local running = start();
		local first = running.chain.slots.e2ee.identity;
		run(running, "swap", host, "e2ee", "--settings={\"x\":1}");
		run(running, "swap", host, "e2ee", "--settings={\"x\":2}");
		assert.matches("is in force", run(running, "rollback", host, "e2ee", first:sub(1, 8)).ok);
		assert.equal(first, running.chain.slots.e2ee.identity);
		assert.equal("rollback", current(running).how);
		assert.matches("knows no generation ffff", run(running, "rollback", host, "e2ee", "ffff").error);
		assert.matches("hexadecimal", run(running, "rollback", host, "e2ee", "/x.wasm").error);
	end);

	it("has nowhere to go at first", function ()
		assert.equal("e2ee has no earlier generation to go back to", run(start(), "rollback", host, "e2ee").error);
	end);

	it("ends a candidate first", function ()
		local running = start(nil, { undone = { { key = "k" } } });
		run(running, "canary", host, "e2ee", settings);
		store_of(running).write("e2ee", { k = "x" });
		assert.matches("^e2ee: the canary %x+ has ended; generation %x+ decides alone$", run(running, "rollback", host, "e2ee").ok);
		assert.is_nil(running.chain.slots.e2ee.candidate);
		assert.same({}, store_of(running).read("e2ee"));
	end);
end);

describe("unload", function ()
	it("takes a policy out, and rollback brings it back", function ()
		local running = start();
		local before = running.chain.slots.e2ee.identity;
		assert.equal("e2ee is taken out: what it would judge is denied; back by: wasm rollback example.com e2ee", run(running, "unload", host, "e2ee").ok);
		assert.is_true(say(running));
		assert.matches("unloaded .*taken out at the shell", run(running, "list").text);
		assert.is_truthy(run(running, "rollback", host, "e2ee").ok);
		assert.is_nil(say(running));
		assert.equal(before, running.chain.slots.e2ee.identity);
	end);

	it("is undone by a swap and by a reload", function ()
		local running = start();
		run(running, "unload", host, "e2ee");
		assert.is_truthy(run(running, "swap", host, "e2ee").ok);
		assert.is_nil(say(running));
		run(running, "unload", host, "e2ee");
		running.global_hooks["config-reloaded"]();
		running.settle();
		assert.is_nil(say(running));
	end);
end);

describe("a candidate", function ()
	it("is a shadow with a budget", function ()
		local running = start();
		local result = run(running, "shadow", host, "e2ee", settings, "--time=10%", "--samples=5");
		assert.matches("is watched beside it, nothing changes for users; compare with: wasm diff example.com e2ee$", result.ok);
		assert.same({ "shadow", 0.1, 5, false }, { running.chain.tried.role, running.chain.tried.budget, running.chain.tried.samples, running.chain.tried.fresh });
		assert.matches("%x+ shadow, nothing compared", run(running, "list").text);
	end);

	it("is a canary for a share", function ()
		local running = start();
		assert.matches("decides for 20 %% of the users", run(running, "canary", host, "e2ee", settings, "--share=20").ok);
		assert.same({ "canary", 0.2 }, { running.chain.tried.role, running.chain.tried.share });
		assert.matches("canary 20 %%", run(running, "info", host, "e2ee").text);
	end);

	it("may fail to start", function ()
		local running = start(nil, { try_error = "no room" });
		assert.matches("^shadow failed: no room%. The running generation %x+ stays$", run(running, "shadow", host, "e2ee", settings).error);
	end);

	it("is promoted, prepared anew", function ()
		local running = start();
		run(running, "shadow", host, "e2ee", settings);
		local identity = running.chain.slots.e2ee.candidate.identity;
		assert.matches("is in force instead of", run(running, "promote", host, "e2ee").ok);
		assert.same({ identity, "promote" }, { running.chain.slots.e2ee.identity, current(running).how });
		assert.equal(2, #running.native.jobs);
		assert.matches("has no candidate", run(running, "promote", host, "e2ee").error);
	end);

	it("that was granted more is promoted with that", function ()
		local behaviour = {};
		local running = start(nil, behaviour);
		behaviour.imports = { "content", "store" };
		assert.matches("granting failed: it now also asks for: store", run(running, "shadow", host, "e2ee", "/new.wasm").error);
		assert.is_truthy(run(running, "shadow", host, "e2ee", "/new.wasm", "--grant=store").ok);
		assert.is_truthy(run(running, "promote", host, "e2ee").ok);
		assert.is_truthy(run(running, "swap", host, "e2ee", "/newer.wasm").ok); -- granted from now on
	end);

	local thresholds = {
		-- what was compared, is it promoted?, the log
		{ { compared = 10, differences = 0 }, true, "^info: The candidate %x+ of policy e2ee is promoted" };
		{ { compared = 10, differences = 1 }, true, "is promoted", "--allow-differences=1" };
		{ { compared = 10, differences = 2 }, false, "^warn: .* is not promoted: 2 of 10 decisions differ, 0 are allowed; it goes on as shadow" };
		{ { compared = 0, differences = 0 }, false, "is not promoted: nothing was compared" };
	};
	for number, case in ipairs(thresholds) do
		it(("is promoted by itself, or not, case %d"):format(number), function ()
			local running = start();
			local result = begin(running, "shadow", host, "e2ee", settings, "--promote-after=60", case[4]);
			local candidate;
			for _ = 1, 3 do
				running.run_timers();
				candidate = running.chain.slots.e2ee.candidate;
				if candidate and candidate.compared == 0 then
					candidate.compared, candidate.differences = case[1].compared, case[1].differences;
				end
			end
			running.settle();
			assert.matches("promoted after 60 s if at most %d decisions differ", result.ok);
			assert.is_truthy(running.logged(case[3]), table.concat(running.log, "\n"));
			assert.equal(case[2], running.chain.slots.e2ee.identity == candidate.identity);
			assert.equal(case[2], running.chain.slots.e2ee.candidate == nil);
			assert.equal(0, #running.timers);
		end);
	end

	it("that has ended is not promoted", function ()
		local running = start();
		local before = running.chain.slots.e2ee.identity;
		begin(running, "canary", host, "e2ee", settings, "--promote-after=60");
		for _ = 1, 3 do running.run_timers(); end
		assert.is_truthy(begin(running, "rollback", host, "e2ee").ok);
		running.settle();
		assert.equal(before, running.chain.slots.e2ee.identity);
	end);

	it("without a policy that decides comes from the configuration", function ()
		local running = start({ wasm_policies = { e2ee = { mode = "shadow" } } });
		assert.equal("enforce pass", running.chain.slots.e2ee.mode.." "..running.chain.slots.e2ee.on_error);
		assert.equal("shadow", running.chain.slots.e2ee.candidate.role);
		assert.is_nil(say(running));
		assert.matches("shadow +shadow", run(running, "list").text);
		for _, verb in ipairs({ "swap", "canary", "promote" }) do
			assert.matches("e2ee has mode = \"shadow\" in the configuration, so it never decides", run(running, verb, host, "e2ee").error);
		end
		assert.is_truthy(run(running, "shadow", host, "e2ee", settings).ok);
	end);
end);

describe("diff", function ()
	local found = {
		role = "shadow", identity = ("ab"):rep(32), seconds = 61.37, compared = 3000, agreed = 2999, shed = 2, failures = 1, users = 7,
		live_microseconds = 3.21, candidate_microseconds = 4.5,
		differences = { { kind = "message", old = "pass", new = "bounce", count = 1, reasons = { { old = "-", new = "plain text", count = 1 } } } },
		samples = { { kind = "message", direction = "outgoing", source = "user", destination = "remote", old = "pass", new = "bounce",
			old_reason = "", new_reason = "plain text", xml = "<message><body>#</body></message>" } },
	};

	it("shows what would be otherwise", function ()
		local running = start(nil, { differences = found });
		local result = run(running, "diff", host, "e2ee");
		assert.equal("e2ee: 1 of 3000 decisions differ", result.ok);
		for _, line in ipairs({ "abababababab as shadow, for 61 s", "Compared       3000 decisions",
			"Concerned      7 users", "Agreement      99.96 %", "3.2 us in force, 4.5 us the candidate",
			"     1  message: pass -> bounce", "plain text", "Shed           2", "Failures       1", "<message><body>#</body></message>" }) do
			assert.is_truthy(result.text:find(line, 1, true), line.."\n"..result.text);
		end
	end);

	it("has nothing to compare yet", function ()
		local running = start();
		assert.equal("e2ee has no candidate, so there is nothing to compare; start one with: wasm shadow example.com e2ee", run(running, "diff", host, "e2ee").ok);
		run(running, "shadow", host, "e2ee", settings);
		assert.equal("e2ee: nothing has been compared yet", run(running, "diff", host, "e2ee").ok);
	end);
end);

describe("history", function ()
	it("shows every generation and which is in force", function ()
		local running = start();
		run(running, "swap", host, "e2ee", "/new.wasm");
		local result = run(running, "history", host, "e2ee");
		assert.equal("e2ee on example.com: 2 entries, newest last; * is in force", result.ok);
		assert.matches("^  %x+  %d+%-%d+%-%d+ [%d:]+Z  configuration  component %x+  %S+/e2ee.wasm\n%* %x+ .*  shell .* /new.wasm$", result.text);
	end);

	it("keeps twenty", function ()
		local running = start();
		for i = 1, 25 do run(running, "swap", host, "e2ee", ("--settings={\"x\":%d}"):format(i)); end
		local _, row = current(running);
		assert.equal(20, #row.entries);
		assert.equal([[{"x":25}]], row.entries[20].settings);
	end);

	it("shows no values of settings", function ()
		local running = start();
		run(running, "swap", host, "e2ee", "--settings={\"exempt\":[\"secret@example.org\"]}");
		for _, verb in ipairs({ "history", "info" }) do
			assert.is_nil(run(running, verb, host, "e2ee").text:find("secret", 1, true));
		end
		assert.is_nil(running.logged("secret"));
	end);
end);

describe("record", function ()
	it("starts and stops", function ()
		local running = start();
		assert.matches("WITH THEIR TEXT", run(running, "record", host, "e2ee", "/tmp/x.rec", "--count=5").ok);
		assert.matches("recording", run(running, "list").text);
		assert.equal("record e2ee /tmp/x.rec 5 false", running.chain.calls[#running.chain.calls]);
		assert.equal("e2ee: the recording has ended with 3 stanzas", run(running, "record", host, "e2ee", "--stop").ok);
		assert.equal("e2ee: nothing is recorded", run(running, "record", host, "e2ee", "--stop").error);
		assert.matches("Give a file", run(running, "record", host, "e2ee").error);
		run(running, "record", host, "e2ee", "/tmp/x.rec", "--redact");
		assert.equal("record e2ee /tmp/x.rec 1000 true", running.chain.calls[#running.chain.calls]);
		run(running, "record", host, "e2ee", "--stop");
		assert.matches("that it fails on.*redacted", run(running, "record", host, "e2ee", "/tmp/y.rec", "--failures").ok);
		assert.equal("record e2ee /tmp/y.rec 1000 true failures", running.chain.calls[#running.chain.calls]);
	end);

	it("may be impossible", function ()
		assert.equal("e2ee cannot be recorded: the disk is full",
			run(start(nil, { record_error = "the disk is full" }), "record", host, "e2ee", "/tmp/x.rec").error);
	end);
end);

describe("what is said wrongly", function ()
	local cases = {
		{ "swp", {}, "unknown verb \"swp\"; did you mean \"swap\"?" };
		{ "swap", {}, "Which policy? Give a host and a policy, like: wasm swap example.com e2ee" };
		{ "swap", { "exmple.com", "e2ee" }, "mod_wasm is not loaded on \"exmple.com\"; did you mean \"example.com\"?" };
		{ "swap", { host, "e2e" }, "There is no policy \"e2e\" on example.com; did you mean \"e2ee\"?" };
		{ "swap", { host, "e2ee", "a.wasm", "b.wasm" }, "\"b.wasm\" is one word too many for: wasm swap" };
		{ "promote", { host, "e2ee", "a.wasm" }, "\"a.wasm\" is one word too many for: wasm promote" };
		{ "swap", { host, "e2ee", "--fesh" }, "unknown flag --fesh; did you mean \"--fresh\"?" };
		{ "unload", { host, "e2ee", "--fresh" }, "unknown flag --fresh; there are none here" };
		{ "swap", { host, "e2ee", "--settings=mixed" }, "--settings must be JSON, like {\"mode\":\"mixed\"}" };
		{ "swap", { host, "e2ee", "--settings=[1]" }, "--settings must be JSON, like {\"mode\":\"mixed\"}" };
		{ "swap", { host, "e2ee", "--settings={\"a\":null}" }, "--settings.a is null, which cannot be a setting" };
		{ "swap", { host, "e2ee", "--grant=contents" }, "--grant: unknown permission \"contents\"; did you mean \"content\"?" };
		{ "swap", { host, "e2ee", "--milliseconds=0" }, "--milliseconds must be a whole number of milliseconds, 1 to 1000" };
		{ "swap", { host, "e2ee", "--budget=5%" }, "--budget must be a whole number of milliseconds of each second, 1 to 1000" };
		{ "swap", { host, "e2ee", "--budget=1", "--milliseconds=1000" },
			"e2ee: limits.budget must be at least 100 where milliseconds is 1000: after one decision that takes so long" };
		{ "swap", { host, "e2ee", "--time=5" }, "unknown flag --time; known: " };
		{ "shadow", { host, "e2ee", "--time=101" }, "--time must be a percentage, more than 0 and at most 100" };
		{ "swap", { host, "e2ee", "--on-error=pas" }, "--on-error: unknown value \"pas\"; did you mean \"pass\"?" };
		{ "swap", { host, "e2ee", "--sha256=abc" }, "--sha256 must be 64 hexadecimal digits, as printed by sha256sum" };
		{ "swap", { host, "e2ee", "--probation=soon" }, "--probation must be a whole number, 0 to 86400" };
		{ "swap", { host, "e2ee", "--fresh=perhaps" }, "--fresh takes no value" };
		{ "swap", { host, "e2ee", "--gate" }, "--gate must be the path of a file" };
		{ "canary", { host, "e2ee", "--share=0" }, "--share must be a percentage, more than 0 and at most 100" };
		{ "canary", { host, "e2ee", "--share=nan" }, "--share must be a percentage, more than 0 and at most 100" };
		{ "canary", { host, "e2ee", "--share=1e999" }, "--share must be a percentage, more than 0 and at most 100" };
		{ "canary", { host, "e2ee", { share = 0 / 0 } }, "--share must be a percentage, more than 0 and at most 100" };
		{ "canary", { host, "e2ee", { share = 1 / 0 } }, "--share must be a percentage, more than 0 and at most 100" };
		{ "shadow", { host, "e2ee", "--time=inf" }, "--time must be a percentage, more than 0 and at most 100" };
		{ "shadow", { host, "e2ee", { time = 0 / 0 } }, "--time must be a percentage, more than 0 and at most 100" };
		{ "swap", { host, "e2ee", print }, "a function is neither a word nor a table of flags" };
		{ "swap", { host, "e2ee", { [print] = 1 } }, "unknown flag --function" };
	};
	for number, case in ipairs(cases) do
		it(("is answered: %s, case %d"):format(case[1], number), function ()
			local running = start();
			local result = run(running, case[1], table.unpack(case[2]));
			assert.equal(case[3], (result.error or ""):sub(1, #case[3]));
			assert.is_nil(running.logged("^error"));
			assert.equal(0, #running.native.jobs);
		end);
	end

	it("is answered when nothing is loaded", function ()
		assert.matches("On example.com no policy is loaded: wasm_policies names none", run(start({}), "swap", host, "e2ee").error);
		assert.equal("quiet is off in the configuration; set mode = \"enforce\" or \"shadow\" and reload",
			run(start({ wasm_policies = { quiet = { mode = "off" } } }), "stage", host, "quiet").error);
	end);

	it("is no traceback when it is a mistake of ours", function ()
		local running = start();
		running.chain.status = function () error("a bug"); end;
		run(running, "swap", host, "e2ee", settings);
		local result = run(running, "rollback", host, "e2ee");
		assert.equal("rollback could not be done because of a mistake in mod_wasm, see the log", result.error);
		assert.is_truthy(running.logged("^error: wasm rollback failed: .*a bug"));
	end);
end);

describe("two hosts", function ()
	local other = "rooms.example.com";
	local function both()
		local first = start();
		local second = server.new(one, { host = other, native = first.native });
		second.shared = first.shared;
		second.load();
		return first, second;
	end

	it("have one set of commands", function ()
		local first, second = both();
		assert.equal("2 policies on 2 hosts", run(first, "list").ok);
		local result = begin(first, "swap", other, "e2ee", settings);
		second.settle();
		assert.is_truthy(result.ok);
		assert.not_equal(first.native.chains[1].slots.e2ee.identity, first.native.chains[2].slots.e2ee.identity);
	end);

	it("keep the commands when one of them is unloaded", function ()
		local first, second = both();
		second.module.unload();
		assert.equal("1 policy on 1 host", run(first, "list").ok);
		assert.is_truthy(run(first, "swap", host, "e2ee", settings).ok);
		first.module.unload();
		assert.is_nil(first.shared["/*/admin_shell/env"].wasm);
	end);
end);

describe("going back by itself", function ()
	it("is said, written and undone", function ()
		local running = start();
		local before = running.chain.slots.e2ee.identity;
		run(running, "swap", host, "e2ee", settings, "--probation=60");
		store_of(running).write("e2ee", { k = "new", gone = "x" });
		assert.is_nil(say(running, "roll_back"));
		assert.is_truthy(running.logged("^error: The generation of policy e2ee went back by itself, from generation %x+ to "
			..before:sub(1, 12)..": 3 failures\\x0ain 10 s$"));
		assert.same({ k = "old" }, store_of(running).read("e2ee"));
		assert.same({ before, "probation" }, { current(running).identity, current(running).how });
		assert.equal("warn", running.status[1]);
		-- A reload does not bring back what failed.
		running.global_hooks["config-reloaded"]();
		running.settle();
		assert.equal(before, running.chain.slots.e2ee.identity);
	end);

	it("ends a canary", function ()
		local running = start();
		run(running, "canary", host, "e2ee", settings);
		store_of(running).write("e2ee", { k = "x" });
		say(running, "roll_back");
		assert.is_truthy(running.logged("^error: The canary of policy e2ee went back by itself"));
		assert.same({}, store_of(running).read("e2ee"));
		assert.matches("has no candidate", run(running, "promote", host, "e2ee").error);
	end);

	it("changes no verdict when it cannot be written", function ()
		local running = start();
		run(running, "swap", host, "e2ee", settings, "--probation=60");
		running.stores.readonly = true;
		assert.is_nil(say(running, "roll_back"));
		assert.is_truthy(running.logged("^error: The policy e2ee went back, but the history cannot be written: the disk is full"));
	end);
end);

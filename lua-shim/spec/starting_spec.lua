local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local promise = require "util.promise";
local st = require "util.stanza";

local host = "example.com";
local data, path, stores;

local function write(file_path, text)
	local file = assert(io.open(file_path, "wb"));
	file:write(text);
	file:close();
end

local function exists(file_path)
	local file = io.open(file_path);
	if file then file:close(); end
	return file ~= nil;
end

-- A server over the same data folder and storage, as after a restart.
local function start(behaviour, config, options)
	options = options or {};
	behaviour = behaviour or {};
	behaviour.keeps = true;
	options.native, options.data, options.stores = options.native or fake_native.new(behaviour), data, stores;
	local running = server.new(config or { wasm_policies = { e2ee = { path = path } } }, options).load();
	running.settle();
	running.native, running.chain = options.native, options.native.chains[1];
	return running;
end

local function run(running, verb, ...)
	local section = running.shared["/*/admin_shell/env"].wasm;
	local printed = {};
	local self = setmetatable({ session = { print = function (line) table.insert(printed, line); end } }, { __index = section });
	local answer, text = self[verb](self, ...);
	local result = {};
	if promise.is_promise(answer) then
		answer:next(function (line) result.ok = line; end, function (line) result.error = line; end);
	else
		result.ok, result.error = answer and text or nil, not answer and text or nil;
	end
	running.settle();
	result.text = table.concat(printed, "\n");
	return result;
end

local function say(running)
	local session = server.client("alice@example.com/phone");
	return (running.fire("pre-message/bare", st.message({ from = session.full_jid, to = "bob@example.org" }):text_tag("body", "hello"), session));
end

before_each(function ()
	data, path, stores = os.tmpname(), os.tmpname(), {};
	os.remove(data);
	os.execute("mkdir '"..data.."'");
	write(path, "configured");
end);
after_each(function ()
	os.remove(path);
	os.execute("rm -r '"..data.."'");
end);

describe("a restart", function ()
	it("goes on with what came by shell, from the kept component, and warns", function ()
		local running, new = start(), os.tmpname();
		write(new, "new");
		run(running, "swap", host, "e2ee", new, "--settings={\"x\":1}");
		os.remove(new);
		local identity = running.chain.slots.e2ee.identity;
		local again = start();
		assert.equal(identity, again.chain.slots.e2ee.identity);
		assert.matches("/wasm%-generations/example.com/%x+%.wasm$", again.native.requests[1].path);
		assert.is_truthy(again.logged("^warn: The policy e2ee is generation "..identity:sub(1, 12).."%, as before the start; it came by shell"));
		assert.is_nil(say(again));
	end);

	it("goes on with what was gone back to", function ()
		local running = start();
		local identity = running.chain.slots.e2ee.identity;
		run(running, "swap", host, "e2ee", "--settings={\"x\":1}");
		run(running, "rollback", host, "e2ee");
		local again = start();
		assert.equal(identity, again.chain.slots.e2ee.identity);
		assert.is_truthy(again.logged("it came by rollback"));
	end);

	it("writes nothing when nothing changed", function ()
		start();
		local row = stores["generations:e2ee"];
		local again = start();
		assert.equal(row, stores["generations:e2ee"]);
		assert.is_nil(again.logged("^warn"));
	end);

	it("goes by the configuration when that changed", function ()
		local running = start();
		run(running, "swap", host, "e2ee", "--settings={\"x\":1}");
		local again = start(nil, { wasm_policies = { e2ee = { path = path, settings = { y = 1 } } } });
		assert.equal([[{"y":1}]], again.chain.slots.e2ee.staged.request.settings);
	end);

	it("goes by the configuration when its file was replaced", function ()
		local running = start();
		run(running, "swap", host, "e2ee", "--settings={\"x\":1}");
		write(path, "replaced meanwhile");
		assert.equal("{}", start().chain.slots.e2ee.staged.request.settings);
	end);

	it("goes on as before when a replaced file asks for more, and says so", function ()
		start();
		write(path, "greedy");
		local again = start({ imports_of = { [path] = { "content", "roster" } } });
		assert.is_truthy(again.logged("^error: The policy e2ee goes on as generation .*not in force: granting: it now also asks for: roster"));
		assert.is_nil(say(again));
		local requests = again.native.requests;
		assert.are_not.equal(path, requests[#requests].path, "the kept component");
	end);

	it("is closed when what was in force has more than is granted now", function ()
		start();
		local again = start(nil, { wasm_policies = { e2ee = { path = path, grants = { "log" } } } });
		assert.is_true(say(again));
		assert.is_truthy(again.logged("^error: The policy e2ee .* is not in force: granting: "));
	end);

	it("goes by the configuration when the history cannot be used", function ()
		local rows = {
			{ "broken", true }; { "generations:e2ee", "odd" }; { "generations:e2ee", { entries = { 1, {} }, current = { identity = 5 } } };
		};
		for _, row in ipairs(rows) do
			stores = { [row[1]] = row[2] };
			local again = start();
			assert.is_nil(say(again));
			assert.equal("{}", again.chain.slots.e2ee.staged.request.settings);
		end
		stores = { broken = true };
		local again = start();
		assert.is_truthy(again.logged("^warn: The history of the policy e2ee cannot be read, so the configuration decides: .*the disk is gone"));
		assert.is_truthy(again.logged("^warn: The next start will not know what is in force now"));
	end);

	it("goes by the configuration when what it remembers is gone", function ()
		local running, new = start(), os.tmpname();
		write(new, "new");
		run(running, "swap", host, "e2ee", new);
		os.remove(new);
		os.execute(("rm -r '%s/wasm-generations'"):format(data));
		local again = start();
		assert.is_truthy(again.logged("^warn: The policy e2ee was last in force as generation %x+, but that cannot be loaded any more"));
		assert.is_nil(say(again));
		assert.equal(path, again.chain.slots.e2ee.staged.request.path);
	end);

	it("compiles what is remembered when the cache is empty", function ()
		local running = start();
		run(running, "swap", host, "e2ee", "--settings={\"x\":1}");
		local identity = running.chain.slots.e2ee.identity;
		local again = start({ is_cached = false });
		assert.equal(identity, again.chain.slots.e2ee.identity);
		assert.equal("shell", stores["generations:e2ee"].current.how);
	end);

	it("keeps components that the history names, and no others", function ()
		local running = start();
		local kept = data.."/wasm-generations/example.com/";
		write(kept..("0"):rep(64)..".wasm", "old");
		write(kept.."readme", "not ours");
		run(running, "swap", host, "e2ee", "--settings={\"x\":1}");
		assert.is_false(exists(kept..("0"):rep(64)..".wasm"));
		assert.is_true(exists(kept.."readme"));
		assert.is_true(exists(kept..running.chain.slots.e2ee.sha256..".wasm"));
	end);
end);

describe("a death while loading", function ()
	-- The fake cannot end the process; it leaves what a dead one would.
	local function die(config)
		local behaviour = {};
		behaviour.on_stage_now = function () error("the process is gone"); end;
		local marker = data.."/wasm-loading/example.com/e2ee";
		local remove = os.remove;
		os.remove = function (name) if name ~= marker then return remove(name); end end; -- luacheck: ignore 122
		local copy = { ["generations:e2ee"] = stores["generations:e2ee"] };
		local options = { native = fake_native.new(behaviour), data = data, stores = copy };
		server.new(config or { wasm_policies = { e2ee = { path = path } } }, options).load();
		os.remove = remove; -- luacheck: ignore 122
		assert.is_true(exists(marker));
	end

	it("leaves no marker when there is none", function ()
		start();
		assert.is_false(exists(data.."/wasm-loading/example.com/e2ee"));
	end);

	it("closes the policy, says why, and a swap tries again", function ()
		die();
		local running = start();
		assert.is_true(say(running));
		local line = running.logged("^error: The policy e2ee is not in force: the server died while it loaded this policy");
		assert.is_truthy(line and line:find("try again with: wasm swap example.com e2ee", 1, true));
		running.global_hooks["config-reloaded"](); -- as log rotation does
		running.settle();
		assert.is_true(say(running));
		assert.equal(0, #running.native.jobs);
		assert.is_true(say(start()));
		local swapped = start();
		assert.is_truthy(run(swapped, "swap", host, "e2ee").ok);
		assert.is_nil(say(swapped));
		assert.is_nil(say(start()));
	end);

	it("does not concern a file or a configuration that changed", function ()
		die();
		write(path, "corrected");
		assert.is_nil(say(start()));
		die({ wasm_policies = { e2ee = { path = path, settings = { x = 1 } } } });
		assert.is_nil(say(start(nil, { wasm_policies = { e2ee = { path = path, settings = { x = 2 } } } })));
	end);

	it("brings back the generation before, for good", function ()
		local running = start();
		local before = running.chain.slots.e2ee.identity;
		run(running, "swap", host, "e2ee", "--settings={\"x\":1}");
		die();
		for _ = 1, 2 do
			local again = start();
			assert.is_nil(say(again));
			assert.equal(before, again.chain.slots.e2ee.identity);
			assert.equal("safe mode", stores["generations:e2ee"].current.how);
		end
	end);

	it("closes when that one ends the server too", function ()
		local running = start();
		run(running, "swap", host, "e2ee", "--settings={\"x\":1}");
		die();
		die();
		assert.is_true(say(start()));
	end);

	it("concerns one policy only", function ()
		die();
		local running = start(nil, { wasm_policies = { e2ee = { path = path }, other = {} } });
		assert.equal("failed running", running.chain.slots.e2ee.state.." "..running.chain.slots.other.state);
	end);
end);

describe("safe mode", function ()
	local function config(mode) return { wasm_safe_mode = mode, wasm_policies = { e2ee = { path = path, on_error = "pass" }, quiet = { mode = "off" } } }; end

	it("by configuration loads nothing", function ()
		for _, case in ipairs({ { "deny", true, "failed" }, { "off", nil, "off" } }) do
			local running = start(nil, config(case[1]));
			assert.equal(0, #running.native.chains);
			assert.equal(case[2], say(running));
			local result = run(running, "list");
			assert.matches("e2ee +"..case[3].." .*safe mode: no policy is loaded", result.text);
			assert.matches("quiet +off", result.text);
			assert.equal("error", running.status[1]);
			assert.matches("On example.com no policy is loaded: safe mode", run(running, "swap", host, "e2ee").error);
		end
	end);

	it("begins and ends with the configuration", function ()
		local running = start(nil, config());
		assert.is_nil(say(running));
		for _, case in ipairs({ { "deny", true }, { "off", nil }, { "deny", true }, { nil, nil } }) do
			running.config = config(case[1]);
			running.global_hooks["config-reloaded"]();
			running.settle();
			assert.equal(case[2], say(running));
		end
		assert.equal("info", running.status[1]);
	end);

	it("is shown, entered and ended at the shell", function ()
		local running = start();
		assert.equal("example.com: no safe mode", run(running, "safe_mode").text);
		assert.equal("example.com: safe mode: all policies are closed", run(running, "safe_mode", host, "deny").text);
		assert.is_true(say(running));
		running.global_hooks["config-reloaded"]();
		assert.is_true(say(running));
		assert.equal("example.com: safe mode: all policies are off", run(running, "safe_mode", "off").text);
		assert.is_nil(say(running));
		assert.equal("example.com: no safe mode", run(running, "safe_mode", "end").text);
		assert.is_nil(say(running));
		assert.equal("running: e2ee", running.status[2]);
		assert.equal("unknown mode \"denny\"; did you mean \"deny\"?", run(running, "safe_mode", host, "denny").error);
		assert.equal("\"exmple.com\" is no host with mod_wasm; did you mean \"example.com\"?", run(running, "safe_mode", "exmple.com", "deny").error);
		assert.matches("did you mean \"deny\"", run(running, "safe_mode", "denny").error);
	end);

	it("can be ended against the configuration", function ()
		local running = start(nil, config("deny"));
		run(running, "safe_mode", "end");
		assert.is_nil(say(running));
		assert.equal("running", running.native.chains[1].slots.e2ee.state);
	end);

	it("is a command in words on 13.0", function ()
		local running = start();
		local command = running.shared["/*/admin_shell/commands"].wasm;
		local printed = {};
		local session = { print = function (line) table.insert(printed, line); end };
		command(session, "wasm safe-mode example.com deny");
		assert.same({ "example.com: safe mode: all policies are closed", "OK: until: wasm safe-mode end, or a restart" }, printed);
		command(session, "wasm swp example.com e2ee");
		assert.equal("Error: unknown verb \"swp\"; did you mean \"swap\"?", printed[3]);
		command(session, "wasm");
		assert.is_truthy(printed[4]:find("Error: no verb is given; known: canary, diff", 1, true), printed[4]);
		running.module.unload();
		assert.is_nil(running.shared["/*/admin_shell/commands"].wasm);
	end);
end);

describe("a reload of the module", function ()
	it("hands over plain data only", function ()
		local running = start();
		say(running);
		local saved = running.module.save();
		assert.equal(saved, require "util.serialization".deserialize and saved);
		local function is_plain(value)
			if type(value) ~= "table" then return type(value) ~= "function" and type(value) ~= "userdata"; end
			if getmetatable(value) then return false; end
			for key, item in pairs(value) do if not is_plain(key) or not is_plain(item) then return false; end end
			return true;
		end
		assert.is_true(is_plain(saved));
		local again = start(nil, nil, { saved_state = saved });
		assert.equal(1, again.module:require("rows").totals({ totals = saved.totals, options = { records = { e2ee = {} } } }).e2ee["message-policy"].calls);
		assert.matches("e2ee .* 1 +1/0/0/0/0", run(again, "list").text);
	end);

	it("does not open a host whose policies were lost", function ()
		local saved = start().module.save();
		assert.is_true(say(start(nil, {}, { saved_state = saved })));
	end);

	it("goes on with the safe mode of the shell", function ()
		local running = start();
		run(running, "safe_mode", "deny");
		assert.is_true(say(start(nil, nil, { saved_state = running.module.save() })));
	end);

	it("is refused while a stanza is judged", function ()
		local behaviour = {};
		local running = start(behaviour);
		local ok, err;
		behaviour.on_decide = function () ok, err = pcall(running.module.save); end;
		say(running);
		assert.same({ false, "a stanza is being judged" }, { ok, err });
		assert.is_true((pcall(running.module.save)));
		behaviour.on_decide = function () error("odd"); end;
		say(running);
		assert.is_true((pcall(running.module.save)));
	end);
end);

describe("takeover", function ()
	local reloaded;
	local function with(behaviour, options)
		reloaded = {};
		options = options or {};
		options.reload = options.reload or function (name) table.insert(reloaded, name); return true; end;
		options.newer = behaviour and fake_native.new(behaviour);
		local running = start(nil, nil, options);
		running.newer = options.newer;
		return running;
	end
	local function install(running) running.config.wasm_library = "/opt/prosody_wasm-2-b.so"; end

	it("has nothing to do with the library in use", function ()
		assert.matches("prosody_wasm.so is in use already: nothing to do$", run(with({}), "takeover").ok);
		assert.same({}, reloaded);
	end);

	it("compiles for the new one, then loads the module again", function ()
		local running = with({ version = "9.9.9", is_cached = false });
		install(running);
		local result = run(running, "takeover");
		assert.equal("mod_wasm was loaded again on 1 hosts with /opt/prosody_wasm-2-b.so; see: wasm list", result.ok);
		assert.matches("is version 9.9.9; compiling 1 policies", result.text);
		assert.same({ host }, reloaded);
		assert.equal(1, #running.newer.jobs);
		assert.equal(0, #running.native.jobs);
	end);

	it("changes nothing when a policy would not load", function ()
		local running = with({ fails = { loading = "another world" } });
		install(running);
		assert.equal("The new library was not taken over, nothing was changed: e2ee on example.com: loading: another world", run(running, "takeover").error);
		assert.same({}, reloaded);
	end);

	it("changes nothing when the library cannot be opened", function ()
		local running = with(nil);
		install(running);
		assert.equal("The library cannot be opened. Nothing was changed", run(running, "takeover").error);
	end);

	it("says which hosts were not loaded again", function ()
		local running = with({}, { reload = function () return nil, "save-state-failed"; end });
		install(running);
		assert.matches("could not be loaded again on example.com: save%-state%-failed", run(running, "takeover").error);
	end);

	it("does not happen by a reload of the configuration", function ()
		local running = with({});
		install(running);
		running.global_hooks["config-reloaded"]();
		running.settle();
		assert.equal(1, #running.native.chains);
		assert.is_nil(say(running));
	end);
end);

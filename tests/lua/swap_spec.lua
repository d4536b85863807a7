-- One generation after another, with the real library in a plain Lua.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";

local swaps = tonumber(os.getenv("SWAPS")) or 500;
local library = native.load();
local scripted = native.guests.."/scripted.wasm";

local function message(from)
	return native.parse(("<message from='%s' to='b@example.org' type='chat'><body>hi</body></message>"):format(from or "a@example.org/x"));
end

local function ask(chain, from)
	local verdict, _, reason, _, details = chain:decide(message(from), chain:question("message", "outgoing", "user", "user"));
	return verdict, reason, details;
end

local function identity(chain) return chain:status()[1].identity; end

local function swap(chain, settings, probation, fresh)
	local staged = { policy = native.stage(library, scripted, settings) };
	assert(chain:hand_over(staged, fresh));
	assert(chain:publish(staged, probation));
	return staged.policy;
end

describe("a swap", function ()
	it("puts one generation in place of another, and back", function ()
		local chain = native.chain(library, scripted, "{}");
		local first = identity(chain);
		local used = swap(chain, '{"verdict":"drop"}');
		assert.are.equal("drop", (ask(chain)));
		assert.are.equal(first, chain:status()[1].previous);
		local again, err = chain:publish({ policy = used });
		assert.is_nil(again);
		assert.truthy(err:find("put into force already", 1, true), err);
		assert.are.equal(first, (chain:rollback("policy")));
		assert.are.equal("pass", (ask(chain)));
	end);

	it("hands the state over, or says why not and leaves the generation running", function ()
		local chain = native.chain(library, scripted, '{"state":"kept"}');
		swap(chain, "{}");
		assert.are.equal("kept", select(2, ask(chain)));
		local before = identity(chain);
		local refusing = native.stage(library, native.guests.."/misbehaving.wasm", '{"how":"refuse","when":"restore"}');
		local ok, err = chain:hand_over({ policy = refusing });
		assert.is_nil(ok);
		assert.truthy(err:find("it does not take over the state of the running generation", 1, true), err);
		assert.are.equal(before, identity(chain));
		assert(chain:hand_over({ policy = refusing }, true));
		assert(chain:publish({ policy = refusing }));
		assert.are.equal("survived", select(2, ask(chain)));
	end);

	it("keeps the store, and undoes what was written on probation", function ()
		local chain = assert(library.chain("example.org"));
		chain:declare("policy", {});
		assert.is_false(chain:has_store("policy"));
		assert(chain:put("policy", native.stage(library, scripted, '{"count":true}'), { count = "\7" }));
		assert.is_true(chain:has_store("policy"));
		assert.are.equal("count-8", select(2, ask(chain)));
		swap(chain, '{"count":true,"log":"x"}', { seconds = 60 });
		assert.are.equal("count-9", select(2, ask(chain)));
		local probation = chain:status()[1].probation;
		assert.is_true(probation.seconds > 50 and probation.failures == 0);
		local _, _, undone = chain:rollback("policy");
		assert.are.same({ { key = "count", value = "\8" } }, undone);
		assert.are.equal("count-9", select(2, ask(chain)));
	end);

	it("is taken back when the new generation fails", function ()
		local chain = native.chain(library, scripted, "{}");
		local first = identity(chain);
		local failing = { policy = native.stage(library, native.guests.."/misbehaving.wasm", '{"how":"panic","when":"decide","only":"hi"}') };
		assert(chain:hand_over(failing) and chain:publish(failing, { seconds = 60, failures = 2 }));
		local second = identity(chain);
		local function returned_after(from)
			for _, effect in ipairs((select(3, ask(chain, from))).effects) do
				if effect.kind == "rolled-back" then return effect; end
			end
		end
		assert.is_nil(returned_after("a@x/1"));
		local returned = assert(returned_after("b@x/1"));
		assert.are.same({ "rolled-back", "generation", second, first, "it failed 2 times in 2 decisions" },
			{ returned.kind, returned.what, returned.from, returned.to, returned.reason });
		assert.are.equal("pass", (ask(chain)));
	end);
end);

describe("a candidate", function ()
	it("is a shadow that nobody notices", function ()
		local chain = native.chain(library, scripted, "{}");
		assert(chain:try("policy", native.stage(library, scripted, '{"verdict":"drop"}'), { role = "shadow", budget = 1, samples = 5 }));
		for number = 1, 3 do assert.are.equal("pass", (ask(chain, "user"..number.."@x/1"))); end
		local found = assert(chain:differences("policy"));
		assert.are.same({ "shadow", 3, 0, 3, 3 }, { found.role, found.compared, found.agreed, found.users, #found.samples });
		assert.are.same({ { kind = "message", old = "pass", new = "drop", count = 3, reasons = { { old = "scripted", new = "scripted", count = 3 } } } },
			found.differences);
		local candidate = chain:status()[1].candidate;
		assert.are.same({ "shadow", 3, 3 }, { candidate.role, candidate.compared, candidate.differences });
		assert(chain:drop_candidate("policy"));
		assert.is_nil(chain:drop_candidate("policy"));
		assert.is_nil(chain:differences("policy"));
	end);

	it("is a canary for a share of the users", function ()
		local chain = native.chain(library, scripted, "{}");
		assert(chain:try("policy", native.stage(library, scripted, '{"verdict":"drop"}'), { role = "canary", share = 0.5 }));
		local dropped = 0;
		for number = 1, 100 do
			if ask(chain, "user"..number.."@x/1") == "drop" then dropped = dropped + 1; end
		end
		assert.is_true(dropped > 30 and dropped < 70, dropped);
		assert.are.equal(dropped, chain:status()[1].candidate.decided);
	end);

	it("takes only a share that is one", function ()
		local chain = native.chain(library, scripted, "{}");
		local dropping = native.stage(library, scripted, '{"verdict":"drop"}');
		for _, wrong in ipairs({ 0 / 0, 1 / 0, -1 / 0, -0.1, 1.1, 2 ^ 53 }) do
			for name, role in pairs({ share = "canary", budget = "shadow" }) do
				local ok, err = chain:try("policy", dropping, { role = role, [name] = wrong });
				assert.is_nil(ok);
				assert.truthy(err:find(name.." must be a number from 0 to 1", 1, true), err);
			end
		end
		assert.is_nil(chain:status()[1].candidate);
		for share, verdict in pairs({ [0] = "pass", [1] = "drop" }) do
			assert(chain:try("policy", native.stage(library, scripted, '{"verdict":"drop"}'), { role = "canary", share = share }));
			assert.are.equal(verdict, (ask(chain)));
			assert(chain:drop_candidate("policy"));
		end
	end);
end);

describe("a recording", function ()
	it("is written once and stops when it is full", function ()
		local chain = native.chain(library, scripted, "{}");
		local path = os.tmpname();
		local ok, err = chain:record("policy", { path = path, count = 2 });
		assert.is_nil(ok, "a file that is there is not overwritten");
		assert.is_string(err);
		os.remove(path);
		assert(chain:record("policy", { path = path, count = 2 }));
		for _ = 1, 3 do ask(chain); end
		assert.are.same({ stanzas = 2, left = 0 }, chain:status()[1].recording);
		assert.are.equal(2, chain:stop_recording("policy"));
		assert.is_nil(chain:stop_recording("policy"));
		os.remove(path);
	end);
end);

-- What the process holds: kB of memory, mappings, descriptors, threads, kB of Lua.
local function held()
	collectgarbage(); collectgarbage();
	local status = assert(io.open("/proc/self/status")):read("a");
	local function count(command)
		local pipe = io.popen(command);
		local number = tonumber(pipe:read("a"));
		pipe:close();
		return number;
	end
	local _, mappings = assert(io.open("/proc/self/maps")):read("a"):gsub("\n", "");
	return {
		memory = tonumber(status:match("VmRSS:%s*(%d+)")); mappings = mappings;
		descriptors = count("ls /proc/$PPID/fd | wc -l"); threads = tonumber(status:match("Threads:%s*(%d+)")); lua = collectgarbage("count");
	};
end

describe(swaps.." swaps", function ()
	it("leave nothing behind #measured", function ()
		local chain = native.chain(library, scripted, "{}");
		local function many(number)
			for index = 1, number do
				swap(chain, ('{"log":"%d"}'):format(index % 7), { seconds = 60 });
				ask(chain);
			end
		end
		many(swaps // 5);
		local before = held();
		many(swaps - swaps // 5);
		local after = held();
		for name, value in pairs(after) do
			local allowed = name == "memory" and 4096 or name == "lua" and 64 or name == "mappings" and 8 or 1;
			assert.is_true(value <= before[name] + allowed, ("%s: %s before, %s after"):format(name, before[name], value));
		end
	end);
end);

-- The library's life in a process: loading, compiling, ending.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";

local function capture(command)
	local pipe = io.popen(command.." 2>&1");
	local output = pipe:read("a");
	local _, how, status = pipe:close();
	return output, how, status;
end

describe("the library", function ()
	it("is linked so that it is never unmapped: its thread may still run when Lua closes it", function ()
		assert.truthy(capture("readelf -d "..native.library):find("NODELETE", 1, true));
	end);

	it("is under 3 MB #measured", function ()
		local file = assert(io.open(native.library, "rb"));
		assert.is_true(file:seek("end") < 3000000);
		file:close();
	end);

	it("can be loaded again, over the same engine", function ()
		local first, second = native.load(), native.load();
		assert.are.equal(first.version, second.version);
		assert.truthy(native.chain(first, native.guests.."/echoing.wasm"));
		assert.truthy(native.chain(second, native.guests.."/echoing.wasm"));
	end);

	-- os.exit(code, true) closes the Lua state, and with it every library, as Prosody's exit does.
	it("ends 200 times without a signal", function ()
		local script = ([[lua5.4 -e '
			package.path = "tests/lua/?.lua;"..package.path;
			local native = require "native";
			local chain = native.chain(native.load(), native.guests.."/echoing.wasm");
			chain:decide({ name = "message", attr = {}, tags = {} }, chain:question("message", "outgoing", "user", "user"));
			os.exit(7, true);']]);
		local output, how, status = capture("for n in $(seq 200); do "..script.."; [ $? = 7 ] || exit 1; done");
		assert.are.same({ "", "exit", 0 }, { output, how, status });
	end);
end);

describe("staging a policy", function ()
	local library = native.load();

	local function refused(path, changes, phase, expected)
		local staged, err, at = native.finish(assert(library.stage(native.request(path, "{}", changes))));
		assert.is_nil(staged);
		assert.truthy(err:find(expected, 1, true), err);
		assert.are.equal(phase, at);
	end

	-- What others of these tests have loaded and not let go would not be compiled again.
	local function forget_all()
		collectgarbage();
		collectgarbage();
	end

	local function new_folder()
		local folder = os.tmpname();
		os.remove(folder);
		return folder;
	end

	it("says what is wrong with the file", function ()
		refused("/nonexistent.wasm", nil, "reading", "there is no such file");
		refused("Cargo.toml", nil, "reading", "this is not WebAssembly");
		refused(native.guests.."/echoing.wasm", { sha256 = ("0"):rep(64) }, "reading", "if you replaced the file, change sha256");
		refused("/dev/zero", nil, "reading", "it is not a file");
	end);

	it("says what is wrong with the compiler", function ()
		forget_all();
		local cache = new_folder();
		refused(native.guests.."/echoing.wasm", { cache_path = cache, compiler = "/nonexistent/prosody-wasm" }, "compiling", "wasm_compiler");
		refused(native.guests.."/echoing.wasm", { cache_path = cache, compiler = "/bin/false" }, "compiling", "the compiler was ended");
		os.execute("rm -r "..cache);
	end);

	it("says what is wrong with the request, without raising", function ()
		for _, request in ipairs({ {}, { path = 7 }, { path = {} }, native.request("x", "{}", { limits = { milliseconds = "many" } }) }) do
			local job, err = library.stage(request);
			assert.is_nil(job);
			assert.is_string(err);
			local staged, now_err, phase = library.stage_now(request);
			assert.is_nil(staged);
			assert.is_string(now_err);
			assert.are.equal("reading", phase);
		end
	end);

	it("never compiles at once, and loads at once what is compiled", function ()
		forget_all();
		local cache = new_folder();
		local request = native.request(native.guests.."/echoing.wasm", "{}", { cache_path = cache });
		local staged, _, phase = library.stage_now(request);
		assert.is_nil(staged);
		assert.are.equal("compiling", phase);
		local facts = native.stage(library, request.path, "{}", { cache_path = cache }):facts();
		assert.are.equal(facts.identity, assert(library.stage_now(request)):facts().identity);
		request.unless = facts.identity;
		assert.are.equal("unchanged", (library.stage_now(request)));
		os.execute("rm -r "..cache);
	end);

	-- What a new process says that loaded a policy, which had been compiled, under a limit of the shell's.
	local function in_process(limit, script)
		native.stage(library, native.guests.."/echoing.wasm");
		return (capture(("ulimit %s && lua5.4 -e '"):format(limit)..[[
			package.path = "tests/lua/?.lua;"..package.path;
			local native = require "native";
			local chain = native.chain(native.load(), native.guests.."/echoing.wasm");
			local question = chain:question("message", "outgoing", "user", "user");
			local verdict = chain:decide(require "util.stanza".message({ to = "b@x" }), question);
			print(verdict);]]..script.."'"));
	end

	-- Spoiling what has a name is tried in test_swap_refused.py.
	it("maps code from a copy that nobody else can open, and of which nothing is left", function ()
		local script = [[
			for line in io.lines("/proc/self/maps") do
				local rights, name = line:match("^%S+ (%S+) .-(/.*)$");
				if name and name:find(native.cache, 1, true) and rights:find("x") then print(rights, name:match("%(.*%)$")); end
			end
			io.stdout:flush();
			os.execute("find -L /proc/$PPID/fd -xdev -type f -links 0 -printf \"%m %n\\n\" 2>&1");]];
		assert.are.equal("pass\nr-xp\t(deleted)\n400 0\n", in_process("-n 256", script));
		assert.are.equal("", capture("find "..native.cache.." ! -name '*.cwasm' -type f"));
	end);

	it("does without such a copy where files may not be as large", function ()
		local script = [[
			for line in io.lines("/proc/self/maps") do assert(not line:find(native.cache, 1, true), line); end]];
		assert.are.equal("pass\n", in_process("-f 64", script));
	end);

	it("can be cancelled, and left to the collector", function ()
		assert(library.stage(native.request(native.guests.."/echoing.wasm"))):cancel();
		assert(library.stage(native.request(native.guests.."/echoing.wasm")));
		collectgarbage();
	end);
end);

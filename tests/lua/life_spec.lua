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

	it("is under 3 MB", function ()
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
			chain:decide({ name = "message", attr = {}, tags = {} }, "outgoing", "user", "user");
			os.exit(7, true);']]);
		local output, how, status = capture("for n in $(seq 200); do "..script.."; [ $? = 7 ] || exit 1; done");
		assert.are.same({ "", "exit", 0 }, { output, how, status });
	end);
end);

describe("opening a policy", function ()
	local library = native.load();

	local function refused(path, sha256, expected)
		local opened, err = library.open(path, native.cache, sha256);
		assert.is_nil(opened);
		assert.truthy(err:find(expected, 1, true), err);
	end

	it("says what is wrong with the file", function ()
		refused("/nonexistent.wasm", nil, "there is no such file");
		refused("Cargo.toml", nil, "this is not WebAssembly");
		refused(native.guests.."/echoing.wasm", ("0"):rep(64), "if you replaced the file, change sha256");
		refused("/dev/zero", nil, "it is not a file");
	end);

	it("says what is wrong with the compiler", function ()
		local cache = os.tmpname();
		os.remove(cache);
		local opened = assert(library.open(native.guests.."/echoing.wasm", cache));
		assert.is_false(opened:compiled());
		local ok, err = opened:compile("/nonexistent/prosody-wasm", 10);
		assert.is_nil(ok);
		assert.truthy(err:find("wasm_compiler", 1, true), err);
		assert(opened:compile("/bin/false", 10));
		local state;
		repeat state, err = opened:poll(); until state ~= "running";
		assert.is_nil(state);
		assert.truthy(err:find("the compiler was ended", 1, true), err);
		os.execute("rm -r "..cache);
	end);

	it("leaves a policy that is not compiled closed", function ()
		local cache = os.tmpname();
		os.remove(cache);
		local chain = assert(library.chain("example.org"));
		chain:declare("policy", {});
		local opened = assert(library.open(native.guests.."/echoing.wasm", cache));
		local ok, err = chain:install("policy", opened, {});
		assert.is_nil(ok);
		assert.truthy(err:find("not in the cache", 1, true), err);
		local verdict, policy, reason = chain:decide({ name = "message", attr = {}, tags = {} }, "outgoing", "user", "user");
		assert.are.same({ "bounce", "policy", "closed" }, { verdict, policy, reason });
		os.execute("rm -r "..cache);
	end);
end);

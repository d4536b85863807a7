local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local library = server.new({}, { native = false }).module:require("library");
local function nothing() end

describe("the library", function ()
	local function returns(value) return function () return function () return value; end; end; end
	local good = { version = library.version, stage = nothing, stage_now = nothing, chain = nothing };
	local cases = {
		{ "cannot be opened", function () return nil, "no such file"; end, "The library x.so cannot be opened: no such file; "
			.."install mod_wasm again or set wasm_library" };
		{ "raises", function () return function () error("bad", 0); end; end, "The library x.so failed to start: bad; install mod_wasm again" };
		{ "is another", returns({}), "The library x.so is not the one of mod_wasm; check wasm_library" };
		{ "is nothing", returns(nil), "The library x.so is not the one of mod_wasm; check wasm_library" };
		{ "is older", returns({ version = "0.0.9", stage = nothing, stage_now = nothing, chain = nothing }),
			"The library x.so is version 0.0.9, "
				.."but this module is version "..library.version.."; install both from one release, then run: wasm takeover" };
		{ "cannot stage", returns({ version = "0.0.8", open = nothing, chain = nothing }), "The library x.so, version 0.0.8, cannot prepare policies" };
	};
	for _, case in ipairs(cases) do
		it("is refused when it "..case[1], function ()
			assert.same({ nil, case[3] }, { library.open("x.so", case[2]) });
		end);
	end

	it("is taken when it fits", function ()
		assert.equal(good, library.open("x.so", returns(good)));
	end);

	it("is taken at any version by who only prepares for it", function ()
		local newer = { version = "9.9.9", stage = nothing, stage_now = nothing, chain = nothing };
		assert.equal(newer, library.open_any("x.so", returns(newer)));
	end);

	it("is counted once for each file that is mapped", function ()
		assert.equal(0, library.mapped());
	end);
end);

describe("the link to the library", function ()
	it("is resolved, so that another build is another path", function ()
		local directory = os.tmpname();
		os.remove(directory);
		os.execute(("mkdir '%s' && touch '%s/prosody_wasm-1-a.so' && ln -s prosody_wasm-1-a.so '%s/x.so'"):format(directory, directory, directory));
		local function read(path) return server.new({ wasm_library = path }).module:require("paths").read().library; end
		assert.equal(directory.."/prosody_wasm-1-a.so", read(directory.."/x.so"));
		assert.equal(directory.."/prosody_wasm-1-a.so", read(directory.."/prosody_wasm-1-a.so"));
		os.execute(("ln -sf /elsewhere/y.so '%s/x.so'"):format(directory));
		assert.equal("/elsewhere/y.so", read(directory.."/x.so"));
		assert.equal("/nowhere.so", read("/nowhere.so"));
		assert.equal("/nowhere/x.so", read("/nowhere/x.so"));
		os.execute(("rm -r '%s'"):format(directory));
	end);

	it("is not needed where the build lies beside its place, as LuaRocks leaves it", function ()
		local directory = os.tmpname();
		os.remove(directory);
		os.execute(("mkdir '%s' && touch '%s/prosody_wasm-1-a.so' '%s/prosody_wasm-notes'"):format(directory, directory, directory));
		local function read(name) return server.new({ wasm_library = directory.."/"..name }).module:require("paths").read().library; end
		assert.equal(directory.."/prosody_wasm-1-a.so", read("prosody_wasm.so"));
		assert.equal(directory.."/other.so", read("other.so"));
		os.execute(("touch '%s/prosody_wasm.so'"):format(directory));
		assert.equal(directory.."/prosody_wasm.so", read("prosody_wasm.so"));
		os.execute(("rm -r '%s'"):format(directory));
	end);
end);

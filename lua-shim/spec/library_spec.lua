local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local library = server.new({}, { native = false }).module:require("library");
local function nothing() end

describe("the library", function ()
	local function returns(value) return function () return function () return value; end; end; end
	local good = { version = library.version, open = nothing, chain = nothing };
	local cases = {
		{ "cannot be opened", function () return nil, "no such file"; end, "The library x.so cannot be opened: no such file; "
			.."install mod_wasm again or set wasm_library" };
		{ "raises", function () return function () error("bad", 0); end; end, "The library x.so failed to start: bad; install mod_wasm again" };
		{ "is another", returns({}), "The library x.so is not the one of mod_wasm; check wasm_library" };
		{ "is nothing", returns(nil), "The library x.so is not the one of mod_wasm; check wasm_library" };
		{ "is older", returns({ version = "0.0.9", open = nothing, chain = nothing }),
			"The library x.so is version 0.0.9, "
				.."but this module is version "..library.version.."; install both from one release and restart Prosody" };
	};
	for _, case in ipairs(cases) do
		it("is refused when it "..case[1], function ()
			assert.same({ nil, case[3] }, { library.open("x.so", case[2]) });
		end);
	end

	it("is taken when it fits", function ()
		assert.equal(good, library.open("x.so", returns(good)));
	end);
end);

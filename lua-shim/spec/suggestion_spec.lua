local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local suggestion = server.new({}).module:require("suggestion");

describe("suggestion", function ()
	local cases = {
		-- written, what there is, what was meant
		{ "setings", { "grants", "settings", "mode" }, "settings" };
		{ "settigns", { "grants", "settings", "mode" }, "settings" };
		{ "SETTINGS", { "settings" }, "settings" };
		{ "e2e", { "archive", "e2ee" }, "e2ee" };
		{ "on-error", { "mode", "on_error" }, "on_error" };
		{ "colour", { "grants", "settings" }, nil };
		{ "", { "mode" }, nil };
		{ ("x"):rep(100000), { "mode" }, nil };
	};
	for _, case in ipairs(cases) do
		it("for "..case[1]:sub(1, 20), function ()
			assert.equal(case[3], suggestion.nearest(case[1], case[2]));
		end);
	end

	local distances = {
		-- from, to, limit, distance; nil if it is above the limit
		{ "settings", "settings", 2, 0 };
		{ "stetings", "settings", 2, 1 };
		{ "stetigns", "settings", 2, 2 };
		{ "etsting", "settings", 3, 3 };
		{ "etsting", "settings", 2, nil };
		{ "ba", "ab", 1, 1 };
		{ "ba", "ab", 0, nil };
		{ "badc", "abcd", 2, 2 };
		{ "badc", "abcd", 1, nil };
		{ "modules_enabled", "wasm_policies", 2, nil };
		{ "", "a", 1, 1 };
		{ "", "", 0, 0 };
		{ "a", "settings", 2, nil };
	};
	for _, case in ipairs(distances) do
		local from, to, limit, expected = table.unpack(case, 1, 4);
		it(("from \"%s\" to \"%s\" within %d"):format(from, to, limit), function ()
			local found = suggestion.distance(from, to, limit);
			assert.equal(expected, found <= limit and found or nil);
		end);
	end

	it("is as near as somebody wants", function ()
		assert.equal("wasm_policies", suggestion.nearest("wams_polices", { "wasm_policies" }, 2));
		assert.equal(nil, suggestion.nearest("wams_polises", { "wasm_policies" }, 2));
		assert.equal("wasm_policies", suggestion.nearest("wams_polises", { "wasm_policies" }));
	end);

	it("ends a sentence", function ()
		assert.equal("; did you mean \"mode\"?", suggestion.did_you_mean("mod", { "mode" }));
		assert.equal("; known: deny, pass", suggestion.did_you_mean("perhaps", { "deny", "pass" }));
		assert.equal("", suggestion.did_you_mean("perhaps", {}));
	end);
end);

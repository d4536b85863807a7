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

	it("ends a sentence", function ()
		assert.equal("; did you mean \"mode\"?", suggestion.did_you_mean("mod", { "mode" }));
		assert.equal("; known: deny, pass", suggestion.did_you_mean("perhaps", { "deny", "pass" }));
		assert.equal("", suggestion.did_you_mean("perhaps", {}));
	end);
end);

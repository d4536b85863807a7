local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";

local function start(config, behaviour)
	local running = server.new(config, { native = fake_native.new(behaviour) }).load();
	local section = running.shared["/*/admin_shell/env"].wasm;
	local printed = {};
	local self = setmetatable({ session = { print = function (line) table.insert(printed, line); end } }, { __index = section });
	return self, printed, running;
end

describe("wasm list", function ()
	it("shows every policy in aligned columns", function ()
		local self, printed = start({ wasm_policies = { e2ee = {}, broken = { path = "/missing.wasm" }, quiet = { mode = "off", on_error = "pass" } } });
		local ok, text = self:list();
		assert.is_true(ok);
		assert.equal("3 policies on 1 host", text);
		assert.equal(4, #printed);
		assert.matches("^Host +Policy +State +Mode +On error +Hooks +Calls +Pass/edit/drop/bounce/failure +us/call +Generation +From +Reason$", printed[1]);
		assert.matches("^example.com +broken +failed +enforce +deny .*/missing.wasm: no such file$", printed[2]);
		assert.matches("^example.com +e2ee +running +enforce +deny +message%-policy +0 +0/0/0/0/0 +%- +%x+ +configuration$", printed[3]);
		assert.matches("^example.com +quiet +off +off +pass", printed[4]);
		local column = printed[1]:find("State", 1, true);
		assert.equal("failed", printed[2]:sub(column, column + 5));
	end);

	it("shows what is wrong with a host", function ()
		local self, printed = start({ wasm_policies = "oops" });
		local _, text = self:list();
		assert.matches("^example.com +%- +failed .* wasm_policies must be a table", printed[2]);
		assert.equal("0 policies on 1 host", text);
	end);

	it("says why it is not there in a shell that was open before", function ()
		local _, _, running = start({ wasm_policies = { e2ee = {} } });
		local section = running.shared["/*/admin_shell/env"].wasm;
		local ok, sentence = section:list();
		assert.is_nil(ok);
		assert.equal("this shell was opened before mod_wasm was loaded: open another one", sentence);
	end);

	it("shows hosts where nothing is checked", function ()
		local self, printed = start({});
		self:list();
		assert.matches("^example.com +%- +none .* wasm_policies names no policy$", printed[2]);
	end);

	it("shows odd bytes as text, whoever they come from", function ()
		local self, printed, running = start({ wasm_policies = { e2ee = {} } }, { fails = { probing = "odd \27[31m\255\n" } });
		self:list();
		assert.matches("probing: odd \\x1b%[31m\\xff\\x0a$", printed[2]);
		local listing = running.module:require("listing");
		local row = { name = "\255", host = "\0", state = "\194\155", reason = "\n", mode = "ü", hooks = { "\r" },
			record = { path = "/\255", settings = "{}" }, permissions = { "\27" } };
		for _, lines in ipairs({ listing.table_lines({ row }), listing.info_lines(row) }) do
			local text = table.concat(lines, " ");
			assert.is_nil(text:find("%c"));
			assert.is_truthy(utf8.len(text));
			assert.is_truthy(text:find("ü", 1, true));
		end
	end);

	it("shows how often a policy was not asked because its time was used up", function ()
		local _, _, running = start({ wasm_policies = {} });
		local listing = running.module:require("listing");
		local row = { name = "e2ee", host = "h", state = "running", mode = "enforce", hooks = {}, over_budget = 12,
			limits = { milliseconds = 5, memory = 1048576, budget = 100 }, record = { path = "/x", settings = "{}" } };
		assert.matches("over its budget 12 times$", listing.table_lines({ row })[2]);
		local text = table.concat(listing.info_lines(row), "\n");
		assert.matches("\nOver budget +12 times not asked, its time being used up\n", text);
		assert.matches("\nLimits +5 ms, 1024 KiB, 100 ms of each second\n", text);
		row.over_budget = 0;
		assert.matches("\nOver budget +%-\n", table.concat(listing.info_lines(row), "\n"));
	end);

	it("is found by 13.0's command line", function ()
		local _, _, running = start({ wasm_policies = {} });
		local help = getmetatable(running.shared["/*/admin_shell/env"].wasm).help;
		assert.same({}, help.commands.list.args);
		assert.equal("host", help.commands.info.args[1].name);
		running.module.unload();
		assert.is_nil(running.shared["/*/admin_shell/env"].wasm);
	end);
end);

describe("wasm info", function ()
	it("shows everything but the values of settings", function ()
		local self, printed = start({ wasm_policies = { e2ee = { settings = { exempt = { "secret@example.org" } } } } });
		assert.is_true((self:info("example.com", "e2ee")));
		local text = table.concat(printed, "\n");
		assert.matches("\n  %- reads the text of messages", text);
		assert.matches("Settings +exempt\n", text);
		assert.matches("File +%S+/e2ee%.wasm %(bundled%)", text);
		assert.is_nil(text:find("secret", 1, true));
	end);

	local cases = {
		{ "exmple.com", "e2ee", "mod_wasm is not loaded on \"exmple.com\"; did you mean \"example.com\"?" };
		{ "example.com", "e2e", "There is no policy \"e2e\" on example.com; did you mean \"e2ee\"?" };
		{ "example.com", "\255", "There is no policy \"\\xff\" on example.com; known: e2ee" };
		{ nil, nil, "Which policy? Give a host and a policy, like: wasm info example.com e2ee" };
	};
	for _, case in ipairs(cases) do
		it("suggests: "..case[3], function ()
			local self = start({ wasm_policies = { e2ee = {} } });
			assert.same({ nil, case[3] }, { self:info(case[1], case[2]) });
		end);
	end
end);

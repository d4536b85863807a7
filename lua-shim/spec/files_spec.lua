local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local json = require "util.json";

local root;

local function path_of(name) return root.."/"..name; end

local function write(name, content)
	local file = assert(io.open(path_of(name), "wb"));
	file:write(content);
	file:close();
	return path_of(name);
end

-- The record of a policy with these options, read as Prosody starts.
local function read(entry)
	entry.path = entry.path or "/p.wasm";
	local running = server.new({ wasm_policies = { rules = entry }, wasm_policy_path = root.."/bundled" });
	running.prosody.paths.config = root;
	return running.module:require("config").read().records.rules;
end

describe("files of a policy", function ()
	before_each(function ()
		root = os.tmpname();
		os.remove(root);
		assert(os.execute(("mkdir -p '%s/bundled/rules' '%s/sub'"):format(root, root)));
		write("a.pfw", "DROP.\n");
		write("sub/b.txt", "ä\0\n\"");
		write("bundled/rules/geoloc.pfw", "bundled");
	end);
	after_each(function () os.execute(("rm -rf '%s'"):format(root)); end);

	it("are in its settings, under the names that the operator wrote, in his order", function ()
		local record = read({ files = { "sub/b.txt", "a.pfw" }, settings = { x = 1 } });
		assert.is_nil(record.problem);
		assert.same({ x = 1; files = { { name = "sub/b.txt", text = "ä\0\n\"" }, { name = "a.pfw", text = "DROP.\n" } } }, json.decode(record.settings));
	end);

	it("are none if there are none", function ()
		assert.equal("{}", read({ files = {} }).settings);
	end);

	it("are bundled ones if a mere name is not in the configuration's folder", function ()
		assert.equal("bundled", json.decode(read({ files = { "geoloc.pfw" } }).settings).files[1].text);
		write("geoloc.pfw", "mine");
		assert.equal("mine", json.decode(read({ files = { "geoloc.pfw" } }).settings).files[1].text);
	end);

	it("make another policy when they change", function ()
		local before = read({ files = { "a.pfw" } });
		assert.equal(before.signature, read({ files = { "a.pfw" } }).signature);
		write("a.pfw", "PASS.\n");
		assert.not_equal(before.signature, read({ files = { "a.pfw" } }).signature);
		assert.equal(before.again().signature, read({ files = { "a.pfw" } }).signature);
	end);

	local bad = {
		-- options, the problem with ROOT for the folder
		{ { files = "a.pfw" }, [[wasm_policies.rules.files must be a list of paths, like { "rules.pfw" }]] };
		{ { files = { x = "a.pfw" } }, [[wasm_policies.rules.files must be a list of paths, like { "rules.pfw" }]] };
		{ { files = { 5 } }, [[wasm_policies.rules.files must be a list of paths, like { "rules.pfw" }]] };
		{ { files = { "" } }, [[wasm_policies.rules.files must be a list of paths, like { "rules.pfw" }]] };
		{ { files = { "a\nb" } }, [[wasm_policies.rules.files[1] contains control characters]] };
		{ { files = { "a.pfw", "a.pfw" } }, [[wasm_policies.rules.files[2] is there twice]] };
		{ { files = { "c.pfw" } }, [[wasm_policies.rules.files: ROOT/c.pfw is not there]] };
		{ { files = { "./geoloc.pfw" } }, [[wasm_policies.rules.files: ROOT/geoloc.pfw is not there]] };
		{ { files = { "sub" } }, [[wasm_policies.rules.files: ROOT/sub is no file]] };
		{ { files = { "/dev/zero" } }, [[wasm_policies.rules.files: /dev/zero is no file]] };
		{ { files = { "a.pfw" }, settings = { files = {} } },
			[[wasm_policies.rules.files and a key "files" in wasm_policies.rules.settings cannot be there both]] };
		{ { files = { "a.pfw" }, mode = "on" }, [[wasm_policies.rules.mode: unknown value "on"; known: enforce, off, shadow]] };
	};
	for _, case in ipairs(bad) do
		it("are refused: "..case[2], function ()
			local record = read(case[1]);
			assert.equal(case[2]:gsub("ROOT", root), record.problem);
			assert.equal("deny", record.on_error);
		end);
	end

	it("are text of a limited size and number", function ()
		write("binary", "\255");
		assert.matches("binary is not valid UTF%-8$", read({ files = { "binary" } }).problem);
		write("long", ("x"):rep(256 * 1024 + 1));
		assert.matches("long is longer than 256 KiB$", read({ files = { "long" } }).problem);
		write("half", ("x"):rep(130 * 1024));
		write("other", ("x"):rep(130 * 1024));
		assert.matches("^wasm_policies.rules: the settings and files together are longer than 256 KiB$", read({ files = { "half", "other" } }).problem);
		local many = {};
		for number = 1, 65 do many[number] = "f"..number; end
		assert.matches("names more than 64 files$", read({ files = many }).problem);
	end);

	it("stay when other settings are said at the shell", function ()
		local running = server.new({});
		local generation = running.module:require("generation");
		local recipe = generation.of_record(read({ files = { "a.pfw" }, settings = { x = 1 } }));
		local changed = generation.changed(recipe, nil, { settings = "{\"x\":2}" });
		assert.same({ x = 2; files = { { name = "a.pfw", text = "DROP.\n" } } }, json.decode(changed.settings));
	end);

	it("do not let the history grow: the oldest generations go", function ()
		local history = server.new({}).module:require("history");
		local row = { entries = {} };
		for number = 1, 5 do
			row = history.with(row, { identity = tostring(number), settings = ("x"):rep(300 * 1024) }, "signature", "file");
		end
		assert.same({ 3, "5" }, { #row.entries, row.entries[3].identity });
	end);

	it("are named, and not shown, by wasm info", function ()
		local running = server.new({});
		local record = read({ files = { "a.pfw", "sub/b.txt" }, settings = { x = 1 } });
		local lines = table.concat(running.module:require("listing").info_lines({ name = "rules", record = record }), "\n");
		assert.matches("Settings +x\nFiles +a%.pfw, sub/b%.txt\n", lines);
		assert.is_nil(lines:find("DROP", 1, true));
	end);
end);

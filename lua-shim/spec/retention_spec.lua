local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local retention = require "retention_server";
local serialize = require "util.serialization".serialize;

local withheld = "(withheld: this line cannot be scrubbed; see the status of mod_wasm_retention)";

describe("lines of the log", function ()
	local cases = {
		-- what it is, redact, source, level, message and arguments, what a sink gets
		{ "at info", false, "c2s1", "info", { "Hello %s from %s", "a@b", "192.0.2.1" }, { "c2s1", "info", "Hello <jid> from <ip>" } };
		{ "at error", false, "c2s1", "error", { "a@b failed" }, { "c2s1", "error", "<jid> failed" } };
		{ "at debug", false, "c2s1", "debug", { "%s", "a@b" }, { "c2s1", "debug", "a@b" } };
		{ "at debug, redacted", true, "c2s1", "debug", { "%s", "a@b" }, { "c2s1", "debug", "<jid>" } };
		{ "whose source is an address", false, "a@b", "warn", { "Hello" }, { "<jid>", "warn", "Hello" } };
		{ "with per cent signs", true, "c2s1", "info", { "100%% of %s %d%%", "%d %s", 5 }, { "c2s1", "info", "100% of %d %s 5%" } };
		{ "with more arguments than places", true, "c2s1", "info", { "Hello", "a@b" }, { "c2s1", "info", "Hello [<jid>]" } };
		{ "with a name alone", true, "sessionmanager", "debug", { "All resources of %s are now offline", "alice" },
			{ "sessionmanager", "debug", "All resources of <jid> are now offline" } };
		{ "with a nickname", true, "muc", "debug", { "%s requested voice in %s", "Zoe", "a@b" }, { "muc", "debug", "<jid> requested voice in <jid>" } };
		{ "with a nickname after an address", true, "muc", "debug", { "Refreshed for %s: %s", "a@b", "Zoe" },
			{ "muc", "debug", "Refreshed for <jid>: <jid>" } };
		{ "without the nickname that it has a place for", true, "muc", "debug", { "Refreshed for %s: %s", "a@b" },
			{ "muc", "debug", "Refreshed for <jid>: (nil)" } };
		{ "with the name of a room", false, "muc_mam", "error", { "Could not delete messages for room '%s': %s", "tea", "denied" },
			{ "muc_mam", "error", "Could not delete messages for room '<jid>': denied" } };
		{ "with a name among numbers", true, "mam", "debug", { "Archive query by %s id=%s with=%s when=%s...%s rsm=%q", "alice", "q1", "*", "", "" },
			{ "mam", "debug", "Archive query by <jid> id=q1 with=* when=... rsm=(nil)" } };
		{ "with what somebody sent", true, "c2s1", "debug", { "Received invalid XML (%s) %d bytes: %q", "not well-formed", 9, "<nick>Zoe" },
			{ "c2s1", "debug", 'Received invalid XML (not well-formed) 9 bytes: "<text>"' } };
		{ "with two names", true, "mimicking", "warn", { "Existing usernames '%s' and '%s' are confusable", "alice", "a1ice" },
			{ "mimicking", "warn", "Existing usernames '<jid>' and '<jid>' are confusable" } };
		{ "without the name that it has a place for", true, "x", "debug", { "test password for user '%s'" }, { "x", "debug", "test password for user '(nil)'" } };
	};
	for _, case in ipairs(cases) do
		it(case[1], function ()
			local server = retention.new({ wasm_retention = { redact = case[2] } }).load();
			assert.same(case[6], server.logged(case[3], case[4], table.unpack(case[5])));
		end);
	end

	it("are each written once, also after the configuration was reloaded", function ()
		local server = retention.new({}).load();
		server.reload_config();
		assert.same({ { "x", "info", "<jid>" }, 1 }, { server.logged("x", "info", "a@b") });
	end);

	it("follow the option when the configuration is reloaded", function ()
		local server = retention.new({}).load();
		server.reload_config({ wasm_retention = { redact = true } });
		assert.same("<jid>", server.logged("x", "debug", "a@b")[3]);
		server.reload_config({ wasm_retention = { redact = false } });
		assert.same("a@b", server.logged("x", "debug", "a@b")[3]);
	end);

	it("of a sink type that is registered later", function ()
		local server = retention.new({ log = { { levels = { min = "info" }, to = "late" } } }).load();
		local line;
		server.logging.register_sink_type("late", function () return function (...) line = { ... }; end; end);
		server.logger.init("x")("info", "a@b");
		assert.same({ "x", "info", "<jid>" }, line);
	end);

	it("of a sink that a module adds by itself, and takes away", function ()
		local server = retention.new({}).load();
		local lines = {};
		local sink = server.logger.add_simple_sink(function (...) lines[#lines + 1] = { ... }; end, { "info" });
		server.logger.init("x")("info", "100%% %s", "a@b");
		assert.same({ { "x", "info", "100% <jid>" } }, lines);
		assert.truthy(server.logger.remove_sink(sink));
		server.logger.init("x")("info", "a@b");
		assert.equal(1, #lines);
		local function raw(...) lines[#lines + 1] = { ... }; end
		server.logger.add_level_sink("info", raw);
		server.logger.init("x")("info", "a@b");
		assert.truthy(server.logger.remove_sink(raw));
		server.logger.init("x")("info", "a@b");
		assert.same({ { "x", "info", "100% <jid>" }, { "x", "info", "<jid>" } }, lines);
	end);

	it("are as they were when the module is unloaded", function ()
		local server = retention.new({ wasm_retention = { redact = true } });
		local before = {};
		for name, value in pairs(server.logger) do before[name] = value; end
		server.load();
		server.unload();
		assert.same(before, server.logger);
		assert.same({ { "x", "info", "a@b" }, 1 }, { server.logged("x", "info", "%s", "a@b") });
	end);

	it("are scrubbed while the module is reloaded, and once after it", function ()
		local server = retention.new({ wasm_retention = { redact = true } });
		local before = server.logger.add_level_sink;
		server.load();
		local saved = server.module.save();
		server.module.reloading = true;
		server.unload();
		assert.same("<jid>", server.logged("x", "info", "a@b")[3]);
		server.load(saved);
		assert.same({ { "x", "info", "<jid> %" }, 1 }, { server.logged("x", "info", "%s %%", "a@b") });
		server.unload();
		assert.equal(before, server.logger.add_level_sink);
	end);
end);

describe("when lines cannot be scrubbed", function ()
	local cases = {
		{ "the library is absent", { scrub = false }, "cannot be opened" };
		{ "it is too old", { scrub = 1 }, "cannot scrub lines" };
		{ "it does nothing", { scrub = function (line) return line; end }, "does not scrub lines" };
		{ "it raises", { scrub = function () error("bad"); end }, "does not scrub lines" };
		{ "a file of ours is missing", { missing = "names" }, "Failed to load plugin library" };
		{ "mod_wasm is not installed", { missing = "mod_wasm/suggestion" }, "Failed to load plugin library" };
	};
	for _, case in ipairs(cases) do
		it(case[1]..", they are withheld, and that is said once", function ()
			local server = retention.new({}, case[2]).load();
			local errors = server.told("error");
			assert.equal(1, #errors);
			assert.truthy(errors[1]:find(case[3], 1, true), errors[1]);
			assert.truthy(server.status:find("^error: "), server.status);
			assert.same({ "x", "info", withheld }, server.logged("x", "info", "%s", "a@b"));
		end);
	end

	it("or fail later, each is withheld for itself", function ()
		local server = retention.new({}, { scrub = function (line)
			if line:find("bad") then error("bad"); end
			return retention.scrub(line);
		end }).load();
		assert.same({ "x", "info", withheld }, server.logged("x", "info", "bad a@b"));
		assert.same({ "x", "info", "<jid>" }, server.logged("x", "info", "a@b"));
	end);

	it("a library that is there in the end is taken at the next reload", function ()
		local options = { scrub = false };
		local server = retention.new({}, options).load();
		options.scrub = nil;
		server.reload_config();
		assert.same("<jid>", server.logged("x", "info", "a@b")[3]);
		assert.equal("info: scrubbing 1 sink, info and above; no module keeps records that were not asked for", server.status);
	end);
end);

describe("a module that keeps records", function ()
	it("is named once, with what to write", function ()
		local server = retention.new({}, { hosts = { ["a.test"] = { "mam", "roster" } } }).load();
		assert.same({ 'a.test: mod_mam keeps on which days each user had messages, beside the messages, archive_expires_after and up to a day. '
			..'To have that, write wasm_retention = { keeps = { "mam" } }; to have it not, take it out of modules_enabled' }, server.told("warn"));
		server.reload_config();
		server.load_module("a.test", "mam");
		assert.same({}, server.told("warn"));
		assert.equal("warn: scrubbing 1 sink, info and above; 1 module keeps records that were not asked for: mam", server.status);
		server.run_timers();
		assert.same({}, server.unloaded);
	end);

	it("is named when it is loaded later, also on a host that comes later", function ()
		local server = retention.new({}, { hosts = { ["a.test"] = {} } }).load();
		server.load_module("a.test", "smacks");
		server.prosody.hosts["b.test"], server.loaded["b.test"] = { events = require "util.events".new() }, {};
		server.prosody.events.fire_event("host-activated", "b.test");
		server.load_module("b.test", "smacks");
		assert.equal(2, #server.told("warn"));
	end);

	it("is unloaded when that is all it does, each time", function ()
		local server = retention.new({}, { hosts = { ["a.test"] = { "account_activity" } } }).load();
		assert.truthy(server.told("warn")[1]:find("it has no other purpose and is unloaded", 1, true));
		assert.same({}, server.unloaded); -- not before its loading is through
		server.run_timers();
		server.load_module("a.test", "account_activity");
		server.run_timers();
		assert.same({ "a.test account_activity", "a.test account_activity" }, server.unloaded);
		local lines = server.told("info");
		assert.truthy(lines[2]:find('is in its store "account_activity"', 1, true), lines[2]);
	end);

	it("is unloaded when it belongs to no host", function ()
		local server = retention.new({}).load();
		server.load_module("*", "stanza_debug");
		server.run_timers();
		assert.same({ "* stanza_debug" }, server.unloaded);
	end);

	it("is left alone when the operator asked for it", function ()
		local server = retention.new({ wasm_retention = { keeps = { "mam", "account_activity" } } },
			{ hosts = { ["a.test"] = { "mam", "account_activity" } } }).load();
		server.run_timers();
		assert.same({ {}, {} }, { server.told("warn"), server.unloaded });
		assert.equal("info: scrubbing 1 sink, info and above; no module keeps records that were not asked for", server.status);
		server.reload_config({ wasm_retention = { keeps = { "mam" } } });
		server.run_timers();
		assert.same({ "a.test account_activity" }, server.unloaded);
	end);

	it("is on the page for operators", function ()
		local file = assert(io.open(folder.."/../../docs/retention.md"));
		local page = file:read("a");
		file:close();
		for _, row in ipairs(retention.new({}).load().module:require "records".rows) do
			local store = row.store and "`"..row.store.."`" or "–";
			assert.truthy(page:find(("\n| `%s`%s | %s |"):format(row.module, row.is_record and " ×" or "", store), 1, true), row.module);
		end
	end);

	it("has a row that can be read as a sentence", function ()
		local kept = retention.new({}).load().module:require "records";
		for _, row in ipairs(kept.rows) do
			assert.truthy(row.module:find("^[a-z0-9_]+$") and row.keeps:find("^[a-z]") and row.time:find("^%l") and not row.keeps:find("%.$"), row.module);
		end
	end);
end);

describe("a mistake in the options", function ()
	local cases = {
		-- global options, is everything redacted then, what is said, options of hosts
		{ { wasm_retention = true }, true, "wasm_retention must be a table" };
		{ { wasm_retention = { redact = "yes" } }, true, "redact must be true or false; taken as true" };
		{ { wasm_retention = { redcat = true } }, true, 'unknown option "redcat"; did you mean "redact"?' };
		{ { wasm_retention = { redact = false, kepes = {} } }, false, 'unknown option "kepes"; did you mean "keeps"?' };
		{ { wasm_retention = { keeps = "mam" } }, false, "keeps must be a list of modules" };
		{ { wasm_retention = { keeps = { "smakcs" } } }, false, '"smakcs" is no module that keeps records; did you mean "smacks"?' };
		{ { wasm_retention = { keeps = { 7, mam = true } } }, false, '"7" is no module that keeps records' };
		{ { wasm_retention = { keeps = { mam = true } } }, false, 'keeps is a list of names: write { "mam" } instead of { mam = .. }' };
		{ { wasm_retention = { keeps = { "mod_mam" } } }, false, '"mod_mam" is no module that keeps records; did you mean "mam"?' };
		{ { wasm_retentoin = { redact = true } }, true, 'unknown option "wasm_retentoin"; did you mean "wasm_retention"?' };
		{ { retention = { redact = true } }, true, 'unknown option "retention"; did you mean "wasm_retention"?' };
		{ { wasm_redact = true }, true, 'unknown option "wasm_redact"; did you mean wasm_retention = { redact = .. }?' };
		{ { wasm_retention_redact = true }, true, 'unknown option "wasm_retention_redact"; did you mean wasm_retention = { redact = .. }?' };
		{ { wasm_retention = { redact = false }, wasm_keeps = {} }, true, 'unknown option "wasm_keeps"; did you mean wasm_retention = { keeps = .. }?' };
		{ {}, true, "in the section of a.test, where it has no effect; move it above the first VirtualHost or Component",
			{ ["a.test"] = { wasm_retention = { redact = true } } } };
		{ { wasm_retention = { redact = false } }, true, "in the section of rooms.a.test, where", { ["rooms.a.test"] = { wasm_retention = {} } } };
		{ {}, true, 'unknown option "wasm_retentoin"', { ["a.test"] = { wasm_retentoin = {} } } };
		{ { wasm_retention = { redact = false } }, false, nil, { ["a.test"] = { wasm_policies = {} } } };
		{ { wasm_policies = {}, wasm_library = "/x.so", data_retention = 1 }, false, nil };
		{ { wasm_generations = 3, wasm_generations_path = "x", wasm_policy_path = "x", wasm_cache_path = "x", wasm_notice = "x" }, false, nil };
		{ {}, false, nil };
	};
	for _, case in ipairs(cases) do
		it("like "..serialize({ case[1], case[4] }, "oneline"), function ()
			local server = retention.new(case[1], { sections = case[4] }).load();
			local errors = server.told("error");
			if case[3] then assert.truthy(table.concat(errors, "\n"):find(case[3], 1, true), errors[1]); else assert.same({}, errors); end
			assert.equal(case[2] and "<jid>" or "a@b", server.logged("x", "debug", "a@b")[3]);
			assert.equal(case[3] ~= nil, server.status:find(errors[1] or "\0", 1, true) ~= nil);
		end);
	end
end);

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local st = require "util.stanza";

local usermanager = { user_exists = function (username) return username == "bob"; end };

local function new()
	local running = server.new({}, { usermanager = usermanager });
	running.holding = running.module:require("holding");
	running.part = running.holding.new(nil);
	return running;
end

local function message(text, options)
	options = options or {};
	return st.message({ from = options.from or "eve@example.org/pc"; to = options.to or "bob@example.com"; type = options.type or "chat"; id = "1" }, text);
end

-- Does it at another time.
local function at(time, action)
	local os_time = os.time;
	os.time = function () return time; end; -- luacheck: ignore 122
	local ok, err = pcall(action);
	os.time = os_time; -- luacheck: ignore 122
	assert(ok, err);
end

local function hold(running, key, stanza, policy)
	running.holding.apply.hold({ policy = policy or "blocking"; key = key }, { stanza = stanza });
end

local function release(running, key, policy)
	running.holding.apply.release({ policy = policy or "blocking"; key = key });
end

-- What was sent: texts of messages, and the conditions of errors.
local function sent(running)
	local found = {};
	for i, stanza in ipairs(running.sent) do
		local error_tag = stanza:get_child("error");
		found[i] = error_tag and error_tag.tags[1].name or stanza:get_child_text("body");
	end
	running.sent = {};
	return found;
end

describe("what waits", function ()
	it("goes on in its order, dated, once", function ()
		local running = new();
		for _, text in ipairs({ "one", "two" }) do hold(running, "key", message(text)); end
		hold(running, "other", message("three"));
		assert.same({}, sent(running));
		release(running, "key");
		local delay = running.module and running.sent[1]:get_child("delay", "urn:xmpp:delay");
		assert.equal("example.com", delay.attr.from);
		assert.same({ "one", "two" }, sent(running));
		release(running, "key");
		assert.same({}, sent(running));
	end);

	it("belongs to one policy", function ()
		local running = new();
		hold(running, "key", message("one"));
		release(running, "key", "another");
		assert.same({}, sent(running));
	end);

	it("is forgotten", function ()
		local running = new();
		hold(running, "key", message("one"));
		running.holding.apply.discard({ policy = "blocking"; key = "key" });
		release(running, "key");
		assert.same({}, sent(running));
	end);

	it("is no younger for having been let go", function ()
		local running = new();
		at(5, function () hold(running, "key", message("one")); end);
		release(running, "key");
		hold(running, "key", running.sent[1]);
		release(running, "key");
		assert.equal("1970-01-01T00:00:05Z", running.sent[2]:get_child("delay", "urn:xmpp:delay").attr.stamp);
	end);

	it("is gone after a week", function ()
		local running = new();
		at(os.time() - 7 * 24 * 60 * 60, function () hold(running, "key", message("one")); end);
		hold(running, "key", message("two"));
		assert.is_number(running.timers[1]());
		release(running, "key");
		assert.same({ "two" }, sent(running));
		assert.is_nil(running.timers[1]());
	end);

	-- With what is around the text, four of them are no more than one may have.
	local quarter = ("x"):rep(16 * 1024 - 200);
	local bounds = {
		-- title, how many fit, what is kept under which key
		{ "under one key", 20, function () return "key", message("m"); end };
		{ "keys", 1000, function (number) return "key"..number, message("m"); end };
		{ "bytes under one key", 4, function () return "key", message(quarter); end };
		{ "bytes", 256, function (number) return "key"..number % 64, message(quarter); end };
		{ "bytes of one", 0, function () return "key", message(("x"):rep(64 * 1024)); end };
	};
	for _, row in ipairs(bounds) do
		it("is bounded: "..row[1], function ()
			local running = new();
			for number = 1, row[2] do hold(running, row[3](number)); end
			assert.same({}, sent(running));
			hold(running, row[3](row[2] + 1));
			assert.same({ "service-unavailable" }, sent(running));
		end);
	end

	local undeliverable = {
		{ "for nobody", message("m", { to = "nobody@example.com" }), { "service-unavailable" } };
		{ "for another host", message("m", { to = "bob@example.net" }), { "service-unavailable" } };
		{ "errors", message("m", { to = "nobody@example.com"; type = "error" }), {} };
		{ "presence", st.presence({ from = "eve@example.org"; to = "bob@example.com" }), {} };
	};
	for _, row in ipairs(undeliverable) do
		it("is not "..row[1], function ()
			local running = new();
			hold(running, "key", row[2]);
			assert.same(row[3], sent(running));
			release(running, "key");
			assert.same({}, sent(running));
		end);
	end

	local chain = { status = function () return { { name = "blocking" } }; end };
	local ends = {
		{ "when this module goes", function (running) running.part.stop(); end, { "service-unavailable" } };
		{ "when the server stops", function (running) running.global_hooks["server-stopping"]({}); end, { "service-unavailable" } };
		{ "when the policy goes", function (running) running.part.refresh({ status = function () return {}; end }); end, { "service-unavailable" } };
		{ "when no policy is left", function (running) running.part.refresh(nil); end, { "service-unavailable" } };
		{ "when the user goes", function (running) running.global_hooks["user-deleted"]({ username = "bob"; host = "example.com" }); end, { "service-unavailable" } };
		{ "not when another user goes", function (running) running.global_hooks["user-deleted"]({ username = "eve"; host = "example.com" }); end, {} };
		{ "not when something else is put into force", function (running) running.part.refresh(chain); end, {} };
		{ "not when this module is loaded again", function (running) running.module.reloading = true; running.part.stop(); end, {} };
	};
	for _, row in ipairs(ends) do
		it("is sent back "..row[1], function ()
			local running = new();
			hold(running, "key", message("one"));
			row[2](running);
			assert.same(row[3], sent(running));
		end);
	end

	it("is taken over by the module that is loaded next", function ()
		local before, after = new(), new();
		hold(before, "key", message("one"));
		after.holding.new(before.part.save());
		release(after, "key");
		assert.same({ "one" }, sent(after));
	end);
end);

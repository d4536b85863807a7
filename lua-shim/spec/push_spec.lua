-- Push notifications, around a stand-in for mod_cloud_notify.
local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local st = require "util.stanza";
local host, service = "example.com", "push.elsewhere";
local info = { jid = service, node = "device" };
local identifier = "push.elsewhere<device";

local function message(text) return st.message({ from = "alice@example.com/desk", to = "bob@example.com", type = "chat" }, text); end

-- options.registered: { [identifier] = info }
local function start(behaviour, options)
	behaviour, options = behaviour or {}, options or {};
	behaviour.hears = behaviour.hears or { ["push-policy"] = true };
	behaviour.interests = {};
	local native = fake_native.new(behaviour);
	local config = options.config or {};
	config.wasm_policies = { e2ee = { path = "/fake/e2ee.wasm" } };
	local registered = { get = function () return options.registered or { [identifier] = info }; end };
	local running = server.new(config, { native = native, opened = { cloud_notify = registered, push2_registrations = registered } });
	running.prosody.hosts[host].sessions = {};
	running.prosody.hosts[host].modules.push2 = options.push2;
	running.load();
	running.settle();
	running.chain = native.chains[1];
	return running;
end

-- As mod_cloud_notify makes it, with everything that it and its neighbours could put into it.
local ids = 0;
local function notify(running, stanza, more)
	ids = ids + 1;
	local notification = st.stanza("notification", { xmlns = "urn:xmpp:push:0" })
		:tag("x", { xmlns = "jabber:x:data", type = "form" }):tag("field", { var = "last-message-sender" }):text_tag("value", "alice@example.com"):up():up()
		:tag("encrypted", { xmlns = "tigase:push:encrypt:0", alg = "aes-128-gcm" }):text("CIPHER"):up()
		:tag("priority", { xmlns = "tigase:push:priority:0" }):text("high"):up()
		:tag("sender", { xmlns = "urn:other" }):text("alice"):up();
	local iq = st.iq({ type = "set", to = service, from = host, id = "push-"..ids })
		:tag("pubsub", { xmlns = "http://jabber.org/protocol/pubsub" })
		:tag("publish", { node = "device" }):tag("item"):add_child(notification):up():up()
		:tag("publish-options"):text_tag("x", "", { xmlns = "jabber:x:data" }):up()
		:tag("extra"):text("alice"):up():up()
		:tag("extra", { xmlns = "urn:other" }):text("alice"):up();
	local event = { notification_stanza = iq, notification_payload = notification, original_stanza = stanza, username = "bob", push_info = info };
	for name, value in pairs(more or {}) do event[name] = value; end
	local suppressed = running.module:fire_event("cloud_notify/push", event);
	return not suppressed, event;
end

local function is_clean(iq)
	local text = tostring(iq);
	return not text:find("alice") and not text:find("extra") and text:find("CIPHER") and text:find("publish%-options") ~= nil;
end

describe("a notification", function ()
	local cases = {
		{ "send", "pass", true, false }, { "say only that there is something", "redact", true, true, nil },
		{ "have the constant text", "limit", true, true, "New Message!" }, { "be suppressed", "drop", false },
		{ "be suppressed by a refusal", "refuse", false }, { "be suppressed when the policy fails", "raise", false },
		{ "be suppressed by nonsense", "nonsense", false },
	};
	for _, case in ipairs(cases) do
		it("can "..case[1], function ()
			local sent, event = notify(start(), message(case[2]));
			assert.equal(case[3], sent);
			if not sent then return assert.is_string(event.reason or "raised"); end
			assert.equal(case[4], is_clean(event.notification_stanza) or false);
			local text = tostring(event.notification_stanza):match("last%-message%-body.-<value>(.-)</value>");
			assert.equal(case[5], text);
		end);
	end

	it("has the text that the operator chose", function ()
		local _, event = notify(start(nil, { config = { push_notification_important_body = "Psst" } }), message("limit"));
		assert.is_truthy(tostring(event.notification_stanza):find("<value>Psst</value>", 1, true));
	end);

	it("is judged with all that is known of the device", function ()
		local states = {
			{ "gone", nil },
			{ "awake", { conn = {}, push_identifier = identifier } },
			{ "gone", { conn = {}, push_identifier = "another" } },
			{ "asleep", { conn = {}, push_identifier = identifier, state = "inactive" } },
			{ "asleep", { conn = {}, push_identifier = identifier, hibernating = 1 } },
			{ "asleep", { conn = {}, push_identifier = identifier, awaiting_ack = true } },
			{ "awake", { conn = {}, push_identifier = identifier, awaiting_ack = true, delayed_ack_timer = {} } },
			{ "awake", { conn = {}, push_identifier = identifier, hibernating = 1 }, { conn = {}, push_identifier = identifier } },
			{ "awake", { conn = {}, push_identifier = identifier }, { conn = {}, push_identifier = identifier, state = "inactive" } },
		};
		for _, case in ipairs(states) do
			local running = start();
			running.prosody.hosts[host].sessions.bob = { sessions = { case[2], case[3] } };
			notify(running, message("pass"));
			local decision = running.chain.decisions[1];
			local about = decision[4].registration;
			assert.same({ "notification", "incoming", "bob@example.com", service, "device", case[1] },
				{ decision.asked, decision[1], about.user, about.service, about.node, about.device });
		end
	end);

	it("without a stanza is judged itself", function ()
		local running = start();
		assert.is_true((notify(running, nil)));
		assert.equal("iq-notification", running.chain.decisions[1].asked);
		assert.equal("service", running.chain.decisions[1][2]);
	end);

	it("is as without mod_wasm when nobody wants to be asked", function ()
		local sent, event = notify(start({ hears = {} }), message("drop"));
		assert.same({ true, false }, { sent, is_clean(event.notification_stanza) or false });
	end);

	it("is suppressed when it is no longer registered", function ()
		local sent, event = notify(start(nil, { registered = {} }), message("pass"));
		assert.same({ false, "disabled" }, { sent, event.reason });
	end);

	it("is suppressed when it is larger than any", function ()
		local sent, event = notify(start(), message("redact"));
		assert.is_true(sent);
		event.notification_stanza:get_child("pubsub", "http://jabber.org/protocol/pubsub"):get_child("publish-options"):text(("x"):rep(70000));
		assert.is_true(start().module:fire_event("cloud_notify/push", event));
		assert.equal("too-large", event.reason);
	end);

	it("says of everything that it is urgent, where anything is", function ()
		local running = start();
		running.prosody.hosts[host].modules.cloud_notify_priority_tag = {};
		local _, event = notify(running, message("redact"));
		assert.equal("high", event.notification_payload:get_child_text("priority", "tigase:push:priority:0"));
		assert.equal(1, select(2, tostring(event.notification_payload):gsub("<priority", "")));
	end);

	it("is suppressed while nobody can be asked", function ()
		assert.is_false((notify(start({ chain_error = "there is no memory" }), message("pass"))));
		assert.is_false((notify(start({ chain_error = "there is no memory" }), nil)));
	end);

	it("is suppressed when our other files are not there", function ()
		local running = server.new({}, { missing = "policies" });
		running.load();
		assert.is_false((notify(running, message("pass"))));
	end);
end);

describe("another module", function ()
	for answer, expected in pairs({ [false] = true, [true] = false }) do
		it(("that answers %s cannot have anything sent that is not looked at"):format(tostring(answer)), function ()
			local running = start();
			running.module:hook("cloud_notify/push", function () return answer; end, 5);
			local sent, event = notify(running, message("redact"));
			assert.equal(expected, sent);
			if sent then assert.is_truthy(is_clean(event.notification_stanza)); end
			assert.is_false((notify(running, message("drop"))));
		end);
	end
end);

describe("between two notifications", function ()
	it("others wait, and are one at the end", function ()
		local other = { jid = service, node = "other" };
		local running = start(nil, { registered = { [identifier] = info, [service.."<other"] = other } });
		local pinged = {};
		running.module:hook("cloud-notify-ping", function (event)
			pinged[#pinged + 1] = { event.user, next(event.push_services) };
			local sent, notification = notify(running, nil);
			assert.is_true(sent and is_clean(notification.notification_stanza), "with what only the device can read");
		end);
		assert.is_true((notify(running, message("pause"))));
		for _ = 1, 5 do
			local sent, event = notify(running, message("pause"));
			assert.same({ false, "merged" }, { sent, event.reason });
		end
		assert.is_true((notify(running, message("pause"), { push_info = other })), "another device does not wait");
		assert.equal(0, #pinged);
		running.run_timers();
		assert.same({ { "bob", identifier } }, { { pinged[1][1], pinged[1][2] } });
		assert.equal(1, #pinged);
	end);

	it("one stanza is told once, if it was told", function ()
		local running = start();
		local call = message("pass");
		call.attr.id = "1";
		assert.is_true((notify(running, call)));
		local sent, event = notify(running, st.clone(call));
		assert.same({ false, "repeated" }, { sent, event.reason });
		assert.is_true((notify(running, message("pass"))), "another one");
		local dropped = message("drop");
		dropped.attr.id = "2";
		notify(running, dropped);
		dropped[1][1] = "pass"; -- the device fell asleep meanwhile
		assert.is_true((notify(running, dropped)));
	end);

	it("what may not wait goes, and stands for those that wait", function ()
		local running = start();
		local pinged = 0;
		running.module:hook("cloud-notify-ping", function () pinged = pinged + 1; end);
		notify(running, message("pause"));
		notify(running, message("pause"));
		assert.is_true((notify(running, message("pass"))));
		running.settle();
		assert.equal(0, pinged);
	end);

	for _, what in ipairs({ "is no longer registered", "is awake" }) do
		it("nothing is sent at the end to a device that "..what, function ()
			local registered = { [identifier] = info };
			local running = start(nil, { registered = registered });
			local pinged = 0;
			running.module:hook("cloud-notify-ping", function () pinged = pinged + 1; end);
			notify(running, message("pause"));
			notify(running, message("pause"));
			if what == "is awake" then
				running.prosody.hosts[host].sessions.bob = { sessions = { { conn = {}, push_identifier = identifier } } };
			else
				registered[identifier] = nil;
			end
			running.settle();
			assert.equal(0, pinged);
		end);
	end

	-- Asked about the notification itself, whose words the fake knows from the body.
	it("what waits is judged once more, and nothing of it is sent while nobody can be asked", function ()
		local behaviour = {};
		local running = start(behaviour);
		local sent;
		running.module:hook("cloud-notify-ping", function () sent = notify(running, nil); end);
		notify(running, message("pause"));
		notify(running, message("pause"));
		function behaviour.on_decide() error("nobody is there"); end
		running.run_timers();
		assert.is_false(sent);
	end);

	it("what waits when mod_wasm goes is sent before", function ()
		local running = start();
		local pinged = 0;
		running.module:hook("cloud-notify-ping", function () pinged = pinged + 1; end);
		notify(running, message("pause"));
		notify(running, message("pause"));
		running.module.unload();
		assert.equal(1, pinged);
	end);
end);

describe("a registration", function ()
	local function register(running, text, jid)
		local origin = server.client("bob@example.com/phone");
		local stanza = st.iq({ type = "set", id = "1", from = "bob@example.com/phone" }):tag("enable", { xmlns = "urn:xmpp:push:0", jid = jid or service }):up();
		if text then stanza:text_tag("body", text); end
		local answer = running.module:fire_event("cloud_notify/registration",
			{ origin = origin, stanza = stanza, push_info = { jid = jid or service, node = "device" } });
		return answer, origin.sent[1];
	end

	it("is allowed or refused with an answer", function ()
		for text, expected in pairs({ pass = { nil, nil }, refuse = { false, "Not here." }, drop = { false, "Try again" }, raise = { false, "Try again" } }) do
			local answer, reply = register(start(), text);
			assert.equal(expected[1], answer);
			assert.equal(expected[2] ~= nil, reply ~= nil);
			if reply then assert.is_truthy(tostring(reply):find(expected[2])); end
		end
	end);

	it("is judged with the number of others", function ()
		local registered = { [identifier] = info, ["x<y"] = {}, ["z<"] = {} };
		local running = start(nil, { registered = registered });
		register(running, "pass");
		register(running, "pass", "new.elsewhere");
		assert.equal(2, running.chain.decisions[1][4].registration.others);
		assert.equal(3, running.chain.decisions[2][4].registration.others);
	end);

	it("is refused while nobody can be asked, with an answer", function ()
		local running = server.new({}, { missing = "policies" });
		running.load();
		for _, each in ipairs({ running, start({ chain_error = "there is no memory" }) }) do
			local answer, reply = register(each, "pass");
			assert.is_false(answer);
			assert.is_truthy(tostring(reply):find("wait", 1, true));
		end
	end);
end);

describe("Push 2.0", function ()
	local function enable(running, text)
		local origin = server.client("bob@example.com/phone");
		local stanza = st.iq({ type = "set", id = "1", from = "bob@example.com/phone" }):tag("enable", { xmlns = "urn:xmpp:push2:0" })
			:text_tag("service", service):text_tag("client", "https://client"):up();
		if text then stanza:text_tag("body", text); end
		return running.module:fire_event("iq-set/self/urn:xmpp:push2:0:enable", { origin = origin, stanza = stanza }), origin.sent[1];
	end

	local function push(running, text, event_name, from)
		local stanza = st.message({ to = service, from = from or host, id = "1" }):tag("notification", { xmlns = "urn:xmpp:push2:0" })
			:text_tag("client", "https://client"):text_tag("priority", "normal"):text_tag("sender", "alice")
			:tag("encrypted", { xmlns = "urn:xmpp:sce:rfc8291:0" }):text_tag("payload", "CIPHER"):up():up()
			:text_tag("body", text);
		return running.module:fire_event(event_name or "route/remote", { stanza = stanza, origin = {} }), stanza;
	end

	it("registers by the same rules", function ()
		for text, expected in pairs({ pass = { nil, false }, refuse = { true, true }, raise = { true, true } }) do
			local answer, reply = enable(start(), text);
			assert.same({ expected[1], expected[2] }, { answer, reply ~= nil });
		end
	end);

	it("notifies by the same rules, on both ways to a service", function ()
		for _, event_name in ipairs({ "route/remote", "message/host", "message/bare" }) do
			for text, expected in pairs({ pass = {}, drop = { true }, redact = {}, raise = { true } }) do
				local answer, stanza = push(start(nil, { push2 = {} }), text, event_name);
				assert.equal(expected[1], answer);
				if text == "redact" then
					assert.is_nil(tostring(stanza):find("alice"));
					assert.is_truthy(tostring(stanza):find("CIPHER"));
					assert.is_nil(stanza:get_child("body"));
				end
			end
		end
	end);

	it("waits for the end of the pause, too", function ()
		local running = start();
		assert.is_nil((push(running, "pause")));
		assert.is_true((push(running, "pause")));
		assert.is_true((push(running, "pause")));
		assert.equal(0, #running.sent);
		running.run_timers();
		assert.equal(1, #running.sent);
		assert.is_nil(running.sent[1]:get_child("body"));
	end);

	it("is nothing that somebody else can send", function ()
		local running = start();
		assert.is_nil((push(running, "drop", nil, "alice@example.com/desk")));
		assert.equal(0, #running.chain.decisions);
	end);

	it("is suppressed when our other files are not there", function ()
		local running = server.new({}, { missing = "policies" });
		running.load();
		assert.is_true((push(running, "pass")));
		assert.is_true((enable(running, "pass")));
	end);
end);

describe("what mod_cloud_notify remembers of a notification", function ()
	-- As mod_cloud_notify: two handlers for each, forgotten by a success that ends a series of errors.
	local function remember(running, event)
		local id = event.notification_stanza.attr.id;
		local errors = running.module:shared("/"..host.."/cloud_notify/push_errors");
		errors[identifier] = errors[identifier] or 0;
		local function success()
			if errors[identifier] > 0 then
				errors[identifier] = 0;
				running.handlers["iq-result/host/"..id] = nil;
			end
			return true;
		end
		running.module:hook("iq-result/host/"..id, success);
		return id, errors;
	end

	local function is_remembered(running, id) return running.handlers["iq-result/host/"..id] ~= nil; end

	local function answer(running, id, stanza_type, from)
		local stanza = st.iq({ type = stanza_type, id = id, from = from or service, to = host });
		if stanza_type == "error" then stanza:tag("error", { type = "cancel" }):tag("item-not-found", { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" }):reset(); end
		running.module:fire_event("iq/host", { stanza = stanza });
	end

	for _, stanza_type in ipairs({ "result", "error" }) do
		it("is forgotten after an answer: "..stanza_type, function ()
			local running = start();
			local _, event = notify(running, message("pass"));
			local id, errors = remember(running, event);
			errors[identifier] = 3;
			answer(running, id, stanza_type, "somebody@else");
			running.run_timers();
			assert.is_true(is_remembered(running, id), "from somebody else");
			answer(running, id, stanza_type);
			running.run_timers();
			-- A success ends a series of errors, and an error is counted by mod_cloud_notify itself.
			assert.same({ false, stanza_type == "result" and 0 or 3 }, { is_remembered(running, id), errors[identifier] });
		end);
	end

	it("is forgotten when nobody was there who could refuse anything, which is no error of the service", function ()
		for _, condition in ipairs({ "remote-server-not-found", "remote-server-timeout", "service-unavailable" }) do
			local running = start();
			local _, event = notify(running, message("pass"));
			local id, errors = remember(running, event);
			running.module:hook("iq-error/host/"..id, function () errors[identifier] = errors[identifier] + 1; return true; end);
			local bounce = st.error_reply(event.notification_stanza, "cancel", condition);
			assert.is_true(running.module:fire_event("iq/host", { stanza = bounce }));
			assert.same({ false, 0 }, { is_remembered(running, id), errors[identifier] });
		end
	end);

	it("is forgotten before mod_cloud_notify gives up the registration", function ()
		local running = start(nil, { config = { push_max_errors = 2 } });
		local outstanding = {};
		for i = 1, 3 do
			local _, event = notify(running, message("pass"));
			outstanding[i] = remember(running, event);
		end
		local errors = running.module:shared("/"..host.."/cloud_notify/push_errors");
		errors[identifier] = 1;
		running.module:hook("iq-error/host/"..outstanding[1], function () errors[identifier] = nil; return true; end);
		answer(running, outstanding[1], "error");
		assert.is_nil(errors[identifier]);
		assert.same({ false, false }, { is_remembered(running, outstanding[2]), is_remembered(running, outstanding[3]) });
	end);

	it("is forgotten when mod_wasm goes", function ()
		local running = start();
		local _, event = notify(running, message("pass"));
		local id = remember(running, event);
		running.module.unload();
		assert.is_false(is_remembered(running, id));
	end);

	it("is forgotten without an answer after a time, and a service that never answers is given up", function ()
		local time = require "util.time";
		local real, moment = time.now, time.now();
		finally(function () time.now = real; end);
		time.now = function () return moment; end;
		local running, removed = start(), 0;
		running.module:hook("iq-set/self/urn:xmpp:push:0:disable", function (event)
			local disable = event.stanza:get_child("disable", "urn:xmpp:push:0");
			assert.same({ "bob", service, "device" }, { event.origin.username, disable.attr.jid, disable.attr.node });
			removed = removed + 1;
			return true;
		end);
		for i = 1, 40 do
			local _, event = notify(running, message("pass"));
			local id = remember(running, event);
			moment = moment + 3600;
			running.run_timers();
			assert.is_false(is_remembered(running, id));
			assert.equal(i >= 25 and 1 or 0, removed, "after a day of silence: "..i);
			if removed == 1 then break; end
		end
	end);
end);

-- Uploads, around a stand-in for mod_http_file_share.
local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local st = require "util.stanza";

local host, xmlns = "upload.example.com", "urn:xmpp:http:upload:0";
local wanted, granted = "iq/host/"..xmlns..":request", "iq-get/host/"..xmlns..":request";
local put = "PUT upload.example.com/file_share/*";
local place = os.tmpname();
os.remove(place);

local function path_of(slot) return place.."-"..slot..".bin"; end

local function exists(path)
	local file = io.open(path);
	return file ~= nil and file:close();
end

-- An archive of requests: { { slot, user, size, time }, … }
local function archive(rows)
	local store = {};
	function store.find()
		if rows.broken then return nil, "the disk is gone"; end
		local i = 0;
		return function ()
			i = i + 1;
			local row = rows[i];
			if not row then return nil; end
			return row[1], st.stanza("request", { xmlns = xmlns, filename = "a", size = tostring(row[3]) }), row[4] or os.time(), row[2];
		end;
	end
	function store.get(_, _, slot)
		for key, request, time, user in store.find() do
			if key == slot then return request, time, user; end
		end
		return nil, "item-not-found";
	end
	function store.delete(_, _, query)
		for i = #rows, 1, -1 do
			if rows[i][1] == query.key or query["end"] and (rows[i][4] or os.time()) <= query["end"] then table.remove(rows, i); end
		end
		return true;
	end
	return store;
end

-- As mod_http_file_share does it.
local function share(event)
	local request, slot = event.request, event.request.path:match("^/file_share/([^/]+)");
	if request.headers.authorization ~= "right" then return 403; end
	if exists(path_of(slot)) then return 409; end
	if not request.body_sink then
		local file = assert(io.open(path_of(slot).."~", "w"));
		function event.response.on_destroy()
			if io.type(file) ~= "file" then return; end
			file:close();
			os.remove(path_of(slot).."~");
		end
		request.body_sink = file;
		if request.body == false then return true; end
	end
	if request.body then request.body_sink:write(request.body); end
	request.body_sink:close();
	assert(os.rename(path_of(slot).."~", path_of(slot)));
	return 201;
end

-- Rows as the lists of Prosody's internal storage.
local function lists_of(rows, counts)
	return {
		getpath = path_of;
		list_load = function ()
			local items = {};
			for i, row in ipairs(rows) do items[i] = { key = row[1], row = row }; end
			return items;
		end;
		list_store = function (_, _, _, items)
			counts.written = (counts.written or 0) + 1;
			for i = 1, math.max(#rows, #items) do rows[i] = items[i] and items[i].row; end
			return true;
		end;
	};
end

-- options.rows: what is kept; options.served: are files uploaded here?; options.driver: where records are; options.missing: a file
-- of ours
local function start(behaviour, options)
	options = options or {};
	behaviour.hears, behaviour.interests = { ["upload-policy"] = not options.unheard }, {};
	local counts = {};
	package.loaded["core.storagemanager"] = { olddm = lists_of(options.rows or {}, counts), get_driver = function () return {}, options.driver or "sql"; end };
	local handlers = { [put] = { main = share } };
	local http = { apps = { file_share = options.served ~= false and handlers or nil } };
	local hosts = { [host] = { type = "component", modules = { http = http, http_file_share = {} }, events = {} } };
	local running = server.new({ wasm_policies = { e2ee = { path = "/fake/e2ee.wasm" } } },
		{ host = host, native = fake_native.new(behaviour), hosts = hosts, missing = options.missing, opened = { uploads = archive(options.rows or {}) } });
	local handler;
	function running.module.hook_object_event(_, _, event_name, hooked)
		assert.equal(put, event_name);
		handler = hooked;
	end
	running.counts = counts;
	package.loaded["net.http.server"] = {};
	running.load();
	running.settle();
	-- -> the answer, the request, the response
	function running.put(request)
		request.headers, request.conn = request.headers or { authorization = "right" }, { close = function () running.is_closed = true; end };
		local response = { headers = {} };
		local event = { request = request, response = response };
		return handler(event), event;
	end
	function running.again(event) return handler({ request = event.request, response = {} }); end
	return running;
end

local function clean() for slot in ("abcdef"):gmatch(".") do os.remove(path_of(slot)); os.remove(path_of(slot).."~"); end end

local function ask(running, attributes, user)
	local alice = server.client((user or "alice").."@example.com/desk");
	attributes.xmlns = xmlns;
	local stanza = st.iq({ type = "get", id = "1", to = host, from = alice.full_jid }):tag("request", attributes)
		:text_tag("name", "alice.png"):reset();
	return running.fire(wanted, stanza, alice), alice.sent[1], stanza.tags[1].attr, #stanza.tags[1], alice;
end

local function slot_ruling(verdict, details)
	return { rule = function () return verdict, "e2ee", "so", 1, details; end };
end

describe("a request for a slot", function ()
	after_each(clean);

	it("is answered as the protocol says", function ()
		local cases = {
			{ { type = "auth", condition = "forbidden", text = "No." }, "auth", "forbidden" },
			{ { type = "modify", condition = "not-acceptable", text = "Large.", limit = 1000 }, "modify", "not%-acceptable.*<file%-too%-large.*<max%-file%-size>1000<" },
			{ { type = "wait", condition = "resource-constraint", text = "Later.", pause = 60 }, "wait", "resource%-constraint.*<retry [^>]*stamp='%d+%-%d+%-%d+T" },
		};
		for _, case in ipairs(cases) do
			local handled, reply = ask(start(slot_ruling("bounce", case[1])), { filename = "a.png", size = "100" });
			assert.is_true(handled);
			assert.equal(case[2], reply:get_child("error").attr.type);
			assert.is_truthy(tostring(reply):find(case[3]), tostring(reply));
		end
	end);

	it("gets another name, and loses what nobody needs", function ()
		for manner, pattern in pairs({ limited = "^[%w_-]+%.png$", redacted = "^[%w_-]+$" }) do
			local running = start(slot_ruling("pass", { manner = manner }));
			local handled, _, attr = ask(running, { filename = "alice.png", size = "100", ["content-type"] = "image/png", more = "x" });
			assert.is_nil(handled);
			assert.is_truthy(attr.filename:match(pattern), attr.filename);
			assert.same({ filename = attr.filename, size = "100", ["content-type"] = "image/png", xmlns = xmlns }, attr);
		end
		local _, _, long = ask(start(slot_ruling("pass", { manner = "limited" })), { filename = "a.nineteenletters", size = "1" });
		assert.is_nil(long.filename:find(".", 1, true));
	end);

	it("is kept as the policy saw it, whatever the client wrote beside", function ()
		for written, kept in pairs({ ["IMAGE/PNG; name=alice.png"] = "image/png", [" text/plain\r\nX: y"] = "text/plain", [""] = false }) do
			local asked = { filename = "a.png", size = " 01.0\r\n", ["content-type"] = written, more = "x" };
			local _, _, attr, children = ask(start(slot_ruling("pass")), asked);
			assert.equal(0, children);
			assert.same({ filename = "a.png", size = "1", ["content-type"] = kept or nil, xmlns = xmlns }, attr);
		end
	end);

	it("that is none is not judged", function ()
		local running = start(slot_ruling("pass"));
		local name, size, kind = "Invalid filename", "File size must be positive integer", "Invalid file type";
		for _, case in ipairs({
			{ name, {} }; { name, { filename = "", size = "1" } }; { name, { filename = "a/b", size = "1" } };
			{ name, { filename = ("a"):rep(2000), size = "1" } };
			{ size, { filename = "a" } }; { size, { filename = "a", size = "-1" } }; { size, { filename = "a", size = "1.5" } };
			{ size, { filename = "a", size = "1e400" } };
			{ kind, { filename = "a", size = "1", ["content-type"] = ("a"):rep(300) } };
			{ kind, { filename = "a", size = "1", ["content-type"] = "image" } };
			{ kind, { filename = "a", size = "1", ["content-type"] = "image/p(n)g" } };
		}) do
			local handled, reply = ask(running, case[2]);
			assert.is_true(handled);
			assert.same({ "modify", "bad-request", case[1] }, { reply:get_error() });
		end
	end);

	it("is refused when nobody can be asked, and when files go elsewhere", function ()
		for _, running in ipairs({ start({ rule = function () error("raised"); end }), start(slot_ruling("pass"), { served = false }),
			start(slot_ruling("pass"), { rows = { broken = true } }) }) do
			local handled, reply = ask(running, { filename = "a", size = "1" });
			assert.is_true(handled);
			assert.is_truthy(tostring(reply):find("resource%-constraint.*<retry"));
		end
	end);

	it("is judged with what there is", function ()
		local seen;
		local now = os.time();
		local rows = {
			{ "a", "alice@example.com", 100, now - 90000 }, { "b", "alice@example.com", 10, now - 4000 },
			{ "c", "alice@example.com", 1, now - 600 }, { "d", "bob@example.com", 5 },
		};
		local running = start({ rule = function (_, facts) seen = facts.slot; return "pass"; end }, { rows = rows });
		ask(running, { filename = "a", size = "7", ["content-type"] = "IMAGE/PNG; x=y" });
		assert.equal("image/png", seen.type);
		assert.equal("alice@example.com", seen.user);
		local usage = seen.usage;
		assert.same({ 1, 11, 111, 116 }, { usage.hour_slots, usage.day_bytes, usage.user_bytes, usage.total_bytes });
		assert.is_true(math.abs(usage.hour_ends - 3000) <= 2 and math.abs(usage.day_ends - 82400) <= 2);
		-- What Prosody gives is seen in its answer.
		local alice = server.client("alice@example.com/desk");
		local stanza = st.iq({ type = "get", id = "1", to = host, from = alice.full_jid }):tag("request", { xmlns = xmlns, filename = "a", size = "7" }):reset();
		running.handlers[granted] = { { function (event)
			event.origin.send(st.reply(event.stanza):tag("slot", { xmlns = xmlns }):tag("put", { url = "http://x/file_share/e/a" }):reset());
			return true;
		end } };
		assert.is_true(running.module:fire_event(granted, { origin = alice, stanza = stanza }));
		assert.equal(1, #alice.sent);
		ask(running, { filename = "a", size = "7" });
		assert.equal(2, seen.usage.hour_slots);
		assert.equal(118, seen.usage.user_bytes);
	end);
end);

local function refuses(word)
	local pieces = {};
	return { pieces = pieces, rule = function (asked, facts)
		if asked ~= "piece" then return "pass"; end
		pieces[#pieces + 1] = { facts.piece.offset, #facts.piece.bytes, facts.piece.last, facts.piece.notes and facts.piece.notes.e2ee };
		if word and facts.piece.bytes:find(word) then return "bounce", "e2ee", "text", 1, { type = "modify", condition = "not-acceptable", text = "Encrypt." }; end
		return "pass", "e2ee", "so", 1, { notes = { e2ee = tostring(#pieces) } };
	end };
end

local rows = { { "a", "alice@example.com", 150000 }, { "b", "bob@example.com", 5 } };

describe("a file", function ()
	after_each(clean);

	it("that has come at once is judged, and published after that", function ()
		local behaviour = refuses();
		local running = start(behaviour, { rows = rows });
		assert.equal(201, (running.put({ path = "/file_share/a/x", body = ("x"):rep(150000) })));
		assert.same({ { 0, 65536, false }, { 65536, 65536, false, "1" }, { 131072, 18928, true, "2" } }, behaviour.pieces);
		assert.is_truthy(exists(path_of("a")) and not exists(path_of("a").."~"));
	end);

	it("that is refused leaves nothing", function ()
		local running = start(refuses("plain"), { rows = rows });
		local answer = running.put({ path = "/file_share/b/x", body = "plain" });
		assert.same({ 415, "Encrypt.\n" }, { answer.status_code, answer.body });
		assert.is_falsy(exists(path_of("b")) or exists(path_of("b").."~"));
	end);

	it("that comes bit by bit is written as it is judged, and swallowed once it is refused", function ()
		local running = start(refuses("plain"), { rows = rows });
		local result, event = running.put({ path = "/file_share/a/x", body = false });
		assert.is_true(result);
		for _ = 1, 100 do assert.is_true(event.request.body_sink:write(("x"):rep(1000))); end
		assert.is_true(event.request.body_sink:write("plain"..("x"):rep(49995)));
		assert.is_falsy(exists(path_of("a").."~"));
		assert.equal(415, running.again(event).status_code);
		assert.is_falsy(exists(path_of("a")));
	end);

	it("is not judged without a token", function ()
		local behaviour = refuses();
		local running = start(behaviour, { rows = rows });
		assert.equal(403, (running.put({ path = "/file_share/a/x", body = "plain", headers = { authorization = "wrong" } })));
		assert.same({}, behaviour.pieces);
	end);

	it("is not taken when it is larger than was said, has no slot, or is on its way already", function ()
		local running = start(refuses(), { rows = rows });
		assert.equal(413, (running.put({ path = "/file_share/b/x", body = "123456" })).status_code);
		assert.equal(410, (running.put({ path = "/file_share/c/x", body = "12345" })).status_code);
		local _, event = running.put({ path = "/file_share/a/x", body = false });
		assert.equal(409, (running.put({ path = "/file_share/a/x", body = false })).status_code);
		event.response.on_destroy(event.response); -- the connection ends
		assert.is_falsy(exists(path_of("a").."~"));
		assert.is_true((running.put({ path = "/file_share/a/x", body = false })));
	end);

	it("is not taken when the policy fails, or comes in the middle, or goes", function ()
		local failing = start({ rule = function () error("raised"); end }, { rows = rows });
		assert.equal(503, (failing.put({ path = "/file_share/b/x", body = "12345" })).status_code);
		local running = start(refuses(), { rows = rows });
		local unseen = { path = "/file_share/b/x", body = false, body_sink = assert(io.open(path_of("b").."~", "w")) };
		assert.equal(503, (running.put(unseen)).status_code);
		assert.is_falsy(exists(path_of("b").."~"));
		local _, event = running.put({ path = "/file_share/a/x", body = false });
		running.module.unload();
		assert.is_true(running.is_closed);
		assert.is_true(event.request.body_sink:write("more"));
		assert.is_falsy(exists(path_of("a").."~"));
	end);

	it("is not taken without our own files, nor is there a slot", function ()
		local running = start({}, { rows = rows, missing = "policies" });
		local answer = running.put({ path = "/file_share/b/x", body = "12345" });
		assert.same({ 503, "60" }, { answer.status_code, answer.headers.retry_after });
		assert.is_falsy(exists(path_of("b")));
		local handled, reply = ask(running, { filename = "a", size = "1" });
		assert.same({ true, "wait" }, { handled, (reply:get_error()) });
	end);

	it("is Prosody's alone where no policy looks at files", function ()
		local running = start(refuses("plain"), { rows = rows, unheard = true });
		assert.is_nil((running.put({ path = "/file_share/a/x", body = "plain" })));
	end);
end);

describe("files that are kept", function ()
	after_each(clean);

	local function fill(slots)
		for slot in slots:gmatch(".") do assert(io.open(path_of(slot), "w")):close(); end
	end

	local function left(kept)
		local slots = {};
		for _, row in ipairs(kept) do slots[#slots + 1] = row[1]..(exists(path_of(row[1])) and "" or "!"); end
		return table.concat(slots);
	end

	it("go when they are too old or too many, the oldest first", function ()
		local now = os.time();
		local cases = {
			{ { hours = 1 }, "cde" }, { { user_bytes = 20 }, "bde" }, { { total_bytes = 20 }, "de" }, { { hours = 1, total_bytes = 30 }, "cde" }, { {}, "abcde" },
		};
		for _, case in ipairs(cases) do
			local kept = {
				{ "a", "x@y", 10, now - 9000 }, { "b", "z@y", 10, now - 3601 }, { "c", "x@y", 10, now - 3000 },
				{ "d", "x@y", 10, now - 20 }, { "e", "x@y", 10, now },
			};
			fill("abcde");
			start({ expiry = case[1] }, { rows = kept });
			assert.equal(case[2], left(kept));
			clean();
		end
	end);

	it("go with their records at once where these are one list, and then not again for a while", function ()
		local kept = {};
		for slot in ("abcdef"):gmatch(".") do kept[#kept + 1] = { slot, "x@y", 10, 1 }; end
		fill("abcdef");
		kept[5][4], kept[6][4] = os.time() - 3500, os.time() - 1;
		local running = start({ expiry = { hours = 1 } }, { rows = kept, driver = "internal" });
		assert.equal("ef", left(kept));
		assert.equal(1, running.counts.written);
		local real_time, passed = os.time, 200;
		finally(function () os.time = real_time; end); -- luacheck: ignore 122
		os.time = function (...) return real_time(...) + passed; end; -- luacheck: ignore 122
		running.settle();
		assert.equal("e!f", left(kept));
		assert.equal(410, (running.put({ path = "/file_share/e/x", body = "1234567890" })).status_code);
		passed = 700;
		running.settle();
		assert.equal("f", left(kept));
		assert.equal(1, running.counts.written, "the only one is left to the store");
	end);

	it("do not make way for slots that were never used", function ()
		for limit, expected in pairs({ user_bytes = "ac!", total_bytes = "ac!" }) do
			local kept = { { "a", "x@y", 10, os.time() - 60 }, { "c", "x@y", 1000, os.time() - 50 } };
			fill("a");
			start({ expiry = { [limit] = 20 } }, { rows = kept });
			assert.equal(expected, left(kept));
		end
	end);

	it("are all that stays after a day: slots that were never used go, and records of what is gone", function ()
		local kept = { { "a", "x@y", 10, 1 }, { "c", "x@y", 10, os.time() - 90000 }, { "d", "x@y", 10, os.time() - 80000 } };
		fill("a");
		start({ expiry = { total_bytes = 1000 } }, { rows = kept });
		assert.equal("ad!", left(kept));
	end);

	it("make way for a file when it is there", function ()
		local behaviour, kept = refuses(), { { "a", "x@y", 10, os.time() - 60 }, { "c", "x@y", 15, os.time() - 50 } };
		behaviour.expiry = { user_bytes = 20 };
		fill("a");
		local running = start(behaviour, { rows = kept });
		assert.equal(201, (running.put({ path = "/file_share/c/x", body = ("x"):rep(15) })));
		running.settle();
		assert.equal("c", left(kept));
	end);

	it("count for what was uploaded in an hour and in a day when they are gone", function ()
		local seen;
		local now = os.time();
		local kept = { { "a", "alice@example.com", 10, now - 90000 }, { "b", "alice@example.com", 10, now - 9000 }, { "c", "alice@example.com", 10, now - 9 } };
		fill("abc");
		local running = start({ expiry = { user_bytes = 5 }, rule = function (_, facts) seen = facts.slot.usage; return "pass"; end }, { rows = kept });
		assert.equal("", left(kept));
		ask(running, { filename = "a", size = "7" });
		assert.same({ 1, 20, 0, 0 }, { seen.hour_slots, seen.day_bytes, seen.user_bytes, seen.total_bytes });
	end);

	it("keep their record as long as they cannot be removed", function ()
		local kept = { { "a", "x@y", 10, 1 }, { "b", "x@y", 10, os.time() } };
		fill("b");
		assert(os.execute(("mkdir -p '%s/in the way'"):format(path_of("a"))));
		local running = start({ expiry = { hours = 1 } }, { rows = kept });
		assert.equal("ab", left(kept));
		assert.is_truthy(running.logged("Removing uploaded files failed"));
		assert(os.execute(("rm -r '%s'"):format(path_of("a"))));
		running.settle();
		assert.equal("b", left(kept));
	end);
end);

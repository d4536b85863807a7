-- Files that arrive (PUT): looked at before they are written, and published only when all of them was.
--
-- Prosody's own handler comes first, as if nothing of the file had come yet: it looks at the token and opens the file. What
-- arrives then goes through `arrival.lib.lua`. When all is judged, Prosody's handler is asked a second time, and publishes it.

local add_task = require "util.timer".add_task;
local arrival = module:require "arrival";
local async = require "util.async";
local parties = module:require "parties";
local st = require "util.stanza";

local bytes_at_once = 512 * 1024; -- about 3 ms of a policy

local function answer(code, text, more)
	local headers = { content_type = "text/plain; charset=utf-8" };
	for name, value in pairs(more or {}) do headers[name] = value; end
	return { status_code = code; headers = headers; body = text.."\n" };
end

-- The connection ends with it: what is still on its way is nothing to anybody.
local function closed()
	local result = answer(503, "This server cannot check files at the moment. Try again later.", { retry_after = "60", connection = "close" });
	result.persistent = false;
	return result;
end

-- The part of the path that mod_http_file_share is shown begins with the slot.
local function slot_of(request, event_name)
	local base = event_name:match("/.*$");
	return request.path:sub(#base):match("^[^/]+");
end

-- Prosody's own checks. -> true: the file is open | its answer
local function open(event, main)
	local request = event.request;
	local body, expect = request.body, request.headers.expect;
	request.body = false;
	if body then request.headers.expect = nil; end -- it has come already
	local result = main(event);
	request.body, request.headers.expect = body, expect;
	return result;
end

-- Others come first. By a timer that outlives this module: nobody else would wake the thread of the connection.
local function give_way()
	local wait, done = async.waiter();
	add_task(0, done);
	wait();
end

-- A file that has come already.
local function feed_slowly(this, body)
	for position = 1, #body, bytes_at_once do
		if position > 1 then give_way(); end
		if this.answer then return; end
		this.feed(body:sub(position, position + bytes_at_once - 1));
	end
end

-- asked: rulings.lib.lua; files: upload_files.lib.lua; protect: calls what may fail; published: is told of slots whose file is there
local function new(asked, files, protect, published)
	local self = {};
	local by_slot, by_request = {}, setmetatable({}, { __mode = "k" });

	function self.is_arriving(slot) return by_slot[slot] ~= nil; end

	-- -> true | its answer
	local function judge(this, bytes, is_last)
		local piece = { user = this.user, size = this.size, offset = this.offset, bytes = bytes, last = is_last, notes = this.notes };
		local ruling = asked.rule("piece", { stanza = this.stanza, origin = this.origin }, this.passage, { piece = piece });
		this.notes = ruling.notes;
		if ruling.passes then return true; end
		local bounce = ruling.bounce;
		-- A policy that is not in its place, or failed, has the sender wait.
		if not bounce or bounce.type == "wait" then return closed(); end
		return answer(415, bounce.text);
	end

	local function protected_judge(this, bytes, is_last)
		if this.size < this.offset + #bytes then return answer(413, "There is more of this file than was said."); end
		local ok, result = protect(judge, this, bytes, is_last);
		if ok then return result; end
		return closed();
	end

	local function forget(this)
		if by_slot[this.slot] == this then by_slot[this.slot] = nil; end
	end

	-- As the policy is shown it: what Prosody keeps of the request.
	local function facts_of(slot)
		local request, _, user = files.record(slot);
		if not request then return nil; end
		local stanza = st.iq({ type = "get", id = slot, from = user, to = module.host }):add_child(st.clone(request));
		local passage = parties.between("outgoing", parties.source(nil, stanza), "service");
		return { slot = slot, user = user, size = tonumber(request.attr.size) or 0, stanza = stanza, passage = passage };
	end

	local function begin(event, slot)
		local request, response = event.request, event.response;
		local facts = facts_of(slot);
		local this = arrival.new(facts or { slot = slot, size = 0 }, request.body_sink, files.partial_path(slot), protected_judge);
		by_slot[slot], by_request[request], this.connection = this, this, request.conn;
		local clean_up = response.on_destroy;
		function response.on_destroy(...)
			this.refuse(closed());
			forget(this);
			if clean_up then return clean_up(...); end
		end
		request.body_sink = this.sink;
		if not facts then this.refuse(answer(410, "There is no such slot any more.")); end
		return this;
	end

	local function discard(sink, slot)
		pcall(sink.close, sink);
		os.remove(files.partial_path(slot));
	end

	-- All of it has come.
	local function finish(this, event, main)
		this.finish();
		forget(this);
		by_request[event.request] = nil;
		if this.answer then return this.answer; end
		if not main then
			this.refuse(closed());
			return this.answer;
		end
		local handle = this.release();
		event.request.body, event.request.body_sink = nil, handle;
		local result = main(event);
		if io.type(handle) == "file" then discard(handle, this.slot); end -- it does not know its own token any more
		if files.is_there(this.slot) then protect(published, this.slot); end
		return result;
	end

	-- It was begun while nobody looked at it.
	local function unseen(request, slot)
		discard(request.body_sink, slot);
		return closed();
	end

	local function start(event, main, slot)
		local request = event.request;
		if by_slot[slot] then return answer(409, "This file is being uploaded already."); end
		local result = open(event, main);
		if result ~= true then return result; end
		if not request.body_sink then return closed(); end
		local this = begin(event, slot);
		if not request.body then return true; end
		local body = request.body;
		request.body = nil;
		feed_slowly(this, body);
		return finish(this, event, main);
	end

	-- "PUT …", before mod_http_file_share; main: its handler, if it is there -> as it would
	function self.answer(event, main, event_name)
		local request = event.request;
		local this = by_request[request];
		if this then return finish(this, event, main); end
		if not main or not asked.is_heard("piece") then return nil; end
		local slot = slot_of(request, event_name);
		if not slot then return nil; end -- Prosody says what is wrong with it
		if request.body_sink then return unseen(request, slot); end
		return start(event, main, slot);
	end

	-- After a failure of ours.
	function self.give_up(request)
		local this = by_request[request];
		if this then
			this.refuse(closed());
			forget(this);
		end
		return closed();
	end

	function self.stop()
		for _, this in pairs(by_slot) do
			this.refuse(closed());
			this.connection:close();
		end
		by_slot = {};
	end

	return self;
end

return { new = new };

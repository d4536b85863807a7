-- Requests for a slot (XEP-0363 §4): may this file be uploaded, and under which name?

local datetime = require "util.datetime".datetime;
local jid_bare = require "util.jid".bare;
local parties = module:require "parties";
local st = require "util.stanza";
local uuid = require "util.uuid";

local xmlns = "urn:xmpp:http:upload:0";
local closed_text = "This server cannot take files at the moment. Try again later.";
local closed_seconds = 60;
local longest_name, longest_type = 1024, 256; -- bytes
local kept_attributes = { xmlns = true; filename = true; size = true; ["content-type"] = true };

local function error_of(stanza, bounce, text)
	return st.error_reply(stanza, bounce.type or "wait", bounce.condition or "resource-constraint", text or bounce.text);
end

local function add_retry(reply, seconds)
	return reply:tag("retry", { xmlns = xmlns, stamp = datetime(os.time() + seconds) }):reset();
end

-- As §4.1 says it.
local function error_reply(stanza, ruling)
	local bounce = ruling.bounce or {};
	if ruling.limit then
		local reply = error_of(stanza, { type = "modify", condition = "not-acceptable" }, bounce.text);
		return reply:tag("file-too-large", { xmlns = xmlns }):text_tag("max-file-size", ("%d"):format(ruling.limit)):reset();
	end
	if ruling.pause > 0 then return add_retry(error_of(stanza, { type = "wait" }, bounce.text), ruling.pause); end
	return error_of(stanza, bounce);
end

-- The media type without its parameters (RFC 6838 §4.2); "" if there is none. -> nil: it is none
local function media_type(text)
	local kind = (text or ""):lower():match("^%s*([^;%s]*)");
	return #kind <= longest_type and (kind == "" or kind:find("^[%w!#$&^_.+-]+/[%w!#$&^_.+-]+$")) and kind or nil;
end

-- -> { name, size, type } | nil, what is wrong, in the words of mod_http_file_share where it has some
local function read(request)
	local name, size = request.attr.filename, math.tointeger(tonumber(request.attr.size));
	local kind = media_type(request.attr["content-type"]);
	if not name or name == "" or #name > longest_name or name:find("/", 1, true) then return nil, "Invalid filename"; end
	if not size or size < 0 then return nil, "File size must be positive integer"; end
	if not kind then return nil, "Invalid file type"; end
	return { name = name, size = size, type = kind };
end

-- A name that says nothing, as some clients make them and `prosody-wasm audit` knows them; with the end of the old one, clients know what to open it with.
local function random_name(name, manner)
	local ending = manner == "limited" and name:match("%.(%w+)$");
	return uuid.generate()..(ending and #ending <= 8 and "."..ending or "");
end

-- What Prosody keeps of a request: no more than the policy was shown. It sends type and size on to whoever downloads the file,
-- as they are written, line ends and all.
local function keep_only(request, slot, name)
	request.attr.filename = name;
	request.attr["content-type"] = slot.type ~= "" and slot.type or nil;
	request.attr.size = ("%d"):format(slot.size);
	for attribute in pairs(request.attr) do
		if not kept_attributes[attribute] then request.attr[attribute] = nil; end
	end
	request.tags = {};
	for i = #request, 1, -1 do request[i] = nil; end
end

-- asked: rulings.lib.lua; index: upload_index.lib.lua; files: upload_files.lib.lua
local function new(asked, index, files)
	local self = {};

	-- It cannot be judged.
	function self.refuse(event)
		event.origin.send(add_retry(error_of(event.stanza, { type = "wait" }, closed_text), closed_seconds));
		return true;
	end

	-- A file that goes elsewhere is seen by nobody here.
	local function is_out_of_sight()
		if files.are_served() then return false; end
		module:log("warn", "No slot is given, because files are not uploaded to this server: mod_http_file_share is not there, or has http_file_share_base_url");
		return true;
	end

	local function rule(event, slot)
		local stanza = event.stanza;
		slot.user = jid_bare(stanza.attr.from);
		slot.usage = index.usage(slot.user);
		local passage = parties.between("outgoing", parties.source(event.origin, stanza), "service");
		return asked.rule("slot", event, passage, { slot = slot });
	end

	-- "iq/host/urn:xmpp:http:upload:0:request" -> true: it is answered
	function self.answer(event)
		local stanza = event.stanza;
		if stanza.attr.type ~= "get" or not asked.is_heard("slot") then return nil; end
		local request = stanza.tags[1];
		local slot, problem = read(request);
		if not slot then
			event.origin.send(st.error_reply(stanza, "modify", "bad-request", problem));
			return true;
		end
		if is_out_of_sight() then return self.refuse(event); end
		local ruling = rule(event, slot);
		if ruling.is_closed then return self.refuse(event); end
		if not ruling.passes then
			event.origin.send(error_reply(stanza, ruling));
			return true;
		end
		keep_only(request, slot, ruling.manner and random_name(slot.name, ruling.manner) or slot.name);
		return nil;
	end

	-- reply: what the client is told about its request
	function self.note(stanza, reply)
		local slot = st.is_stanza(reply) and reply:get_child("slot", xmlns);
		local put = slot and slot:get_child("put");
		if not put then return; end
		local slot_id = tostring(put.attr.url):match("([^/]+)/[^/]*$");
		index.note(slot_id, jid_bare(stanza.attr.from), tonumber(stanza.tags[1].attr.size));
	end

	return self;
end

return { new = new };

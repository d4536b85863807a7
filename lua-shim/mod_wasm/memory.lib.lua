-- Messages that wait in memory for users who are offline, and never touch the disk. They are gone after a restart.

local datetime = require "util.datetime".datetime;
local parse = require "util.xml".parse;

local most_for_user = 100; -- messages
local most_bytes_for_user = 256 * 1024;
local most_bytes = 16 * 1024 * 1024;

-- held: { [username] = { bytes, { xml, time }, … } }, from the module that was loaded before this one
-- As text a message takes the memory that is counted; as tables it would take fifty times that.
local function new(held)
	held = held or {};
	local bytes = 0;
	for _, messages in pairs(held) do bytes = bytes + messages.bytes; end

	local function release(username)
		local messages = held[username];
		if not messages then return nil; end
		held[username], bytes = nil, bytes - messages.bytes;
		return messages;
	end

	-- -> false: there is no room
	local function hold(username, stanza)
		local xml = tostring(stanza);
		local size = #xml;
		local messages = held[username] or { bytes = 0 };
		if #messages >= most_for_user or messages.bytes + size > most_bytes_for_user or bytes + size > most_bytes then return false; end
		messages[#messages + 1] = { xml = xml; time = os.time() };
		messages.bytes, bytes = messages.bytes + size, bytes + size;
		held[username] = messages;
		return true;
	end

	-- Before mod_mam (0), which lets nothing be sent to clients that use the archive: these are in none.
	local function deliver(event)
		local origin = event.origin;
		for _, message in ipairs(release(origin.username) or {}) do
			local stanza = assert(parse(message.xml));
			origin.send(stanza:tag("delay", { xmlns = "urn:xmpp:delay"; from = module.host; stamp = datetime(message.time) }):up());
		end
	end

	-- Forgets what came before this time.
	local function expire(time)
		for username in pairs(held) do
			local messages = release(username);
			local kept = { bytes = 0 };
			for _, message in ipairs(messages) do
				if message.time > time then
					kept[#kept + 1], kept.bytes = message, kept.bytes + #message.xml;
				end
			end
			if #kept > 0 then held[username], bytes = kept, bytes + kept.bytes; end
		end
	end

	local function count()
		local messages = 0;
		for _, waiting in pairs(held) do messages = messages + #waiting; end
		return messages;
	end

	return { hold = hold; count = count; deliver = deliver; expire = expire; forget = release; all = function () return held; end };
end

return { new = new };

-- Uploads (XEP-0363): who answers which of Prosody's events about slots, files that arrive, and files that are kept.

local temporarily = module:require "temporarily";
local upload_content = module:require "upload_content";
local upload_expiry = module:require "upload_expiry";
local upload_files = module:require "upload_files";
local upload_index = module:require "upload_index";
local upload_requests = module:require "upload_requests";
local rulings = module:require "rulings";

local granting = "iq-get/host/urn:xmpp:http:upload:0:request";

-- state: see judge.lib.lua
local function new(state, crossing)
	local function protect(action, ...) return crossing.protect(state, action, ...); end

	local asked = rulings.new(state, crossing);
	local index = upload_index.new(upload_files);
	local expiry;
	local contents = upload_content.new(asked, upload_files, protect, function (slot)
		index.note_file(slot);
		expiry.soon();
	end);
	expiry = upload_expiry.new(index, upload_files, contents.is_arriving);
	local requests = upload_requests.new(asked, index, upload_files);
	local self = {};

	-- Prosody says nowhere that it gave a slot, but to the client.
	module:wrap_event(granting, function (handlers, event_name, event)
		local origin = event.origin;
		local watched = setmetatable({ send = function (reply)
			protect(requests.note, event.stanza, reply);
			return origin.send(reply);
		end }, { __index = origin });
		return temporarily(event, "origin", watched, handlers, event_name, event);
	end);

	-- chain: nil when there is none
	function self.refresh(chain)
		expiry.refresh(chain and chain:expiry());
	end

	function self.stop()
		protect(contents.stop);
		expiry.stop();
	end

	self.gates = {
		["upload/request"] = function (event)
			local ok, result = protect(requests.answer, event);
			if ok then return result; end
			if state.denies then return requests.refuse(event); end
			return nil;
		end;
		["upload/content"] = function (event, main, event_name)
			local ok, result = protect(contents.answer, event, main, event_name);
			if ok then return result; end
			return contents.give_up(event.request);
		end;
	};
	return self;
end

return { new = new };

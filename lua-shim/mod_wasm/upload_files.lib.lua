-- Where mod_http_file_share keeps files and what it knows of them.

local lfs = require "lfs";
local records = module:require "upload_records";

local name, no_such_file = "http_file_share", 2; -- ENOENT

local function path_of(slot)
	return require "core.storagemanager".olddm.getpath(slot, module.host, name, "bin");
end

-- Opened anew, as the operator may have changed where it is.
local function store()
	return assert(module:open_store("uploads", "archive"));
end

local self = {};

-- The handlers of mod_http_file_share by the event that they answer.
function self.handlers()
	local http = prosody.hosts[module.host].modules.http;
	return http and http.apps and http.apps.file_share or {};
end

-- Do files come by here?
function self.are_served()
	for event_name in pairs(self.handlers()) do
		if event_name:sub(1, 4) == "PUT " then return true; end
	end
	return false;
end

-- Where a file is while it arrives.
function self.partial_path(slot)
	return path_of(slot).."~";
end

-- Has all of it come?
function self.is_there(slot)
	return lfs.attributes(path_of(slot), "mode") == "file";
end

-- -> the request, when it came, of whom | nil
function self.record(slot)
	if records.is_going(slot) then return nil; end
	return store():get(nil, slot);
end

-- -> iterator of: slot, request, when, of whom
function self.records()
	local next_record, err = store():find(nil);
	assert(next_record, err);
	return function ()
		while true do
			local slot, request, time, user = next_record();
			if not slot or not records.is_going(slot) then return slot, request, time, user; end
		end
	end;
end

-- The file first: without its record nobody would find it any more. -> true | nil, error
function self.remove_content(slot)
	os.remove(self.partial_path(slot));
	local removed, err, code = os.remove(path_of(slot));
	if removed or code == no_such_file then return true; end
	return nil, err;
end

-- The records of these slots are to go: nobody sees them any more.
function self.forget(slots) records.add(slots); end

-- -> seconds until it goes on | nil: nothing is left to do for now | nil, error
function self.remove_records() return records.remove(store()); end

return self;

-- Where mod_http_file_share keeps files and what it knows of them.

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

-- -> the request, when it came, of whom | nil
function self.record(slot)
	return store():get(nil, slot);
end

-- -> iterator of: slot, request, when, of whom
function self.records()
	local records, err = store():find(nil);
	return assert(records, err);
end

-- The file first: without its record nobody would find it any more. -> true | nil, error
function self.remove_content(slot)
	os.remove(self.partial_path(slot));
	local removed, err, code = os.remove(path_of(slot));
	if removed or code == no_such_file then return true; end
	return nil, err;
end

-- Those of some slots; or all up to a time, which is much less work for a store in files. -> true | nil, error
function self.remove_records(slots, time)
	local uploads = store();
	if time then return uploads:delete(nil, { ["end"] = time }); end
	for _, slot in ipairs(slots) do
		local removed, err = uploads:delete(nil, { key = slot });
		if not removed then return nil, err; end
	end
	return true;
end

return self;

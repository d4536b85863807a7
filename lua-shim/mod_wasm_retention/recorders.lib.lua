-- Looks for modules that keep records which the operator has not asked for, says so once each, and unloads those that
-- are for nothing else.

local datamanager = require "util.datamanager";
local lfs = require "lfs";
local sorted_pairs = require "util.iterators".sorted_pairs;
local records = module:require "records";
local modulemanager = require "core.modulemanager";

-- `this`: see retention.lib.lua. `told`: ["host module"] = true
local this, show;
local told = {};

-- Some modules belong to no host.
local whole_server = "*";

local function events_of(host) return (prosody.hosts[host] or prosody).events; end

local function hosts()
	local names = { whole_server };
	for host in sorted_pairs(prosody.hosts) do names[#names + 1] = host; end
	return names;
end

-- The folder of a store of the internal storage, if there is one.
local function folder_of(host, store)
	local ok, path = pcall(datamanager.getpath, nil, host, store, "dat");
	path = ok and path:gsub("%.dat$", "");
	return path and lfs.attributes(path, "mode") == "directory" and path or nil;
end

local function say_what_is_there(host, row)
	if not row.store then return; end
	local folder = folder_of(host, row.store);
	module:log("info", "%s: what mod_%s has kept so far is in its store \"%s\"%s, and stays there until somebody removes it",
		host, row.module, row.store, folder and " ("..folder..")" or "");
end

local function unload(host, row)
	if this.options.keeps[row.module] or not modulemanager.is_loaded(host, row.module) then return; end
	local ok, unloaded, err = pcall(modulemanager.unload, host, row.module);
	if ok and unloaded then
		module:log("info", "%s: mod_%s is unloaded", host, row.module);
		say_what_is_there(host, row);
	else
		module:log("error", "%s: mod_%s cannot be unloaded: %s", host, row.module, tostring(ok and err or unloaded));
	end
end

local function warn(host, row)
	module:log("warn", "%s: mod_%s keeps %s, %s%s. To have that, write wasm_retention = { keeps = { \"%s\" } }%s", host, row.module,
		row.keeps, row.time, row.is_record and "; it has no other purpose and is unloaded" or "", row.module,
		row.is_record and " and load it again" or "; to have it not, take it out of modules_enabled");
end

-- Once for each module and host; a record keeper that is loaded again goes again.
local function found(host, row)
	local key = host.." "..row.module;
	if this.options.keeps[row.module] then
		told[key] = nil;
		return;
	end
	if not told[key] then warn(host, row); end
	told[key] = true;
	-- Not in the middle of its own loading: other handlers of that event may want it.
	if row.is_record then module:add_timer(0, function () unload(host, row); end); end
end

local function look_at(host)
	for _, row in ipairs(records.rows) do
		if modulemanager.is_loaded(host, row.module) then found(host, row); end
	end
end

-- For the status: what is on and was not asked for.
local function count()
	this.kept = {};
	for _, host in ipairs(hosts()) do
		for _, row in ipairs(records.rows) do
			if not row.is_record and not this.options.keeps[row.module] and modulemanager.is_loaded(host, row.module) then
				this.kept[row.module] = true;
			end
		end
	end
end

local function look()
	for _, host in ipairs(hosts()) do look_at(host); end
	count();
end

local function watch(host)
	module:hook_object_event(events_of(host), "module-loaded", function (event)
		local row = records.by_module[event.module];
		if not row then return; end
		found(host, row);
		count();
		show();
	end, -1000);
	module:hook_object_event(events_of(host), "module-unloaded", function ()
		count();
		show();
	end, -1000);
end

local function start(state, show_status)
	this, show = state, show_status;
	for _, host in ipairs(hosts()) do watch(host); end
	-- Before the host's modules are loaded.
	module:hook("host-activated", function (host) watch(host); end, 1000);
	look();
end

return { start = start; look = look };

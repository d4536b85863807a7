-- Where Prosody keeps messages of this host, and how what is too old is removed there. Each place is a function
-- (time) -> jobs, small ones, since everybody waits while one is done.

local datetime = require "util.datetime";
local occupants = module:require "occupants";
local preferences = module:require "preferences";

local host = module.host;

local function day(time)
	return (datetime.datetime(time):match("^%d+%-%d+%-%d+"));
end

local function open(name, kind)
	local ok, store = pcall(module.open_store, module, name, kind);
	return ok and store or nil;
end

local function each_name(store)
	local names = {};
	for name in store:users() do names[#names + 1] = name; end
	return names;
end

-- An archive of messages: of users, of rooms, or of what waits for those who are offline.
local function archive(name)
	return function (time)
		local store, jobs = open(name, "archive"), {};
		if not store or not store.delete then return jobs; end
		if store.caps and store.caps.wildcard_delete then
			return { function () return store:delete(true, { ["end"] = time }); end };
		end
		for _, user in ipairs(each_name(store)) do
			jobs[#jobs + 1] = function () return store:delete(user, { ["end"] = time }); end;
		end
		return jobs;
	end;
end

-- Who had messages on which day. Prosody needs it to clean up, which is done here for it; for the day that is not over
-- yet it stays.
local function days(name)
	return function (time)
		local store, jobs = open(name), {};
		if not store or not store.users then return jobs; end
		for _, date in ipairs(each_name(store)) do
			if date < day(time) then jobs[#jobs + 1] = function () return store:set(date, nil); end; end
		end
		return jobs;
	end;
end

-- The history that rooms have in memory.
local function live_rooms(time)
	local muc, jobs = prosody.hosts[host].modules.muc, {};
	if not muc or not muc.live_rooms then return jobs; end
	for room in muc.live_rooms() do
		jobs[#jobs + 1] = function ()
			local kept = {};
			for _, entry in ipairs(room._history or kept) do
				if entry.timestamp > time then kept[#kept + 1] = entry; end
			end
			if room._history then room._history = kept; end
			return true;
		end;
	end
	return jobs;
end

-- What rooms wrote down when they were evicted from memory.
local function evicted_rooms(time)
	local store, jobs = open("state"), {};
	for _, node in ipairs(store and store.users and each_name(store) or {}) do
		jobs[#jobs + 1] = function ()
			local state = store:get(node);
			if not state or not occupants.expire(state, time) then return true; end
			return store:set(node, next(state) and state or nil);
		end;
	end
	return jobs;
end

local archive_store = preferences.archive_store;
local places = module:get_host_type() == "component"
	and { archive("muc_log"), days("muc_log_cleanup"), live_rooms, evicted_rooms }
	or { archive(archive_store), archive("offline"), days("archive_cleanup") };

-- Jobs that remove what is not younger than this time.
local function jobs_until(time)
	local all = {};
	for _, place in ipairs(places) do
		local ok, jobs = pcall(place, time);
		if ok then table.move(jobs, 1, #jobs, #all + 1, all); else all[#all + 1] = function () return nil, jobs; end; end
	end
	return all;
end

-- Jobs that remove all that is kept of a user.
local function jobs_for(username)
	local jobs = {};
	for _, name in ipairs({ archive_store, "offline" }) do
		jobs[#jobs + 1] = function ()
			local store = open(name, "archive");
			return not store or not store.delete or store:delete(username);
		end;
	end
	jobs[#jobs + 1] = function ()
		local wishes = open(preferences.store_name);
		return not wishes or wishes:set(username, nil);
	end;
	local cleanup, by_day = open("archive_cleanup"), open("archive_cleanup", "map");
	for _, date in ipairs(cleanup and cleanup.users and each_name(cleanup) or {}) do
		jobs[#jobs + 1] = function () return by_day:set(date, username, nil); end;
	end
	return jobs;
end

return { jobs_until = jobs_until; jobs_for = jobs_for };

-- Removes the records of files that are gone.
--
-- Where Prosody keeps records in files, all of a host are one list, and each removal writes all of it anew: with 10,000 of
-- them the server stands still for a good part of a second. There they are collected, and go together, and not often.

local now = require "util.time".monotonic;

local store_name = "uploads";
local seconds_between_lists = 10 * 60;
local seconds_at_once, pause = 0.005, 0.05;

local function storagemanager() return require "core.storagemanager"; end

local self = {};
local going, list_written_at = {}, nil; -- going: { [slot] = true }

function self.is_going(slot) return going[slot] ~= nil; end

function self.add(slots)
	for _, slot in ipairs(slots) do going[slot] = true; end
end

local function remove_by_store(store, slot)
	local removed, err = store:delete(nil, { key = slot });
	if not removed then return nil, err or "the store gives no reason"; end
	going[slot] = nil;
	return true;
end

-- -> seconds until it goes on | nil | nil, error
local function remove_one_by_one(store)
	local stop_at, last_err = now() + seconds_at_once, nil;
	for slot in pairs(going) do
		local _, err = remove_by_store(store, slot);
		last_err = err or last_err; -- one that stays keeps no other back
		if now() > stop_at then return next(going) and pause, last_err; end
	end
	return nil, last_err;
end

-- All but the last one: that is left for the store, which counts what it keeps. -> true | nil, error
local function write_list(last)
	local lists = storagemanager().olddm;
	local items, err = lists.list_load(nil, module.host, store_name);
	if err then return nil, err; end
	local kept = {};
	for _, item in ipairs(items or {}) do
		if item.key == last or not going[item.key] then kept[#kept + 1] = item; end
	end
	local written = lists.list_store(nil, module.host, store_name, kept);
	if not written then return nil, "the list of uploads could not be written"; end
	going = { [last] = true };
	return true;
end

local function remove_from_list(store)
	local last = next(going);
	if next(going, last) then
		local written, err = write_list(last);
		if written then return pause; end
		list_written_at = os.time(); -- nor tried more often than that
		return nil, err;
	end
	list_written_at = os.time();
	local _, err = remove_by_store(store, last);
	return nil, err;
end

-- store: of mod_http_file_share. -> seconds until it goes on | nil: nothing is left to do for now | nil, error
function self.remove(store)
	if not next(going) then return nil; end
	local _, driver = storagemanager().get_driver(module.host, store_name);
	if driver ~= "internal" then return remove_one_by_one(store); end
	if list_written_at and math.abs(os.time() - list_written_at) < seconds_between_lists then return nil; end
	return remove_from_list(store);
end

return self;

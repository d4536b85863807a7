-- follow = true: the files of a policy are looked at every second, and swapped in when one was replaced.

local looks_of = module:require "generation".looks;

local seconds_between_looks = 1;

-- [policy] = { seen, pending, path }
local watched = {};

-- A file that is still being written changes between two looks; only what stays the same is taken.
-- loaded: how all of them looked when they were loaded
local function has_settled(record, loaded)
	local _, look = looks_of(record);
	local entry = watched[record.name];
	if not entry or entry.path ~= record.path then
		entry = { path = record.path; seen = loaded };
		watched[record.name] = entry;
	end
	if not look or look == entry.seen then
		entry.pending = nil;
		return false;
	elseif entry.pending ~= look then
		entry.pending = look;
		return false;
	end
	entry.seen, entry.pending = look, nil;
	return true;
end

local function look_at(loader, name, slot)
	local record = slot.record;
	if not record.follow or record.mode == "off" or slot.died or record.problem then watched[name] = nil; return; end
	if not has_settled(record, slot.applied.look) then return; end
	module:log("info", "A file of the policy %s was replaced: it is prepared, and swapped in if nothing is wrong with it", name);
	local fresh = record.again();
	if not fresh.problem then return loader:stage(slot, fresh, "follow"); end
	loader:not_prepared(slot, record, fresh.problem);
end

local function look(loader)
	for name, slot in pairs(loader.slots) do look_at(loader, name, slot); end
end

local function follows_any(loader)
	for _, slot in pairs(loader and loader.slots or {}) do
		if slot.record.follow then return true; end
	end
	return false;
end

local is_ticking = false;

-- this: see policies.lib.lua. Called whenever the configuration was read.
local function update(this)
	if is_ticking or not follows_any(this.loader) then return; end
	is_ticking = true;
	module:add_timer(seconds_between_looks, function ()
		is_ticking = follows_any(this.loader);
		if not is_ticking then return nil; end
		local ok, err = pcall(look, this.loader);
		if not ok then module:log("error", "Looking at the files of policies failed: %s", tostring(err)); end
		return seconds_between_looks;
	end);
end

return { update = update };

-- All users of a host. Block lists grow and never shrink by this, and a second run finds nothing to do.

local translation = module:require "translation";

local function sorted_keys(set)
	local keys = {};
	for key in pairs(set) do keys[#keys + 1] = key; end
	table.sort(keys);
	return keys;
end

local function sorted_users(store)
	local users = {};
	local iterator, state, first = store:users();
	if not iterator then error("their names cannot be read: "..tostring(state), 0); end
	for user in iterator, state, first do users[user] = true; end
	return sorted_keys(users);
end

-- The mark tells mod_blocklist that there is nothing to migrate; it would look at no order and at no kinds of stanzas.
local function merged(existing, blocked, now)
	local list, added = {}, 0;
	for address, value in pairs(existing or {}) do list[address] = value; end
	for address in pairs(blocked) do
		if not list[address] then list[address], added = now, added + 1; end
	end
	list[false] = list[false] or { created = now; migrated = "privacy" };
	return list, added;
end

-- Whatever somebody once wrote into an entry cannot steer the operator's terminal.
local function printable(text)
	return (text:gsub("%c", "?"));
end

local function show(user, existing, result, write_line)
	write_line(printable(user));
	for _, address in ipairs(sorted_keys(result.blocked)) do
		local is_there = existing and existing[address];
		write_line(printable(("  %s  %s"):format(is_there and "blocked already" or "blocked        ", address)));
	end
	for _, entry in ipairs(result.left) do
		write_line(printable(("  not expressed    %s: %s"):format(entry.what, entry.why)));
	end
end

local function write(store, user, existing, list, added)
	if existing and existing[false] and added == 0 then return; end
	local ok, err = store:set(user, list);
	if not ok then error(("the block list of %s cannot be written: %s"):format(user, tostring(err)), 0); end
end

local function add_up(sums, result, added)
	local addresses = #sorted_keys(result.blocked);
	sums.users = sums.users + 1;
	sums.partly = sums.partly + (#result.left > 0 and 1 or 0);
	sums.added, sums.already = sums.added + added, sums.already + addresses - added;
	sums.left = sums.left + #result.left;
end

local function show_sums(sums, writes, write_line)
	write_line(("%d users with privacy lists, %d of them not expressed in full."):format(sums.users, sums.partly));
	write_line(("%d addresses %s, %d blocked already, %d entries and lists not expressed."):format(sums.added,
		writes and "added to block lists" or "to add to block lists", sums.already, sums.left));
	if not writes then write_line("Nothing was written; --write does it."); end
end

-- Reads a store, and says whose record it is that cannot be read.
local function get(store, user, what)
	local value, err = store:get(user);
	if value == nil and err then error(("the %s of %s cannot be read: %s"):format(what, user, tostring(err)), 0); end
	return type(value) == "table" and value or nil;
end

-- privacy, blocklist: stores; write_line: function (text) -> "complete" | "incomplete"
local function run(privacy, blocklist, host, writes, write_line)
	local sums, now = { users = 0; partly = 0; added = 0; already = 0; left = 0 }, os.time();
	for _, user in ipairs(sorted_users(privacy)) do
		local data, existing = get(privacy, user, "privacy lists"), get(blocklist, user, "block list");
		if data then
			local result = translation.translate(data, user.."@"..host);
			local list, added = merged(existing, result.blocked, now);
			show(user, existing, result, write_line);
			if writes then write(blocklist, user, existing, list, added); end
			add_up(sums, result, added);
		end
	end
	show_sums(sums, writes, write_line);
	return sums.left == 0 and "complete" or "incomplete";
end

return { run = run };

-- The rooms of a host and what was ruled about them, for the shell.

local escape = module:require "text".escape;
local room_sweep = module:require "room_sweep";

local most_rows = 1000;

local function names_of_all()
	local names = {};
	for jid in pairs(room_sweep.kept_rooms()) do names[jid] = "on disk"; end
	for room in prosody.hosts[module.host].modules.muc.live_rooms() do
		names[room.jid] = not room._data.destroyed and "in memory" or nil;
	end
	return names;
end

-- records: room_records.lib.lua. -> { { jid, place, verdict, reason, changes } }, sorted
local function rows(records)
	if not prosody.hosts[module.host].modules.muc then return {}; end
	local all = {};
	for jid, place in pairs(names_of_all()) do
		local record = records.get(jid);
		all[#all + 1] = {
			jid = jid; place = place; verdict = record and record.verdict or "not looked at";
			reason = record and record.reason; changes = record and record.changes;
		};
	end
	table.sort(all, function (a, b) return a.jid < b.jid; end);
	return all;
end

local function lines(all)
	local written = {};
	for number, row in ipairs(all) do
		if number > most_rows then
			written[#written + 1] = ("… and %d more"):format(#all - most_rows);
			break;
		end
		local why = row.changes and table.concat(row.changes, ", ") or row.reason or "";
		written[#written + 1] = (("%-13s  %s  (%s)  %s"):format(row.verdict, escape(row.jid), row.place, escape(why)):gsub(" +$", ""));
	end
	return written;
end

local function counts(all)
	local by_verdict, parts = {}, {};
	for _, row in ipairs(all) do by_verdict[row.verdict] = (by_verdict[row.verdict] or 0) + 1; end
	for _, verdict in ipairs({ "in line", "set right", "differs", "exempt", "not looked at" }) do
		if by_verdict[verdict] then parts[#parts + 1] = ("%d %s"):format(by_verdict[verdict], verdict); end
	end
	return #parts > 0 and ("%d rooms: %s"):format(#all, table.concat(parts, ", ")) or "no rooms";
end

return { rows = rows; lines = lines; counts = counts };

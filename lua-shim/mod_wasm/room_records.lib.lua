-- What was ruled about rooms, by address: for `wasm rooms`, and for those who ask whether a room is exempt.

local cache = require "util.cache";

local most_rooms = 10000;

-- A record: { era, configuration = what the room got, verdict = "exempt" | "in line" | "set right" | "differs", reason,
--             changes = names of what was changed|nil }
local function new()
	local self = { era = 0 };
	local records = cache.new(most_rooms);

	-- Other policies than before decide: what was ruled counts no more, only what was changed is still shown.
	function self.next_era() self.era = self.era + 1; end

	function self.last(jid) return records:get(jid); end

	-- Only if it was ruled by the policies in force.
	function self.get(jid)
		local record = records:get(jid);
		return record and record.era == self.era and record or nil;
	end

	function self.set(jid, record)
		local before = records:get(jid);
		record.era = self.era;
		if record.verdict == "in line" and before and before.changes then
			record.verdict, record.changes = "set right", before.changes;
		end
		records:set(jid, record);
		return record;
	end

	function self.forget(jid) records:set(jid, nil); end

	return self;
end

return { new = new };

-- Between two notifications of one device is a pause; what comes meanwhile is one notification at its end.

local cache = require "util.cache";
local now = require "util.time".now;

local most_devices = 10000;

-- send_one: function (entry), which may raise, when the pause is over; entry: { last = time, due = time|nil, … what the caller put there }
local function new(send_one)
	local function end_pause(_, entry)
		if not entry.due then return; end
		entry.due, entry.last = nil, now();
		local ok, err = pcall(send_one, entry);
		if not ok then module:log("error", "A notification that had waited could not be sent: %s", tostring(err)); end
	end

	-- Whoever is forgotten for lack of room is notified first.
	local devices = cache.new(most_devices, end_pause);
	local self = {};

	function self.entry(device)
		local entry = devices:get(device);
		if not entry then
			entry = {};
			devices:set(device, entry);
		end
		return entry;
	end

	-- Is it too early for another one? Then it waits for the end of the pause, which may come sooner by this.
	function self.waits(device, seconds)
		local entry = self.entry(device);
		local moment = now();
		local early = entry.last and entry.last + seconds - moment or 0;
		if early <= 0 or entry.last > moment then -- a clock that was set back ends the pause
			entry.last, entry.due = moment, nil; -- this one stands for those that wait
			return false;
		end
		local due = entry.last + seconds;
		if entry.due and entry.due <= due then return true; end
		entry.due = due;
		module:add_timer(early, function ()
			if entry.due == due then end_pause(device, entry); end
		end);
		return true;
	end

	-- Nobody will be there at the end of the pauses.
	function self.stop()
		for device, entry in devices:items() do end_pause(device, entry); end
	end

	return self;
end

return { new = new };

-- Rooms are changed by more than forms: by commands, by other modules. What all have in common is that they save the room.

-- check: function (room), before it is saved. Raises nothing.
local function new(check)
	local self = {};
	local watched = setmetatable({}, { __mode = "k" }); -- [room] = { own = what Prosody calls, save = what was there }
	local is_stopped = false;

	function self.watch(room)
		local known = watched[room];
		local save = rawget(room, "save");
		if not save or known and known.own == save then return; end
		local own = function (...)
			if not is_stopped then check(room); end
			return save(...);
		end;
		watched[room], room.save = { own = own; save = save }, own;
	end

	-- Who has put something around ours meanwhile keeps it, and it does nothing any more.
	function self.stop()
		is_stopped = true;
		for room, known in pairs(watched) do
			if rawget(room, "save") == known.own then room.save = known.save; end
		end
	end

	return self;
end

return { new = new };

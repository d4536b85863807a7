-- Which devices users have registered for notifications, in the stores of the modules that keep them.

-- store: "cloud_notify" | "push2_registrations" -> { [name of a registration] = table }
local function of(store, username)
	return module:open_store(store):get(username) or {};
end

-- own: the name of the one that is not counted
local function count_others(store, username, own)
	local count = 0;
	for name in pairs(of(store, username)) do
		if name ~= own then count = count + 1; end
	end
	return count;
end

return { of = of; count_others = count_others };

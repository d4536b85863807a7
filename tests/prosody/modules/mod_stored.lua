-- prosodyctl mod_stored HOST STORE USER [JSON]: writes what a store has for one user, or reads the keys of it, whatever the storage is.

module:set_global();

function module.command(arguments)
	local json = require "util.json";
	local storagemanager = require "core.storagemanager";
	local host, store_name, user, text = arguments[1], arguments[2], arguments[3], arguments[4];
	storagemanager.initialize_host(host);
	local store = assert(storagemanager.open(host, store_name, "keyval"));
	if text then
		assert(store:set(user, assert(json.decode(text))));
		return 0;
	end
	local keys = {};
	for key in pairs(store:get(user) or {}) do keys[#keys + 1] = tostring(key); end
	table.sort(keys);
	print("stored: "..table.concat(keys, " "));
	return 0;
end

-- mod_firewall in a plain Lua, as far as its handlers need a server.
--   mod_firewall_alone(path of a file of rules) -> { [event] = handler }

local folder = "target/prosody-modules/13.0/mod_firewall/";

local function stand_in(hooked)
	local module = { host = "example.org", name = "firewall" };
	function module.get_option(_, _, default) return default; end
	module.get_option_number, module.get_option_boolean, module.get_option_string = module.get_option, module.get_option, module.get_option;
	function module.shared() return {}; end
	function module.hook(_, event, handler) hooked[event] = handler; end
	function module.hook_global() end
	function module.open_store() return {}; end
	function module.log(_, level, text, ...)
		if level == "error" or level == "warn" then error(text:format(...)); end
	end
	return module;
end

return function (rules)
	local hooked = {};
	local module = stand_in(hooked);
	package.loaded["core.configmanager"] = { resolve_relative_path = function (_, path) return path; end };
	package.loaded["core.usermanager"] = { get_jid_role = function () end };
	package.loaded["net.http"] = {};
	package.loaded["util.timer"] = {};
	local prosody = { arg = {}, paths = { config = "." }, hosts = { ["example.org"] = { sessions = {} } }, full_sessions = {} };
	local environment = setmetatable({ module = module, prosody = prosody, hosts = prosody.hosts }, { __index = _G });
	function module.require(_, name) return assert(loadfile(folder..name..".lib.lua", "t", environment))(); end
	function module.get_option_set() return require "util.set".new({ rules }); end
	assert(loadfile(folder.."mod_firewall.lua", "t", environment))();
	module.load();
	return hooked;
end;

-- What wakes phones: who answers which of Prosody's events about inactive clients and push notifications.

local modulemanager = require "core.modulemanager";
local st = require "util.stanza";
local answers = module:require "answers";
local delivery = module:require "delivery";
local nickname = module:require "nickname";
local push = module:require "push";
local push2 = module:require "push2";
local rulings = module:require "rulings";

-- One that is in its place: of others nobody knows the hooks.
local function has_delivery_policy(chain)
	for _, slot in ipairs(chain and chain:status() or {}) do
		for _, hook in ipairs(slot.hooks or {}) do
			if hook == "delivery-policy" then return true; end
		end
	end
	return false;
end

-- state: see judge.lib.lua
local function new(state, crossing)
	local self = { gates = {}; refresh = function () end; stop = function () end };
	if module:get_host_type() ~= "local" then return self; end

	local function protect(action, ...) return crossing.protect(state, action, ...); end

	local function or_nothing(action) return crossing.or_nothing(state, action); end

	local function or_refuse(action, on_failure)
		return function (event)
			local ok, result = protect(action, event);
			if ok then return result; end
			if state.denies then return on_failure(event); end
			return nil;
		end;
	end

	local asked = rulings.new(state, crossing);
	local expected = answers.new();
	local notifications = push.new(asked, expected);
	local second = push2.new(asked, notifications);
	local inactive = delivery.new(asked, protect, function () return state.needs.roster == true; end);

	module:hook("csi-client-inactive", or_nothing(inactive.inactive));
	module:hook("csi-client-active", or_nothing(inactive.active), 10); -- before mod_csi_simple (0) lets the connection go on
	module:hook("csi-is-stanza-important", or_nothing(inactive.is_important), 0); -- before mod_csi_simple (-1)
	module:hook("smacks-hibernation-end", or_nothing(inactive.resumed), -1); -- after modules that take up their own state
	module:hook("pre-resource-unbind", or_nothing(inactive.unbinding), 10); -- before mod_smacks (0)
	module:hook("pre-session-close", or_nothing(inactive.closing), 10);
	module:hook("presence/full", or_nothing(nickname.note), 1); -- before it is delivered
	module:hook("cloud_notify/push", or_refuse(notifications.fill, function () return true; end), 1000);
	module:hook("iq/host", or_nothing(expected.arrived), 1); -- before mod_iq (0)
	inactive.start();

	-- Without mod_csi no client can say that it is inactive, so it is loaded if the configuration does not name it. Not by
	-- module:depends: then this module would go, and open the host, when mod_csi goes.
	local function check_modules(chain)
		if not asked.is_heard("delivery") then return inactive.release_all(); end
		if not has_delivery_policy(chain) or prosody.hosts[module.host].modules.csi then return; end
		if module:get_option_inherited_set("modules_disabled", {}):contains("csi") then error("it is in modules_disabled", 0); end
		assert(modulemanager.load(module.host, "csi"));
	end

	-- chain: nil when there is none
	function self.refresh(chain)
		local ok, err = pcall(check_modules, chain);
		if not ok then module:log("error", "Without mod_csi no client can say that it is inactive: %s", tostring(err)); end
	end

	function self.stop()
		protect(inactive.stop);
		protect(notifications.stop);
		protect(second.stop);
		protect(expected.stop);
	end

	local function refuse(event)
		local error = notifications.unavailable;
		event.origin.send(st.error_reply(event.stanza, error.type, error.condition, error.text));
		return true;
	end

	-- Whatever the operator said of failures: nobody knows what is still in what we failed to make.
	local function or_suppress(notify)
		return function (event)
			local ok, result = protect(notify, event);
			if ok then return result; end
			return true;
		end;
	end

	self.gates = {
		["cloud_notify/registration"] = or_refuse(notifications.register, function (event) return not refuse(event); end);
		["cloud_notify/push"] = or_suppress(notifications.notify);
		["push2/registration"] = or_refuse(second.register, refuse);
		["push2/notification"] = or_suppress(second.notify);
	};
	return self;
end

return { new = new };

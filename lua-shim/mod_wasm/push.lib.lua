-- Who may notify a user's sleeping devices, and what he learns by it (mod_cloud_notify, XEP-0357).

local now = require "util.time".now;
local st = require "util.stanza";
local device = module:require "device";
local held = module:require "held";
local merging = module:require "merging";
local nickname = module:require "nickname";
local parties = module:require "parties";
local redacted = module:require "redacted";
local registrations = module:require "registrations";

local asked = { message = "notification"; presence = "presence-notification"; iq = "iq-notification" };
local unavailable = { type = "wait"; condition = "policy-violation"; text = "This server cannot set up notifications at the moment. Try again later." };
local seconds_of_one_stanza = 5;
local most_bytes = 64 * 1024; -- as `held` weighs: what a client registers goes with every notification
local constant_text = module:get_option_string("push_notification_important_body", "New Message!");

-- As mod_cloud_notify names a registration.
local function identifier_of(info)
	return info.jid.."<"..(info.node or "");
end

-- And whose it is.
local function name_of(event)
	return event.username.."\0"..identifier_of(event.push_info);
end

-- Without an id it has no name.
local function name_of_stanza(stanza)
	return stanza and stanza.attr.id and (stanza.attr.from or "").."\0"..stanza.attr.id;
end

-- rulings: rulings.lib.lua; answers: answers.lib.lua
local function new(rulings, answers)
	local merged; -- { payload, manner } of a notification that is being made for those that waited

	local function text_for(manner)
		return manner == "limited" and constant_text or nil;
	end

	-- By the way that other modules use to have mod_cloud_notify make one without a stanza; `fill` puts in what it is to say.
	local function send_merged(entry)
		local info = registrations.of("cloud_notify", entry.username)[entry.identifier];
		local waiting = { payload = entry.payload; manner = entry.is_announced and "limited" or "redacted" };
		entry.payload, entry.is_announced = nil, nil;
		if not info or device.state(entry.username, entry.identifier) == "awake" then return; end
		merged = waiting;
		local ok, err = pcall(module.fire_event, module, "cloud-notify-ping",
			{ user = entry.username; push_services = { [entry.identifier] = info } });
		merged = nil;
		if not ok then error(err, 0); end
	end

	local pauses = merging.new(send_merged);

	local function about(username, info)
		local identifier = identifier_of(info);
		local state, session = device.state(username, identifier);
		return { user = username.."@"..module.host; service = info.jid; node = info.node or ""; device = state }, session;
	end

	-- Without a stanza it is another module that wakes the device: then the notification itself is judged.
	local function rule(event)
		local stanza, username = event.original_stanza or event.notification_stanza, event.username;
		local registration, session = about(username, event.push_info);
		local passage = parties.between("incoming", parties.source(nil, stanza), "user");
		local facts = { registration = registration; nickname = session and nickname.of(session, stanza) };
		local origin = { username = username; host = module.host };
		return rulings.rule(asked[stanza.name], { stanza = stanza; origin = origin }, passage, facts);
	end

	-- What others put into it for the device stays.
	local function redact(event, manner)
		if manner then redacted.publish(event.notification_stanza, event.notification_payload, text_for(manner)); end
	end

	-- Of those that wait the last one is sent, with the text if one of them had it.
	local function waits(event, ruling)
		local entry = pauses.entry(name_of(event));
		if not pauses.waits(name_of(event), ruling.pause) then
			entry.payload, entry.is_announced = nil, nil;
			return false;
		end
		entry.username, entry.identifier = event.username, identifier_of(event.push_info);
		entry.is_announced = entry.is_announced or ruling.manner ~= "redacted";
		redact(event, ruling.manner == "redacted" and entry.is_announced and "limited" or ruling.manner);
		entry.payload = st.clone(event.notification_payload);
		return true;
	end

	local function expect(event)
		answers.expect(event.notification_stanza, identifier_of(event.push_info), event.username, event.push_info);
	end

	local self = { unavailable = unavailable };

	-- mod_cloud_notify may come twice for one stanza: a call goes at once, and is in the queue of mod_smacks as well.
	local function is_repeated(event)
		local entry = pauses.entry(name_of(event));
		return entry.stanza ~= nil and entry.stanza == name_of_stanza(event.original_stanza) and now() - entry.since < seconds_of_one_stanza;
	end

	local function remember(event)
		local entry = pauses.entry(name_of(event));
		entry.stanza, entry.since = name_of_stanza(event.original_stanza), now();
	end

	-- -> a reason not to send it
	local function refusal_of(event)
		-- Who disables it on another stream leaves it to a session that hibernates.
		if not registrations.of("cloud_notify", event.username)[identifier_of(event.push_info)] then return "disabled"; end
		if is_repeated(event) then return "repeated"; end
		local ruling = rule(event);
		if not ruling.passes then return ruling.reason; end
		remember(event);
		-- What waited is told what was to be told then, or less.
		local manner = merged and ruling.manner and merged.manner or ruling.manner;
		if ruling.manner == "redacted" then manner = "redacted"; end
		if not merged and waits(event, ruling) then return "merged"; end
		redact(event, manner);
		if held.weight(event.notification_stanza) > most_bytes then return "too-large"; end
		return nil;
	end

	-- "cloud_notify/push", after all others -> true: it is not sent
	function self.notify(event)
		if not rulings.is_heard("notification") then return nil; end
		event.reason = refusal_of(event);
		if event.reason then
			module:log("debug", "A notification is not sent: %s", event.reason);
			return true;
		end
		expect(event);
		return nil;
	end

	-- "cloud_notify/push", before all others, who can make nothing of it without a stanza -> false
	function self.fill(event)
		if not merged then return nil; end
		redacted.refill(event.notification_payload, merged.payload);
		return false;
	end

	function self.stop()
		pauses.stop();
	end

	-- asked of a registration of any kind -> nil | the error for the client
	function self.refusal(event, service, node, others)
		if not rulings.is_heard("registration") then return nil; end
		local registration = { user = event.origin.username.."@"..module.host; service = service; node = node or ""; others = others };
		local passage = parties.between("outgoing", "user", "user");
		local ruling = rulings.rule("registration", event, passage, { registration = registration });
		if ruling.passes then return nil; end
		return ruling.bounce or unavailable;
	end

	-- "cloud_notify/registration" -> false: it is refused
	function self.register(event)
		local info = event.push_info;
		local others = registrations.count_others("cloud_notify", event.origin.username, identifier_of(info));
		local refusal = self.refusal(event, info.jid, info.node, others);
		if not refusal then return nil; end
		event.origin.send(st.error_reply(event.stanza, refusal.type, refusal.condition, refusal.text));
		return false;
	end

	return self;
end

return { new = new };

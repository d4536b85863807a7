-- Adds a note to each message at each of many priorities, on its way out and on its way in: which of them are judged?

local priorities = module:get_option("editors_priorities", {});

for _, way in ipairs({ "pre-message", "message" }) do
	for _, destination in ipairs({ "bare", "full" }) do
		for _, priority in ipairs(priorities) do
			module:hook(way.."/"..destination, function (event)
				event.stanza:tag("note", { xmlns = "urn:test:editors", way = way, priority = tostring(priority) }):text("a note"):up();
			end, priority);
		end
	end
end

-- A module that speaks itself.
local st = require "util.stanza";

module:hook("iq-set/host/urn:test:editors:say", function (event)
	local to = event.stanza.attr.from;
	module:send(st.message({ from = module.host, to = to, type = "headline" }):text_tag("body", "SAID-BY-A-MODULE"));
	event.origin.send(st.reply(event.stanza));
	return true;
end);

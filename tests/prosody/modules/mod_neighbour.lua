-- Adds a note to messages that arrive, at a priority of its own: in place, or in a copy.

local st = require "util.stanza";

local is_copying = module:get_option_boolean("neighbour_copies", false);

local function add_note(event)
	if is_copying then event.stanza = st.clone(event.stanza); end
	event.stanza:tag("note", { xmlns = "urn:test:neighbour" }):text("NOTE-OF-A-NEIGHBOUR"):up();
end

for _, name in ipairs({ "message/bare", "message/full" }) do
	module:hook(name, add_note, module:get_option_number("neighbour_priority", 0));
end

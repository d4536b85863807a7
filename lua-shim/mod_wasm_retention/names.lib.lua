-- Lines of Prosody's own in which the name of a user or room stands alone, without its domain, or a nickname: nothing in
-- the finished line tells it from any other word. So they are known by their formats, of 0.12 and 13.0, with the places
-- of the names, and so are lines with what people wrote.

local rows = {
	{ "All resources of %s are now offline", 1 };
	{ "account not found for username '%s'", 1 };
	{ "get_password for username '%s'", 1 };
	{ "set_password for username '%s'", 1 };
	{ "test password for user '%s'", 1 };
	{ "get_user(%q)", 1 };
	{ "Migrating from mod_privacy disabled, user '%s' will start with a fresh blocklist", 1 };
	{ "Migrating blocklist from mod_privacy storage for user '%s'", 1 };
	{ "Invalid JID in privacy store for user '%s' not migrated: %s", 1 };
	{ "Handling event 'cloud-notify-ping' for user '%s'", 1 };
	{ "Error writing push notification storage for user '%s': %s", 1 };
	{ "Error reading push notification storage for user '%s': %s", 1 };
	{ "Approving inbound subscription to %s from %s", 1, 2 };
	{ "Creating mutual subscription between %s and %s", 1, 2 };
	{ "Sending automatic subscription request to %s from %s", 1, 2 };
	{ "Could not set role %s for newly registered user %s: %s", 2 };
	{ "Could not add secondary role %s for newly registered user %s: %s", 2 };
	{ "Failed to set contact pending out for %s", 1 };
	{ "Invite carries legacy, migration required for user '%s' for role set %q to take effect", 1 };
	{ "%s has %s in roster? %s", 1 };
	{ "%s's default rule is %s", 1 };
	{ "%s's rule for %s is %s", 1 };
	{ "Archive query by %s id=%s with=%s when=%s...%s rsm=%q", 1 };
	{ "User '%s' over quota, cleaning archive", 1 };
	{ "User '%s' over quota, truncating archive", 1 };
	{ "Could not delete messages for user '%s': %s", 1 };
	{ "Room '%s' over quota, cleaning archive", 1 };
	{ "Room '%s' over quota, truncating archive", 1 };
	{ "Could not delete messages for room '%s': %s", 1 };
	{ "Reserving %s for %s (%s)", 1 };
	{ "Refreshed for %s: %s", 2 };
	{ "Saved nick registration for %s: %s", 2 };
	{ "%s attempted to use nick %s reserved by %s", 2 };
	{ "Attempt by %s to join as %s, but their reserved nick is %s", 2, 3 };
	{ "%s requested voice in %s", 1 };
	{ "%s responded to a voice request in %s", 1 };
	{ "%s granted voice to %s", 1, 2 };
	{ "%s did not grant voice", 1 };
	{ "%s tried to grant voice but wasn't a moderator", 1 };
	{ "%s tried to grant voice to unknown occupant %s", 1, 2 };
	{ "%s tried to grant voice to %s but they already have it", 1, 2 };
	{ "entryjid = '%s', name = '%s'", 1, 2 };
	{ "Invalid JID: %q", 1 };
	{ "Received stanza with invalid destination JID: %s", 1 };
	{ "Received stanza with invalid source JID: %s", 1 };
	{ "Invalid data, password mismatch or empty username while creating account for %s", 1 };
	{ "Tried to delete non-existent user %s", 1 };
	{ "Tried to disable non-existent user %s", 1 };
	{ "Tried to enable non-existent user %s", 1 };
	{ "Attempt to register username '%s' which could be confused with '%s'", 1, 2 };
	{ "Error checking for existing mimicry data (%q = %q): %s", 1, 2 };
	{ "Unable to check if new username '%s' can be confused with any existing user: %s", 1 };
	{ "Unable to store mimicry data (%q => %q): %s", 1, 2 };
	{ "Unable to clear mimicry data (%q): %s", 1 };
	{ "Existing usernames '%s' and '%s' are confusable", 1, 2 };
	{ "Creating new persistent item store for user %s, node %q", 1 };
	{ "Creating pubsub service for user %q", 1 };
	{ "%s has %d items out of %d limit in store %s", 1 };
	{ "%s has %d items out of %d limit", 1 };
	{ "%s reached or over quota, not adding to store", 1 };
	{ "Failed while checking quota for %s: %s", 1 };
	{ "Unable to read from database %s store for %s: %s", 2 };
	{ "Token %s of %s grant has no tokens, discarding", 2 };
	{ "Token %s of grant %s of %s has expired, cleaning it up", 3 };
	{ "Token grant %s of %s expired, cleaning up", 2 };
	{ "Token grant %s of %s issued before last password change, invalidating it now", 2 };
	{ "Token grant %s of %s without tokens, cleaning up", 2 };
	{ "Failed to verify access token: %s", 1 };
	{ "Invalid token in storage (%s / %s)", 1 };
	{ "Could store tombstone for %s: %s", 1 };
	{ "Tombstone for %s created at %s has expired", 1 };
	{ "Tombstone for %s created at %s", 1 };
	{ "Deleted account '%s' successfully", 1 };
	{ "Processing account cleanup for '%s'", 1 };
	{ "Account '%s' is not disabled, removing from deletion queue", 1 };
	{ "Unable to process delayed deletion of user '%s': %s", 1 };
};

-- Lines with what people sent, as it came: messages, nicknames, names of bookmarks.
local texts = {
	{ "Received invalid XML (%s) %d bytes: %q", 3 };
	{ "Client XML parse error: %s", 1 };
	{ "External component %s XML parse error: %s", 2 };
	{ "Discarding data sent to unconnected session: %s", 1 };
	{ "Discarding data sent to resting session: %s", 1 };
	{ "Discarding data received from resting session: %s", 1 };
	{ "Unhandled %s stream element or stanza: %s; xmlns=%s: %s", 4 };
	{ "No hosts[from_host] (please report): %s", 1 };
	{ "Stanza: %s", 1 };
	{ "Q item %d: %s", 2 };
	{ "Tried to send stanza on old session migrated by smacks resume (maybe there is a bug?): %s", 1 };
	{ "Getting private bookmarks: %s", 1 };
	{ "Sending back private for %s: %s", 2 };
	{ "Sending back legacy PEP for %s: %s", 2 };
	{ "Got legacy PEP bookmarks of %s: %s", 2 };
	{ "Got legacy bookmarks of %s: %s", 2 };
	{ "Listed items %s", 1 };
	{ "Invalid request: %s", 1 };
	{ "Unauthorized request: %s", 1 };
};

local places = {};
for word, lines in pairs({ ["<jid>"] = rows, ["<text>"] = texts }) do
	for _, row in ipairs(lines) do places[row[1]] = table.move(row, 2, #row, 1, { word = word }); end
end

local function replaced(indices, ...)
	local arguments = table.pack(...);
	for _, index in ipairs(indices) do arguments[index] = arguments[index] and indices.word; end
	return table.unpack(arguments, 1, arguments.n);
end

-- The arguments of a line, with a word where a name or text was.
local function without(message, ...)
	local indices = places[message];
	if not indices then return ...; end
	return replaced(indices, ...);
end

return { rows = rows; texts = texts; without = without };

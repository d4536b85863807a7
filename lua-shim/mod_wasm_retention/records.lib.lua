-- Modules that keep records about people, beside what people put there themselves (contacts, messages, profiles).
-- `store`: where. `keeps` and `time`: what and for how long, as ends of a sentence. `is_record`: it has no other
-- purpose, so without it nobody misses anything but the record. Read in the sources of Prosody 0.12 and 13.0 and, from
-- mod_client_management on, of the community's modules. No module of Prosody's own writes an IP address to the disk.

local rows = {
	{ module = "account_activity"; store = "account_activity"; is_record = true;
		keeps = "when each user was last online"; time = "as long as the account exists" };
	{ module = "lastactivity"; is_record = true;
		keeps = "when each user went offline, and with which words, and tells contacts; in memory only";
		time = "until the server stops" };
	{ module = "scansion_record"; store = "scansion"; is_record = true;
		keeps = "everything that clients send and get, text included"; time = "until somebody removes the files" };
	{ module = "stanza_debug"; is_record = true;
		keeps = "everything that clients and servers send and get, text included, in the log at debug";
		time = "as long as the log" };
	{ module = "debug_sql"; is_record = true;
		keeps = "every query to the database, with names and texts, in the log at debug";
		time = "as long as the log" };
	{ module = "tombstones"; store = "tombstones";
		keeps = "the name of each removed account and when it was removed"; time = "for ever, unless user_tombstone_expiry is set" };
	{ module = "mimicking"; store = "skeletons";
		keeps = "every user's name, to refuse names that look like it"; time = "as long as the account exists" };
	{ module = "http_file_share"; store = "uploads";
		keeps = "for each upload its file name, size, type, time and who sent it"; time = "http_file_share_expires_after, 1 week by default" };
	{ module = "mam"; store = "archive_cleanup";
		keeps = "on which days each user had messages, beside the messages"; time = "archive_expires_after and up to a day" };
	{ module = "muc_mam"; store = "muc_log_cleanup";
		keeps = "on which days each room had messages, beside the messages, and with muc_log_presences who came and went";
		time = "muc_log_expires_after and up to a day" };
	{ module = "smacks"; store = "smacks_h";
		keeps = "when the last 10 connections of each user ended"; time = "until 10 newer ones" };
	{ module = "cloud_notify"; store = "cloud_notify";
		keeps = "for each device that wants pushes its service, its address there, its name and when it asked";
		time = "until the device says no or its pushes fail" };
	{ module = "tokenauth"; store = "auth_tokens";
		keeps = "for each token who got it, for which device, when, and when it was last used";
		time = "until it expires or is withdrawn" };
	{ module = "register_ibr"; store = "account_details";
		keeps = "when each account was registered, and what the form asked for"; time = "as long as the account exists" };
	{ module = "user_account_management"; store = "accounts_cleanup";
		keeps = "when a user asked for the removal of the account, with registration_delete_grace_period";
		time = "until the account is removed" };
	{ module = "invites"; store = "invite_token";
		keeps = "who made each invitation, and when"; time = "until the invitation is used or expires" };
	{ module = "watchregistrations";
		keeps = "name and IP address of each new account, in a message to the admins"; time = "as long as they or their archive keep it" };
	{ module = "client_management"; store = "clients";
		keeps = "for each device its software, its full address and when it was first and last seen";
		time = "as long as the account exists" };
	{ module = "lastlog"; store = "lastlog"; is_record = true;
		keeps = "when each user last logged in or out, with lastlog_ip_address also from where";
		time = "as long as the account exists" };
	{ module = "lastlog2"; store = "lastlog2"; is_record = true;
		keeps = "when each user registered, logged in and out, with lastlog_ip_address also from where";
		time = "as long as the account exists" };
	{ module = "log_auth"; is_record = true;
		keeps = "the IP address of each failed login, in the log, where it is scrubbed";
		time = "as long as the log" };
	{ module = "muc_log"; store = "muc_log";
		keeps = "what is said in rooms, by whom, and who comes and goes"; time = "until somebody removes the files" };
};

local by_module, modules = {}, {};
for index, row in ipairs(rows) do
	by_module[row.module], modules[index] = row, row.module;
end

return { rows = rows; by_module = by_module; modules = modules };

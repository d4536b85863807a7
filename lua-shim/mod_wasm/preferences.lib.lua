-- Whose messages are archived: only those of users who asked for it (XEP-0441), or whose operator did.
-- Prosody archives for everybody unless told otherwise; here silence means no.

local rostermanager = require "core.rostermanager";
local st = require "util.stanza";

local xmlns = "urn:xmpp:mam:2";
local archive_store = module:get_option_string("archive_store", "archive");
local store_name = archive_store.."_prefs";
-- As both versions of Prosody read it.
local said_by_operator = {
	always = true; never = false; roster = "roster"; [true] = true; [false] = false;
	["true"] = true; ["false"] = false; ["1"] = true; ["0"] = false; [1] = true; [0] = false;
};

local store;

local function read_kept(username)
	store = store or module:open_store(store_name);
	local kept, err = store:get(username);
	if kept == nil and err then error("preferences cannot be read: "..tostring(err), 0); end
	return kept;
end

-- mod_mam keeps them in the session of a user who is online. That he said nothing we keep there, or each message of most users
-- would look for a file: mod_mam puts what he says beside it.
local function of_user(username)
	local sessions = prosody.hosts[module.host].sessions;
	local user = sessions and sessions[username];
	if not user then return read_kept(username); end
	if user.archive_prefs or user.wasm_said_nothing then return user.archive_prefs; end
	local kept = read_kept(username);
	user.wasm_said_nothing = kept == nil or nil;
	return kept;
end

local by_default; -- nil: nobody has looked since the configuration was read

module:hook_global("config-reloaded", function () by_default = nil; end);

local function default_of(preferences)
	local default = preferences and preferences[false];
	if default ~= nil then return default; end
	if by_default == nil then by_default = said_by_operator[module:get_option("default_archive_policy")] or false; end
	return by_default;
end

local function read(username, with)
	local preferences = of_user(username);
	local rule = preferences and preferences[with];
	if rule == nil then rule = default_of(preferences); end
	if rule ~= "roster" then return rule == true; end
	local roster = rostermanager.load_roster(username, module.host);
	return roster ~= nil and roster[with] ~= nil;
end

-- Did anybody ask for this conversation to be kept? Not, if it cannot be known.
local function is_wanted(username, with)
	local ok, wanted = pcall(read, username, with);
	return ok and wanted;
end

-- To a user who said nothing mod_mam would show what it does by itself, "always".
local function show_silence(event)
	local origin, stanza = event.origin, event.stanza;
	if stanza.attr.type ~= "get" or module:get_option("default_archive_policy") ~= nil
		or module:get_option("mam_smart_enable") or of_user(origin.username) then
		return nil;
	end
	local reply = st.reply(stanza):tag("prefs", { xmlns = xmlns; default = "never" });
	origin.send(reply:tag("always"):up():tag("never"):up());
	return true;
end

return { is_wanted = is_wanted; show_silence = show_silence; archive_store = archive_store; store_name = store_name };

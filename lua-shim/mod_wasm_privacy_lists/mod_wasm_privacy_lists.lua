-- prosodyctl mod_wasm_privacy_lists HOST [--write]
--
-- Takes old privacy lists (XEP-0016) over into block lists (XEP-0191), and says what a block list cannot express. Not to be
-- enabled: it is a command, run beside a server that is stopped.

module:set_global();

local usage = [[
Usage: prosodyctl mod_wasm_privacy_lists HOST [--write] [--stopped]

  Shows what the privacy lists of a host's users become as block lists, and what cannot be expressed in one.
  --write    also writes it; only while the server is stopped, because it keeps block lists in memory
  --stopped  the server is stopped, where that cannot be found out

  Ends with status 0 if block lists express everything, 2 if they do not, 1 if something went wrong.]];
local statuses = { complete = 0; failed = 1; incomplete = 2 };

local function read_arguments(arguments)
	local options = {};
	for _, word in ipairs(arguments) do
		if word == "--write" then options.writes = true;
		elseif word == "--stopped" then options.is_stopped = true;
		elseif word == "--help" then options.help = true;
		elseif word:sub(1, 1) ~= "-" and not options.host then options.host = word;
		else return nil, "What is "..word.."?"; end
	end
	return options;
end

-- -> why it cannot be written now, or nil
local function reason_to_wait(options)
	if options.is_stopped then return nil; end
	local ok, result = require "util.prosodyctl".isrunning();
	if not ok then
		return ("It cannot be found out whether the server is running (%s). Stop it, then add --stopped."):format(tostring(result));
	end
	if result then
		return "The server is running, and has block lists in its memory: what is written now could be lost. Stop it first.";
	end
	return nil;
end

local function open_stores(host)
	local storagemanager = require "core.storagemanager";
	storagemanager.initialize_host(host);
	return assert(storagemanager.open(host, "privacy", "keyval")), assert(storagemanager.open(host, "blocklist", "keyval"));
end

local function run(arguments)
	local options, complaint = read_arguments(arguments);
	if not options or options.help or not options.host then
		print((complaint and complaint.."\n" or "")..usage);
		return options and options.help and statuses.complete or statuses.failed;
	end
	if not prosody.hosts[options.host] then
		print(("There is no host %s in the configuration."):format(options.host));
		return statuses.failed;
	end
	local reason = options.writes and reason_to_wait(options);
	if reason then
		print(reason);
		return statuses.failed;
	end
	local privacy, blocklist = open_stores(options.host);
	return statuses[module:require "migration".run(privacy, blocklist, options.host, options.writes, print)];
end

function module.command(arguments)
	local ok, result = xpcall(run, debug.traceback, arguments);
	if ok then return result; end
	print("The privacy lists could not be taken over: "..tostring(result));
	return statuses.failed;
end

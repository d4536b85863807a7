-- The shell's commands, for all hosts of this server. They only find out who is meant; the rest is done there.

local did_you_mean = module:require "suggestion".did_you_mean;
local flags_of = module:require "flags";
local library = module:require "library";
local listing = module:require "listing";
local room_list = module:require "room_list";
local safe_mode = module:require "safe_mode";
local shown = module:require "text".shown;
local sorted_pairs = require "util.iterators".sorted_pairs;
local takeover = module:require "takeover";
local usage = module:require "usage";
local values = module:require "values";

local function keys(map)
	local names = {};
	for name in sorted_pairs(map) do names[#names + 1] = name; end
	return names;
end

local function count(number, one, many)
	return ("%d %s"):format(number, number == 1 and one or many);
end

-- A host without any policy is shown too: nothing is checked there, or everything denied.
local function host_row(host, problem)
	return {
		host = host; name = "-"; mode = "-"; on_error = "-";
		state = problem and "failed" or "none"; reason = problem or "wasm_policies names no policy";
	};
end

local function list(hosts, print)
	local rows, policies = {}, 0;
	for host, this in sorted_pairs(hosts) do
		local of_host, problem = this.list();
		policies = policies + #of_host;
		if #of_host == 0 then of_host = { host_row(host, problem) }; end
		for _, row in ipairs(of_host) do rows[#rows + 1] = row; end
	end
	for _, line in ipairs(listing.table_lines(rows)) do print(line); end
	return true, count(policies, "policy", "policies").." on "..count(#keys(hosts), "host", "hosts");
end

local function find_host(hosts, host)
	if hosts[host] then return hosts[host]; end
	return nil, ("mod_wasm is not loaded on \"%s\"%s"):format(shown(host), did_you_mean(host, keys(hosts)));
end

local function info(hosts, print, host, policy)
	if type(host) ~= "string" or type(policy) ~= "string" then
		return nil, "Which policy? Give a host and a policy, like: wasm info example.com e2ee";
	end
	local this, err = find_host(hosts, host);
	if not this then return nil, err; end
	local by_name = {};
	for _, row in ipairs((this.list())) do by_name[row.name] = row; end
	if not by_name[policy] then
		return nil, ("There is no policy \"%s\" on %s%s"):format(shown(policy), host, did_you_mean(policy, keys(by_name)));
	end
	for _, line in ipairs(listing.info_lines(by_name[policy], library.mapped())) do print(line); end
	return true, policy.." on "..host;
end

local function rooms(hosts, print, host)
	if type(host) ~= "string" then return nil, "Which host? Give the one with the rooms, like: wasm rooms rooms.example.com"; end
	local this, err = find_host(hosts, host);
	if not this then return nil, err; end
	local rows = this.gathering.rows and this.gathering.rows();
	if not rows then return nil, ("There are no rooms on %s; give the Component with \"muc\""):format(host); end
	for _, line in ipairs(room_list.lines(rows)) do print(line); end
	return true, room_list.counts(rows);
end

-- The third word is a file; but to `rollback` it is the beginning of an identity.
local function third_word(verb, words, call)
	if #words > (usage.of_policies[verb][1] and 3 or 2) then
		return ("\"%s\" is one word too many for: wasm %s"):format(shown(words[#words]), verb);
	elseif verb == "rollback" then
		if words[3] and not words[3]:find("^%x+$") then return "an identity is made of hexadecimal digits; see: wasm history"; end
		call.word = words[3];
	elseif words[3] then
		local path, err = values.parse.path(words[3], "the file");
		call.file = path;
		return err;
	end
end

local function run(hosts, print, verb, ...)
	local words, flags = flags_of.read(table.pack(...), usage.of_policies[verb][2]);
	if not words then return nil, flags; end
	if #words < 2 then return nil, ("Which policy? Give a host and a policy, like: wasm %s example.com e2ee"):format(verb); end
	local this, host_err = find_host(hosts, words[1]);
	if not this then return nil, host_err; end
	local call = { policy = words[2]; flags = flags; print = print };
	local err = third_word(verb, words, call);
	if err then return nil, err; end
	return this.run(verb, call);
end

local function take_over(hosts, print)
	local _, this = next(hosts);
	return takeover.take_over(this, hosts, print);
end

-- -> { [name] = method of the shell's section }
local function new(hosts)
	local methods = {};
	local function add(name, command)
		methods[name] = function (self, ...)
			local session = self.session;
			if type(session) ~= "table" then return nil, "this shell was opened before mod_wasm was loaded: open another one"; end
			return command(hosts, function (line) session.print(line); end, ...);
		end;
	end
	add("list", list);
	add("info", info);
	add("rooms", rooms);
	add("safe_mode", safe_mode.run);
	add("takeover", take_over);
	for verb in pairs(usage.of_policies) do
		add(verb, function (all, print, ...) return run(all, print, verb, ...); end);
	end
	return methods;
end

return { new = new };

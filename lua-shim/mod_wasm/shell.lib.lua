-- Shell commands: `prosodyctl shell wasm list` and `wasm info HOST POLICY` on 13.0,
-- `wasm:list()` and `wasm:info("HOST", "POLICY")` on every version.

local sorted_pairs = require "util.iterators".sorted_pairs;
local did_you_mean = module:require "suggestion".did_you_mean;
local listing = module:require "listing";
local shown = module:require "text".shown;

-- This module lives once per host, the commands exist once per server and show all hosts:
-- [host] = function that lists its policies
local hosts = module:shared("/*/wasm/hosts");
-- The table of commands itself, because items of host modules would need a host argument on 13.0,
-- and 0.12 knows no items. It exists even if admin_shell is loaded later.
local sections = module:shared("/*/admin_shell/env");

local function keys(map)
	local names = {};
	for name in sorted_pairs(map) do names[#names + 1] = name; end
	return names;
end

local commands = {};

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

function commands:list()
	local rows, policies = {}, 0;
	for host, list in sorted_pairs(hosts) do
		local of_host, problem = list();
		policies = policies + #of_host;
		if #of_host == 0 then of_host = { host_row(host, problem) }; end
		for _, row in ipairs(of_host) do rows[#rows + 1] = row; end
	end
	for _, line in ipairs(listing.table_lines(rows)) do self.session.print(line); end
	return true, count(policies, "policy", "policies").." on "..count(#keys(hosts), "host", "hosts");
end

function commands:info(host, policy)
	if type(host) ~= "string" or type(policy) ~= "string" then
		return nil, "Which policy? Give a host and a policy, like: wasm info example.com e2ee";
	elseif not hosts[host] then
		return nil, ("mod_wasm is not loaded on \"%s\"%s"):format(shown(host), did_you_mean(host, keys(hosts)));
	end
	local by_name = {};
	for _, row in ipairs((hosts[host]())) do by_name[row.name] = row; end
	if not by_name[policy] then
		return nil, ("There is no policy \"%s\" on %s%s"):format(shown(policy), host, did_you_mean(policy, keys(by_name)));
	end
	for _, line in ipairs(listing.info_lines(by_name[policy])) do self.session.print(line); end
	return true, policy.." on "..host;
end

-- 13.0 finds commands and their help through the metatable of the section.
local help = {
	desc = "Sandboxed policies: what is loaded, in which state, what it decided";
	commands = {
		list = { desc = "List the policies of all hosts"; args = {} };
		info = { desc = "Show everything about one policy"; args = { { name = "host"; type = "string" }, { name = "policy"; type = "string" } } };
	};
};

local function start(list)
	hosts[module.host] = list;
	sections.wasm = setmetatable({ list = commands.list; info = commands.info }, { help = help });
end

local function stop()
	hosts[module.host] = nil;
	if next(hosts) == nil then sections.wasm = nil; end
end

return { start = start; stop = stop; commands = commands };

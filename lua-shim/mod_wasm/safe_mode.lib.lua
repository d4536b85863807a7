-- `wasm safe-mode [HOST] [deny|off|end]`: no policy is loaded, until it ends.

local did_you_mean = module:require "suggestion".did_you_mean;
local shown = module:require "text".shown;
local sorted_pairs = require "util.iterators".sorted_pairs;

local modes = { "deny", "end", "off" };
local is_mode = { deny = true; off = true; ["end"] = true };

local function description(this)
	if this.safe_mode == "deny" then return "safe mode: all policies are closed"; end
	if this.safe_mode == "off" then return "safe mode: all policies are off"; end
	return "no safe mode";
end

local function names_of(hosts)
	local names = {};
	for name in sorted_pairs(hosts) do names[#names + 1] = name; end
	return names;
end

-- -> hosts that are meant, mode|nil | nil, sentence
local function read(hosts, first, second)
	if first == nil or is_mode[first] and not hosts[first] and second == nil then return hosts, first; end
	if not hosts[first] then
		local known = names_of(hosts);
		if second == nil then table.move(modes, 1, #modes, #known + 1, known); end
		return nil, ("\"%s\" is no host with mod_wasm%s"):format(shown(first), did_you_mean(tostring(first), known));
	elseif second ~= nil and not is_mode[second] then
		return nil, ("unknown mode \"%s\"%s"):format(shown(second), did_you_mean(tostring(second), modes));
	end
	return { [first] = hosts[first] }, second;
end

local function run(hosts, print, first, second)
	local meant, mode = read(hosts, first, second);
	if not meant then return nil, mode; end
	for host, this in sorted_pairs(meant) do
		if mode then this.set_safe_mode(mode); end
		print(("%s: %s"):format(host, description(this)));
	end
	if not mode then return true, "wasm safe-mode [HOST] deny, off or end changes that"; end
	if mode == "end" then return true, "policies are loaded again, see: wasm list"; end
	return true, "until: wasm safe-mode end, or a restart";
end

return { run = run };

-- What policies and hosts take of memory and of a start, in a process of their own: footprint.py starts it.
--   footprint.lua policies|hosts COUNT CACHE → private KiB of this process; policies are target/bench/variants/looking-1.wasm, ..
--   footprint.lua start COUNT CACHE → milliseconds from the library's file to policies that judge

package.path = "tests/bench/?.lua;tests/lua/?.lua;"..package.path;
local native = require "native";
local encode = require "util.json".encode;
local now = require "util.time".monotonic;
local what, count = arg[1], tonumber(arg[2]);
native.cache = arg[3];

local settings = {
	e2ee = { mode = "mandatory" };
	firewall = { rules = "::deliver\nKIND: message\nPAYLOAD: urn:xmpp:attention:0\nDROP.\n" };
	push = { services = { "push.example.org" } };
};
local bundled = { "e2ee", "archive", "carbons", "csi", "push", "upload", "rooms", "blocking", "firewall" };

-- Pages of a file are nobody's own as soon as they are on the disk. The kernel writes them within half a minute.
local function private_kilobytes()
	local found = 0;
	os.execute("sync");
	for line in io.lines("/proc/self/smaps_rollup") do
		found = found + (tonumber(line:match("^Private_Dirty:%s+(%d+)")) or 0);
	end
	return found;
end

local function ask_often(chain)
	local stanza = native.parse("<message to='b@example.org' from='a@example.org/x' type='chat'><body>Lunch?</body></message>");
	local question = chain:question("message", "outgoing", "user", "user");
	for _ = 1, 20 do assert(chain:decide(stanza, question) == "pass"); end
end

local function add(library, chain, name, path, with)
	chain:declare(name, { on_error = "deny", mode = "enforce" });
	assert(chain:put(name, native.stage(library, path, encode(with or { lookups = 5 }))));
end

local measures = {};

function measures.policies(library)
	local chain = library.chain("example.org");
	for number = 1, count do add(library, chain, "policy-"..number, ("target/bench/variants/looking-%d.wasm"):format(number)); end
	ask_often(chain);
	return private_kilobytes(), chain;
end

function measures.hosts(library)
	local chains = {};
	for number = 1, count do
		chains[number] = library.chain("host-"..number..".example");
		add(library, chains[number], "policy", native.guests.."/looking.wasm");
		ask_often(chains[number]);
	end
	return private_kilobytes(), chains;
end

-- The staging of all is under way at once, as when the server starts.
function measures.start()
	local before = now();
	local library = native.load();
	local chain, jobs = library.chain("example.org"), {};
	for number = 1, count do
		local name = bundled[number];
		local path = name and native.policies.."/"..name..".wasm" or native.guests.."/looking.wasm";
		local request = native.request(path, encode(settings[name] or {}));
		local staged, err, phase = library.stage_now(request);
		if not staged and phase ~= "compiling" then error(("%s: %s"):format(path, err)); end
		jobs[number] = staged or assert(library.stage(request));
	end
	for number, job in ipairs(jobs) do
		chain:declare("policy-"..number, { on_error = "deny", mode = "enforce" });
		assert(chain:put("policy-"..number, job.poll and assert(native.finish(job)) or job));
	end
	return (now() - before) * 1e3, chain;
end

local figure = measures[what](what ~= "start" and native.load());
print(figure);

-- What an operator can do with one policy at the shell. Each verb has its file; here is what all have in common.

local did_you_mean = module:require "suggestion".did_you_mean;
local generation = module:require "generation";
local promise = require "util.promise";
local shown = module:require "text".shown;
local swapping = module:require "swapping";
local telling = module:require "telling";
local trying = module:require "trying";

local max_text = 600; -- characters
local verbs = {
	stage = swapping.stage; swap = swapping.swap; rollback = swapping.rollback; unload = swapping.unload;
	shadow = trying.shadow; canary = trying.canary; promote = trying.promote;
	diff = telling.diff; history = telling.history; record = telling.record;
};

local function names_of(slots)
	local names = {};
	for name in pairs(slots) do names[#names + 1] = name; end
	table.sort(names);
	return names;
end

-- "a,b" and "*" name several, which only `swap` takes.
local function find_slots(loader, verb, words)
	if verb == "swap" and words == "*" then
		local staged = {};
		for _, name in ipairs(names_of(loader.slots)) do
			if loader.slots[name].staged then staged[#staged + 1] = loader.slots[name]; end
		end
		if #staged > 0 then return staged; end
		return nil, "nothing is staged on "..module.host;
	end
	local slots, seen = {}, {};
	for name in words:gmatch(verb == "swap" and "[^,]+" or ".+") do
		local slot = loader.slots[name];
		if not slot then
			return nil, ("There is no policy \"%s\" on %s%s"):format(shown(name), module.host, did_you_mean(name, names_of(loader.slots)));
		end
		if not seen[slot] then slots[#slots + 1] = slot; end
		seen[slot] = true;
	end
	return slots;
end

-- Once, whichever comes first; a slot says what runs in it afterwards.
local function new_task(this, call, resolve, reject)
	local task = { this = this; loader = this.loader; call = call; flags = call.flags };
	function task.print(format, ...) pcall(call.print, shown(format:format(...), max_text)); end
	function task.done(format, ...) resolve(shown(format:format(...), max_text)); end
	function task.refuse(sentence) reject(shown(sentence, max_text)); end
	-- A step of something that would have changed what is in force.
	function task.fail(slot, step, sentence)
		task.refuse(("%s failed: %s. %s"):format(step, sentence, slot.entry
			and ("The running generation %s stays"):format(generation.short(slot.entry.identity))
			or "Nothing is in force, as before"));
	end
	return task;
end

local function run_verb(this, verb, call, resolve, reject)
	if not this.loader then return reject(("On %s no policy is loaded: %s"):format(this.host, this.problem or "wasm_policies names none")); end
	local slots, err = find_slots(this.loader, verb, call.policy);
	if not slots then return reject(err); end
	verbs[verb](new_task(this, call, resolve, reject), slots[1], slots);
end

-- this: see policies.lib.lua; call: { policy, file|nil, flags, print = function (line) }
-- -> a promise of one line, refused with one line
local function run(this, verb, call)
	return promise.new(function (resolve, reject)
		local ok, err = pcall(run_verb, this, verb, call, resolve, reject);
		if ok then return; end
		module:log("error", "wasm %s failed: %s", verb, tostring(err));
		reject(("%s could not be done because of a mistake in mod_wasm, see the log"):format(verb));
	end);
end

return { run = run };

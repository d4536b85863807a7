-- From records to policies in force. Until a policy is installed its slot in the chain denies.

local compilation = module:require "compilation";
local did_you_mean = module:require "suggestion".did_you_mean;
local shown = module:require "text".shown;
local store = module:require "store";
local lfs = require "lfs";
local sorted_pairs = require "util.iterators".sorted_pairs;

local seconds_between_polls = 0.1;
local max_path, max_reason = 200, 500; -- characters

local function bundled_names(folder)
	local names = {};
	local ok, iterator, state = pcall(lfs.dir, folder);
	if not ok then return names; end
	for file in iterator, state do
		names[#names + 1] = file:match("^([a-z0-9_-]+)%.wasm$");
	end
	table.sort(names);
	return names;
end

-- A long path would leave no room for what is wrong with it.
local function with_short_path(path, err)
	local first, last = err:find(path, 1, true);
	return first and err:sub(1, first - 1)..shown(path, max_path)..err:sub(last + 1) or err;
end

local function explain_open(record, err)
	if not record.is_bundled or lfs.attributes(record.path) then return with_short_path(record.path, err); end
	local folder = record.path:match("^(.*)/[^/]*$") or ".";
	return ("there is no bundled policy \"%s\"%s (looked for %s; wasm_policies.%s.path names any other file)")
		:format(record.name, did_you_mean(record.name, bundled_names(folder)), shown(record.path, max_path), record.name);
end

-- self: { native, chain, on_change, options, slots = { [policy] = { record, state, reason, source, replaces, is_second_try } } }
local methods = {};
methods.__index = methods;

-- The chain returns nil, sentence instead of raising.
function methods:call(method, ...)
	local _, err = self.chain[method](self.chain, ...);
	if err then error(("%s: %s"):format(method, err), 0); end
end

function methods:declare(record)
	self:call("declare", record.name, { on_error = record.on_error; mode = record.mode });
end

function methods:fail(slot, reason)
	local record = slot.record;
	local is_known = reason == record.problem; -- named already when the options were read
	if not is_known then reason = shown(reason, max_reason); end
	slot.state, slot.reason, slot.replaces = "failed", reason, nil; -- nothing is left to replace
	self:declare(record); -- on_error may be new
	self:call("fail", record.name, reason);
	self.on_change();
	if is_known then return; end
	module:log("error", "The policy %s (%s) is not in force: %s. %s; correct it, then run: prosodyctl reload",
		record.name, shown(record.path, max_path), reason, record.on_error == "pass" and "Stanzas pass without it" or "What it would judge is denied");
end

function methods:install(slot)
	local record = slot.record;
	self:declare(record); -- in the same breath as install, so nothing is denied in between
	local facts, err = self.chain:install(record.name, slot.source, {
		settings = record.settings; grants = record.grants; limits = record.limits; store = store.read(record.name);
	});
	if not facts then return self:after_refusal(slot, tostring(err)); end
	slot.state, slot.reason = "running", nil;
	module:log("info", "The policy %s is in force: it %s", record.name, table.concat(facts.permissions or {}, "; "));
	self.on_change();
end

-- The library takes an artifact away that does not load, so that it can be compiled again.
function methods:after_refusal(slot, reason)
	if slot.source:compiled() then return self:fail(slot, reason); end
	self:try_again(slot, reason);
end

-- Children get killed, and artifacts spoilt: once may be bad luck, twice is not.
function methods:try_again(slot, reason)
	if slot.is_second_try then return self:fail(slot, reason); end
	slot.is_second_try = true;
	module:log("warn", "The policy %s is compiled once more: %s", slot.record.name, shown(reason, max_reason));
	self:compile(slot);
end

-- One look at the child process; true while there is more to wait for.
function methods:step(slot)
	local progress, err = compilation.poll(slot, self.options);
	if progress == "running" then return true; end
	-- Whatever became of the child: the artifact may be there, by it or by that of another host.
	if progress == "done" or slot.source:compiled() then return self:install(slot); end
	self:try_again(slot, tostring(err or "compiling ended without a result"));
end

function methods:wait(slot)
	module:add_timer(seconds_between_polls, function ()
		if self.slots[slot.record.name] ~= slot then return nil; end -- replaced or removed meanwhile
		local ok, more = pcall(self.step, self, slot);
		if ok then return more and seconds_between_polls or nil; end
		compilation.cancel(slot);
		if not pcall(self.fail, self, slot, tostring(more)) then
			module:log("error", "The policy %s could not be closed: %s", slot.record.name, tostring(more));
		end
	end);
end

function methods:compile(slot)
	local ok, err = compilation.start(slot, self.options);
	if not ok then return self:fail(slot, tostring(err)); end
	slot.state = "compiling";
	if slot.replaces then
		slot.reason = "the previous version runs until the new one is compiled";
	else
		self:call("compiling", slot.record.name);
	end
	module:log("info", "The policy %s is being compiled", slot.record.name);
	self:wait(slot);
end

function methods:open(slot)
	local record = slot.record;
	local source, err = self.native.open(record.path, self.options.cache_path, record.sha256);
	if not source then return self:fail(slot, explain_open(record, tostring(err))); end
	slot.source = source;
	if source:compiled() then return self:install(slot); end
	self:compile(slot);
end

function methods:replace(record)
	local previous = self.slots[record.name];
	if previous then compilation.cancel(previous); end
	local slot = { record = record; state = "failed" };
	slot.replaces = previous and (previous.state == "running" or previous.replaces);
	self.slots[record.name] = slot;
	if record.problem then return self:fail(slot, record.problem); end
	-- What runs goes on until its successor is there; what does not must deny from now on.
	if not slot.replaces or record.mode == "off" then self:declare(record); end
	if record.mode == "off" then
		slot.state = "off";
	else
		self:open(slot);
	end
end

function methods:remove(name)
	compilation.cancel(self.slots[name]);
	self.slots[name] = nil;
	self:call("remove", name);
end

-- Was the file of a running policy replaced? It goes on when there is no telling.
function methods:has_new_file(slot)
	local record = slot.record;
	local source, err = self.native.open(record.path, self.options.cache_path, record.sha256);
	if source then return source:sha256() ~= slot.source:sha256(); end
	module:log("warn", "The policy %s runs on as it was loaded, but its file cannot be used any more: %s",
		record.name, shown(explain_open(record, tostring(err)), max_reason));
	return false;
end

function methods:is_up_to_date(slot, record)
	if not slot or slot.state == "failed" or slot.record.signature ~= record.signature then return false; end
	return slot.state ~= "running" or not self:has_new_file(slot);
end

-- Brings the chain to what is configured; what did not change, the file included, is not touched.
function methods:apply(options)
	self.options = options;
	for name in pairs(self.slots) do
		if not options.records[name] then self:remove(name); end
	end
	for name, record in sorted_pairs(options.records) do
		if not self:is_up_to_date(self.slots[name], record) then self:replace(record); end
	end
	self.on_change();
end

function methods:stop()
	for _, slot in pairs(self.slots) do compilation.cancel(slot); end
	self.slots = {};
end

-- on_change() is called after everything that may change what the chain wants to see.
local function new(native, chain, on_change)
	return setmetatable({ native = native; chain = chain; on_change = on_change; slots = {} }, methods);
end

return { new = new };

-- Stands in for the native library: the same functions, behaviour chosen by the texts it meets.
-- `behaviour` may be changed at any time: contents[path] is what a file holds, is_cached = false makes everything
-- compile, fails[phase] = sentence fails there, <method>_error makes a method of the chain answer nil and that.

local st = require "util.stanza";

local phases = { "reading", "verifying", "checking", "compiling", "loading", "granting", "probing", "keeping" };

local function hash_of(text)
	local number = 7;
	for i = 1, #text do number = (number * 31 + text:byte(i)) % 0xffffffff; end
	return ("%08x"):format(number):rep(8);
end

local function sorted(map)
	local names = {};
	for name in pairs(map) do names[#names + 1] = name; end
	table.sort(names);
	return names;
end

local function read_file(path)
	local file = io.open(path, "rb");
	local text = file and file:read("a");
	if file then file:close(); end
	return text;
end

local staged_methods = {};
staged_methods.__index = staged_methods;
function staged_methods:facts() return self.is_broken and error("no facts") or self.all; end

local function new(behaviour)
	behaviour = behaviour or {};
	behaviour.fails = behaviour.fails or {};
	local native = { version = behaviour.version or "0.1.0", compiled = {}, jobs = {}, requests = {}, chains = {} };

	local function sha256_of(path)
		local kept = path:match("/(%x+)%.wasm$");
		if kept and #kept == 64 then return kept; end
		return hash_of(behaviour.contents and behaviour.contents[path] or read_file(path) or path);
	end

	local function identity_of(request, sha256)
		local limits = request.limits or {};
		return hash_of(table.concat({ sha256, request.settings, table.concat(request.grants or { "-" }, ","), tostring(limits.milliseconds),
			tostring(limits.memory), request.on_error }, "\0"));
	end

	local function imports_of(request)
		return behaviour.imports_of and behaviour.imports_of[request.path] or behaviour.imports or { "content" };
	end

	local function refused_imports(request)
		local allowed = request.grants or request.accepted;
		for _, import in ipairs(allowed and imports_of(request) or {}) do
			if not table.concat(allowed, ","):find(import, 1, true) then return "it now also asks for: "..import; end
		end
	end

	local function keep(request, sha256)
		if not request.kept_path or not behaviour.keeps then return; end
		os.execute(("mkdir -p '%s'"):format(request.kept_path));
		local file = assert(io.open(("%s/%s.wasm"):format(request.kept_path, sha256), "wb"));
		file:write("kept");
		file:close();
	end

	-- -> staged | nil, sentence, phase
	local function prepare(request, may_compile)
		assert(utf8.len(request.path), "error converting Lua string to String"); -- as the real one does
		assert(type(request.settings) == "string" and type(request.cache_path) == "string");
		native.requests[#native.requests + 1] = request;
		if request.path:find("missing", 1, true) or behaviour.is_unreadable then return nil, request.path..": no such file", "reading"; end
		local sha256 = sha256_of(request.path);
		if request.sha256 and request.sha256 ~= sha256 then return nil, ("the hash is %s, not %s"):format(sha256, request.sha256), "reading"; end
		if behaviour.is_cached == false and not native.compiled[sha256] then
			if not may_compile then return nil, "it is not compiled", "compiling"; end
		end
		for _, phase in ipairs(phases) do
			local fails = behaviour.fails[phase];
			if fails and (phase ~= "keeping" or request.kept_path) then return nil, fails, phase; end
			if phase == "compiling" then native.compiled[sha256] = true; end
		end
		local refused = refused_imports(request);
		if refused then return nil, refused, "granting"; end
		keep(request, sha256);
		return setmetatable({ request = request, all = {
			identity = identity_of(request, sha256), sha256 = sha256, hooks = { "message-policy" }, imports = imports_of(request),
			permissions = { "reads the text of messages" }, wit = "0.1.0", keeps_state = false, size = 1000,
			gate = request.gate and { compared = 10, differences = 0 } or nil,
		} }, staged_methods);
	end

	function native.stage_now(request)
		if behaviour.on_stage_now then behaviour.on_stage_now(request); end
		return prepare(request, false);
	end

	local job_methods = {};
	job_methods.__index = job_methods;
	function job_methods:poll()
		if behaviour.poll_raises then error("a bug in poll"); end
		self.polls = self.polls + 1;
		if self.polls < (behaviour.polls or 2) then return "running", phases[math.min(self.polls, #phases)]; end
		local staged, err, phase = prepare(self.request, true);
		if not staged then return nil, err, phase; end
		if staged.all.identity == self.request.unless then return "unchanged"; end
		return "done", staged;
	end
	function job_methods:cancel() self.cancelled = true; end

	function native.stage(request)
		assert(not behaviour.is_loading, "a thread while modules are loaded");
		if behaviour.stage_error then return nil, behaviour.stage_error; end
		local job = setmetatable({ request = request, polls = 0 }, job_methods);
		native.jobs[#native.jobs + 1] = job;
		return job;
	end

	local chain_methods = {};
	chain_methods.__index = chain_methods;
	local function note(chain, ...) chain.calls[#chain.calls + 1] = table.concat({ ... }, " "); end
	local function wrong(method) return behaviour[method.."_error"]; end
	local function use(staged)
		if staged.is_used then return nil, "it was used already"; end
		staged.is_used = true;
		return staged;
	end
	local function fill(slot, staged)
		slot.state, slot.reason, slot.staged, slot.identity, slot.sha256 = "running", nil, staged, staged.all.identity, staged.all.sha256;
		slot.hooks, slot.imports, slot.permissions, slot.since = staged.all.hooks, staged.all.imports, staged.all.permissions, 1000;
	end

	function chain_methods:declare(name, options)
		note(self, "declare", name, options.on_error, options.mode);
		local slot = self.slots[name];
		if not slot then
			slot = { name = name, by_hook = {} };
			slot.state = options.mode == "off" and "off" or "absent";
			self.slots[name] = slot;
		end
		slot.mode, slot.on_error = options.mode, options.on_error;
		return true;
	end
	local function empty(slot)
		slot.staged, slot.identity, slot.sha256, slot.previous, slot.warm, slot.candidate, slot.probation = nil, nil, nil, nil, nil, nil, nil;
	end
	function chain_methods:forget_previous(name)
		note(self, "forget_previous", name);
		local slot = self.slots[name];
		if slot then slot.previous, slot.warm, slot.probation = nil, nil, nil; end
	end
	function chain_methods:fail(name, reason)
		note(self, "fail", name, reason);
		empty(self.slots[name]);
		self.slots[name].state, self.slots[name].reason = "failed", reason;
		return true;
	end
	function chain_methods:compiling(name)
		note(self, "compiling", name);
		empty(self.slots[name]);
		self.slots[name].state = "compiling";
		return true;
	end
	function chain_methods:remove(name) note(self, "remove", name); self.slots[name] = nil; return true; end
	function chain_methods:has_store(name) return self.stores[name] ~= nil; end
	function chain_methods:put(name, staged, store)
		if wrong("put") then return nil, wrong("put"); end
		if not use(staged) then return nil, "it was used already"; end
		note(self, "put", name, staged.request.settings);
		self.stores[name] = self.stores[name] or store;
		fill(self.slots[name], staged);
		return true;
	end
	function chain_methods:try(name, staged, options)
		if wrong("try") then return nil, wrong("try"); end
		if not use(staged) then return nil, "it was used already"; end
		note(self, "try", name, options.role);
		self.tried = options;
		self.slots[name].candidate = { identity = staged.all.identity, sha256 = staged.all.sha256, role = options.role, share = options.share,
			compared = 0, differences = 0, shed = 0, failures = 0, decided = 0 };
		return true;
	end
	function chain_methods:drop_candidate(name)
		if wrong("drop_candidate") then return nil, wrong("drop_candidate"); end
		note(self, "drop_candidate", name);
		self.slots[name].candidate = nil;
		return true, nil, behaviour.undone or {};
	end
	function chain_methods:hand_over(staged, fresh)
		if wrong("hand_over") then return nil, wrong("hand_over"); end
		note(self, "hand_over", table.concat(sorted(staged), ","), fresh and "fresh" or nil);
		for name, each in pairs(staged) do
			if not self.slots[name].staged then return nil, name..": nothing is in force"; end
			if each.is_used then return nil, "it was used already"; end
			each.handed_over_by = self.slots[name].identity;
		end
		return true;
	end
	function chain_methods:publish(staged, probation, stores)
		if wrong("publish") then return nil, wrong("publish"); end
		note(self, "publish", table.concat(sorted(staged), ","), probation and tostring(probation.seconds) or "-");
		for name, each in pairs(staged) do
			local slot = self.slots[name];
			if each.handed_over_by ~= slot.identity then return nil, "it was not handed over"; end
			use(each);
			slot.previous, slot.warm, slot.candidate = slot.identity, slot.staged, nil;
			self.stores[name] = self.stores[name] or stores[name];
			fill(slot, each);
			slot.probation = probation and { seconds = probation.seconds, failures = 0 } or nil;
		end
		return true;
	end
	function chain_methods:rollback(name)
		if wrong("rollback") then return nil, wrong("rollback"); end
		local slot = self.slots[name];
		if not slot.warm then return nil, "there is no previous generation"; end
		note(self, "rollback", name);
		local warm, left = slot.warm, slot.staged;
		slot.previous, slot.warm, slot.probation = left.all.identity, left, nil;
		fill(slot, warm);
		return slot.identity, nil, behaviour.undone or {};
	end
	function chain_methods:settle(name) self.slots[name].probation = nil; return true; end
	function chain_methods:differences(name)
		if behaviour.differences then return behaviour.differences; end
		local candidate = self.slots[name].candidate;
		if not candidate then return nil, "there is no candidate"; end
		return { role = candidate.role, identity = candidate.identity, seconds = 5, compared = 0, agreed = 0, shed = 0, failures = 0, users = 0,
			share = candidate.share, differences = {}, samples = {} };
	end
	function chain_methods:record(name, options)
		if wrong("record") then return nil, wrong("record"); end
		note(self, "record", name, options.path, options.count, tostring(options.redact), options.failures_only and "failures" or nil);
		self.slots[name].recording = { stanzas = 0, left = options.count };
		return true;
	end
	function chain_methods:stop_recording(name)
		if not self.slots[name].recording then return nil, "nothing is recorded"; end
		self.slots[name].recording = nil;
		return 3;
	end
	function chain_methods:interests()
		if behaviour.interests then return behaviour.interests; end
		local is_any = next(self.slots) ~= nil or nil;
		return { message = { outgoing = is_any, incoming = is_any }, iq = { outgoing = { ["urn:test"] = true } } };
	end
	function chain_methods:needs(fact) return fact == "roster" and behaviour.needs_roster == true; end
	function chain_methods:status()
		local list = {};
		for _, name in ipairs(sorted(self.slots)) do list[#list + 1] = self.slots[name]; end
		return list;
	end

	local answers = {};
	function answers.refuse() return "bounce", { type = "modify", condition = "policy-violation", text = "Not here." }; end
	function answers.drop() return "drop"; end
	function answers.limit() return "pass", { manner = "limited" }; end
	function answers.replace() return "pass", { manner = "replacing", key = "e2ee/key" }; end
	function answers.redact() return "pass", { manner = "redacted" }; end
	function answers.pause() return "pass", { manner = "limited", pause = 30 }; end
	function answers.edit() return "pass", { edits = { { { op = "set-text", node = 1, text = "changed" } } } }; end
	function answers.break_edit() return "pass", { edits = { { { op = "set-text", node = 99, text = "x" } } } }; end
	function answers.raise() error("the fake was told to raise"); end
	function answers.nonsense() return "perhaps"; end
	function answers.notify() return "pass", { effects = { { kind = "notify", to = "sender", text = "Notice." } } }; end
	function answers.store() return "pass", { effects = { { kind = "store", policy = "e2ee", key = "key", value = "\0value" } } }; end
	function answers.log() return "pass", { effects = { { kind = "log", policy = "e2ee", level = "warn", text = "a line\nand more" } } }; end
	-- The chain goes back by itself, as after too many failures.
	function answers.roll_back(chain)
		local slot = chain.slots.e2ee;
		if slot.candidate and slot.candidate.role == "canary" then
			local from = slot.candidate.identity;
			slot.candidate = nil;
			return "pass", { effects = { { kind = "rolled-back", policy = "e2ee", what = "canary", from = from, to = slot.identity,
				reason = "3 failures", undone = { { key = "k" } } } } };
		end
		local from = slot.identity;
		chain_methods.rollback(chain, "e2ee");
		return "pass", { effects = { { kind = "rolled-back", policy = "e2ee", what = "generation", from = from, to = slot.identity,
			reason = "3 failures\nin 10 s", undone = { { key = "k", value = "old" }, { key = "gone" } } } } };
	end

	function chain_methods:hears(interface)
		if behaviour.hears then return behaviour.hears[interface] == true; end
		return false;
	end
	function chain_methods.retention() return behaviour.retention; end
	function chain_methods.expiry() return behaviour.expiry; end

	function chain_methods:question(...) return { ... }; end -- luacheck: ignore 212/self

	function chain_methods:decide(stanza, question, known)
		local asked, direction, source, destination = table.unpack(question);
		self.decisions[#self.decisions + 1] = { stanza = st.clone(stanza), asked = asked, direction, source, destination, known or {} };
		local name, slot = next(self.slots);
		if slot and slot.state ~= "running" and slot.mode ~= "off" and slot.on_error == "deny" then
			return "bounce", name, "closed", 0, { type = "wait", condition = "policy-violation", text = "Closed." };
		end
		if behaviour.on_decide then behaviour.on_decide(); end
		if behaviour.rule then return behaviour.rule(asked, known); end
		local answer = answers[stanza:get_child_text("body") or ""];
		local verdict, details = "pass", nil;
		if answer then verdict, details = answer(self); end
		if slot then
			local counters = slot.by_hook["message-policy"] or { microseconds = 0, verdicts = {} };
			slot.by_hook["message-policy"] = counters;
			counters.microseconds = counters.microseconds + 1.5;
			local counted = details and details.edits and "edit" or verdict;
			counters.verdicts[counted] = (counters.verdicts[counted] or 0) + 1;
		end
		return verdict, answer and name or nil, answer and "asked to" or nil, 1.5, details;
	end

	-- Answers as one that cannot tell anything by itself.
	function chain_methods:quick()
		return function (stanza, question, is_judged)
			self.asked = { stanza, question, is_judged };
		end;
	end
	function chain_methods:told()
		local stanza, question, is_judged = table.unpack(self.asked, 1, 3);
		return self:decide(stanza, question, is_judged and { judged = true } or nil);
	end

	function chain_methods.charge() end

	function native.chain(host)
		if behaviour.chain_error then return nil, behaviour.chain_error; end
		local chain = setmetatable({ host = host, slots = {}, calls = {}, decisions = {}, stores = {} }, chain_methods);
		native.chains[#native.chains + 1] = chain;
		return chain;
	end

	return native;
end

return { new = new };

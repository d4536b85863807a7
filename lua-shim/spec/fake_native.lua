-- Stands in for the native library: the same functions, behaviour chosen by the texts it meets.
-- `behaviour` may be changed at any time: contents[path] is what a file holds, poll_failures and spoilt_artifacts
-- are counted down.
-- Used by the specs, and handy for trying the shim on a server before the library is built.

local st = require "util.stanza";

local function new(behaviour)
	behaviour = behaviour or {};
	local native = { version = behaviour.version or "0.1.0", compiled = {}, children = {}, chains = {} };

	local source_methods = {};
	source_methods.__index = source_methods;
	function source_methods:sha256() return self.hash; end
	function source_methods:compiled() return native.compiled[self.hash] == true; end
	function source_methods:compile(compiler, seconds)
		if behaviour.compile_error then return nil, behaviour.compile_error; end
		self.child = { compiler = compiler, seconds = seconds, polls = 0 };
		native.children[#native.children + 1] = self.child;
		return true;
	end
	function source_methods:poll()
		if behaviour.poll_error then return nil, behaviour.poll_error; end
		if (behaviour.poll_failures or 0) > 0 then
			behaviour.poll_failures = behaviour.poll_failures - 1;
			return nil, "killed";
		end
		self.child.polls = self.child.polls + 1;
		if self.child.polls < (behaviour.polls or 2) then return "running"; end
		native.compiled[self.hash] = true;
		return "done";
	end
	function source_methods:cancel() if self.child then self.child.cancelled = true; end end

	function native.open(path, cache_path, sha256)
		assert(utf8.len(path), "error converting Lua string to String"); -- as the real one does
		if path:find("missing", 1, true) or behaviour.is_unreadable then return nil, path..": no such file"; end
		local byte = 0;
		local content = path..(behaviour.contents and behaviour.contents[path] or "");
		for i = 1, #content do byte = (byte * 31 + content:byte(i)) % 0xffffffff; end
		local hash = ("%08x"):format(byte):rep(8);
		if sha256 and sha256 ~= hash then return nil, ("the hash is %s, not %s"):format(hash, sha256); end
		if behaviour.is_cached ~= false then native.compiled[hash] = true; end
		return setmetatable({ path = path, cache_path = cache_path, hash = hash }, source_methods);
	end

	local chain_methods = {};
	chain_methods.__index = chain_methods;
	local function note(chain, ...) chain.calls[#chain.calls + 1] = table.concat({ ... }, " "); end
	function chain_methods:declare(name, options)
		note(self, "declare", name, options.on_error, options.mode);
		self.slots[name] = {
			name = name, mode = options.mode, on_error = options.on_error, calls = 0, microseconds = 0,
			state = options.mode == "off" and "off" or "absent", verdicts = { pass = 0, edit = 0, drop = 0, bounce = 0, failure = 0 },
		};
		return true;
	end
	function chain_methods:fail(name, reason)
		note(self, "fail", name, reason);
		self.slots[name].state, self.slots[name].reason = "failed", reason;
		return true;
	end
	function chain_methods:compiling(name) note(self, "compiling", name); self.slots[name].state = "compiling"; return true; end
	function chain_methods:remove(name) note(self, "remove", name); self.slots[name] = nil; return true; end
	function chain_methods:install(name, source, options)
		if behaviour.install_error then return nil, behaviour.install_error; end
		if (behaviour.spoilt_artifacts or 0) > 0 then
			behaviour.spoilt_artifacts = behaviour.spoilt_artifacts - 1;
			native.compiled[source.hash] = nil;
			return nil, "its artifact does not load";
		end
		note(self, "install", name, options.settings);
		local slot = self.slots[name];
		slot.state, slot.sha256, slot.options = "running", source.hash, options;
		slot.hooks, slot.imports, slot.permissions = { "message-policy" }, { "content" }, { "reads the text of messages" };
		return { sha256 = source.hash, hooks = slot.hooks, imports = slot.imports, permissions = slot.permissions };
	end
	function chain_methods:interests()
		if behaviour.interests then return behaviour.interests; end
		local is_any = next(self.slots) ~= nil or nil;
		return { message = { outgoing = is_any, incoming = is_any }, iq = { outgoing = { ["urn:test"] = true } } };
	end
	function chain_methods:needs(fact) return fact == "roster" and behaviour.needs_roster == true; end
	function chain_methods:status()
		local list = {};
		for _, slot in pairs(self.slots) do list[#list + 1] = slot; end
		return list;
	end

	local answers = {};
	function answers.refuse() return "bounce", { type = "modify", condition = "policy-violation", text = "Not here." }; end
	function answers.drop() return "drop"; end
	function answers.edit() return "pass", { edits = { { { op = "set-text", node = 1, text = "changed" } } } }; end
	function answers.break_edit() return "pass", { edits = { { { op = "set-text", node = 99, text = "x" } } } }; end
	function answers.raise() error("the fake was told to raise"); end
	function answers.nonsense() return "perhaps"; end
	function answers.notify() return "pass", { effects = { { kind = "notify", to = "sender", text = "Notice." } } }; end
	function answers.store() return "pass", { effects = { { kind = "store", policy = "e2ee", key = "key", value = "\0value" } } }; end
	function answers.log() return "pass", { effects = { { kind = "log", policy = "e2ee", level = "warn", text = "a line\nand more" } } }; end

	function chain_methods:decide(stanza, ...)
		self.decisions[#self.decisions + 1] = { stanza = st.clone(stanza), ... };
		local name, slot = next(self.slots);
		if slot and slot.state ~= "running" and slot.state ~= "off" and slot.on_error == "deny" then
			return "bounce", name, "closed", 0, { type = "wait", condition = "policy-violation", text = "Closed." };
		end
		local answer = answers[stanza:get_child_text("body") or ""];
		local verdict, details = "pass", nil;
		if answer then verdict, details = answer(); end
		if slot then
			slot.calls, slot.microseconds = slot.calls + 1, slot.microseconds + 1.5;
			local counted = details and details.edits and "edit" or verdict;
			slot.verdicts[counted] = (slot.verdicts[counted] or 0) + 1;
		end
		return verdict, answer and name or nil, answer and "asked to" or nil, 1.5, details;
	end

	function native.chain(host)
		if behaviour.chain_error then return nil, behaviour.chain_error; end
		local chain = setmetatable({ host = host, slots = {}, calls = {}, decisions = {} }, chain_methods);
		native.chains[#native.chains + 1] = chain;
		return chain;
	end

	return native;
end

return { new = new };

-- Compiling a policy in a child process, once for all hosts of this server.

-- [sha256] = true while one of the hosts compiles it; the others wait for the cache.
local running = module:shared("/*/wasm/compiling");

-- slot: { source, compiles = sha256|nil }; options: { compiler, compile_seconds }
-- -> true | nil, sentence
local function start(slot, options)
	local sha256 = slot.source:sha256();
	if running[sha256] then return true; end
	local ok, err = slot.source:compile(options.compiler, options.compile_seconds);
	if not ok then return nil, err; end
	running[sha256], slot.compiles = true, sha256;
	return true;
end

local function finish(slot)
	if not slot.compiles then return; end
	running[slot.compiles] = nil;
	slot.compiles = nil;
end

-- Another host compiles for us; if it gave up, it is our turn.
local function poll_cache(slot, options)
	if slot.source:compiled() then return "done"; end
	local ok, err = start(slot, options);
	return ok and "running" or nil, err;
end

-- -> "running" | "done" | nil, sentence
local function poll(slot, options)
	if not slot.compiles then return poll_cache(slot, options); end
	local progress, err = slot.source:poll();
	if progress ~= "running" then finish(slot); end
	return progress, err;
end

local function cancel(slot)
	if not slot.compiles then return; end
	finish(slot);
	pcall(slot.source.cancel, slot.source);
end

return { start = start; poll = poll; cancel = cancel };

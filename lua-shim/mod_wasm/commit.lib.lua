-- Putting prepared generations in force: state is handed over, the history written, and only then, in one
-- breath and for all of them, each place gets its new generation. Whatever fails before leaves everything as it was.

local generation = module:require "generation";
local history = module:require "history";
local marker = module:require "marker";
local store = module:require "store";

-- loader: see loading.lib.lua. A change: { slot, staged, entry, signature, file }
-- -> { [policy] = staged } of those that replace a running generation, and a list of those that fill a place
local function sorted_out(changes)
	local replacing, filling = nil, {};
	for _, change in ipairs(changes) do
		if change.slot.entry then
			replacing = replacing or {};
			replacing[change.slot.record.name] = change.staged;
		else
			filling[#filling + 1] = change;
		end
	end
	return replacing, filling;
end

-- Keys and values are read from disk once; from then on the chain has them.
local function stored(chain, name)
	if chain:has_store(name) then return nil; end
	return store.read(name);
end

local function restore_rows(changes)
	for _, change in ipairs(changes) do
		if change.is_written then history.write(change.slot.record.name, change.slot.row); end
	end
end

local function write_rows(changes)
	for _, change in ipairs(changes) do
		local row = history.with(change.slot.row, change.entry, change.signature, change.file);
		-- A start that goes on where the last run ended has nothing to write.
		local ok, err = true, nil;
		if change.entry ~= change.slot.row.current then ok, err = history.write(change.slot.record.name, row); end
		if not ok then
			restore_rows(changes);
			return nil, err;
		end
		change.row, change.is_written = row, true;
	end
	return true;
end

local function fill(loader, changes)
	for _, change in ipairs(changes) do
		local name = change.slot.record.name;
		loader:declare(change.slot.record, change.entry.on_error);
		local ok, err = loader.chain:put(name, change.staged, stored(loader.chain, name));
		if not ok then return nil, ("%s: %s"):format(name, tostring(err)); end
		-- It runs, whatever becomes of the others.
		change.slot.entry, change.slot.state, change.slot.reason = change.entry, "running", nil;
	end
	return true;
end

local function publish(loader, changes, replacing, probation)
	local stores = {};
	for _, change in ipairs(changes) do
		local name = change.slot.record.name;
		if replacing[name] then
			stores[name] = stored(loader.chain, name);
			loader:declare(change.slot.record, change.entry.on_error);
		end
	end
	return loader.chain:publish(replacing, probation, stores);
end

local function note(change, replaced, marker_path)
	local slot, entry = change.slot, change.entry;
	slot.row = change.row or slot.row; -- what could not be written is not remembered
	slot.previous = replaced or nil;
	slot.entry, slot.state, slot.reason, slot.staged, slot.candidate = entry, "running", nil, nil, nil;
	if slot.died then marker.remove(marker_path, slot.record.name); end
	slot.is_unloaded, slot.died, slot.remark = nil, nil, nil;
	local permissions = table.concat(change.staged:facts().permissions or {}, "; ");
	if replaced then
		module:log("info", "The policy %s was swapped (%s): generation %s takes the place of %s; it %s",
			slot.record.name, entry.how, generation.short(entry.identity), generation.short(replaced.identity), permissions);
	else
		module:log("info", "The policy %s is in force (%s, generation %s): it %s",
			slot.record.name, entry.how, generation.short(entry.identity), permissions);
	end
end

-- options: { fresh, probation, is_start }. -> true | nil, sentence, step
local function commit(loader, changes, options)
	local replacing, filling = sorted_out(changes);
	if replacing then
		local ok, err = loader.chain:hand_over(replacing, options.fresh == true);
		if not ok then return nil, tostring(err), "handing over"; end
	end
	local written, write_err = write_rows(changes);
	if not written then
		-- At the start there is nothing that could go on instead.
		if not options.is_start then return nil, write_err, "writing the history"; end
		module:log("warn", "The next start will not know what is in force now: %s", write_err);
	end
	local ok, err = fill(loader, filling);
	if ok and replacing then ok, err = publish(loader, changes, replacing, options.probation); end
	if not ok then
		restore_rows(changes);
		return nil, tostring(err), "publishing";
	end
	for _, change in ipairs(changes) do
		note(change, replacing and replacing[change.slot.record.name] and change.slot.entry, loader.options.marker_path);
	end
	loader:after_change();
	return true;
end

return { commit = commit };

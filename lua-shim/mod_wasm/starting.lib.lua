-- The first moments: what was in force is in force again before ports open, and what ended the server last time is not.

local candidates = module:require "candidates";
local commit = module:require "commit";
local generation = module:require "generation";
local history = module:require "history";
local marker = module:require "marker";
local reasons = module:require "reasons";
local shown = module:require "text".shown;

local function of_configuration(slot, record)
	local what = ("configuration:%s:%s"):format(record.signature, slot.applied.file or "-");
	return { recipe = generation.of_record(record); how = "configuration"; what = what };
end

local function of_history(loader, record, entry)
	return { recipe = generation.of_entry(record.name, entry, loader.options.kept_path); entry = entry; what = entry.identity; is_remembered = true };
end

-- The history goes on as long as nobody changed the configuration or the file it names.
local function first_choice(loader, slot, record)
	local row, file = slot.row, slot.applied.file;
	local is_current = record.mode == "enforce" and row.current and row.config_signature == record.signature;
	if is_current and (row.config_file == file or not file) then return of_history(loader, record, row.current); end
	return of_configuration(slot, record);
end

-- -> choice | nil: there is nothing else
local function other_choice(loader, slot, record, died)
	local entry = record.mode == "enforce" and history.newest_other(slot.row, died);
	if not entry then return nil; end
	local choice = of_history(loader, record, entry);
	choice.entry, choice.how = nil, "safe mode"; -- a new line of the history: the next start begins with it
	return choice;
end

local function stay_closed(loader, slot, record)
	local reason = ("the server died while it loaded this policy, and there is no other generation to go back to; "
		.."correct it, or try again with: wasm swap %s %s"):format(module.host, record.name);
	slot.died = true;
	loader:close(slot, reason);
	module:log("error", "The policy %s is not in force: %s", record.name, reason);
end

-- What was in force before the start is what a replaced file is measured by: it may not import more than that.
local function stage_now(loader, slot, choice)
	local request = generation.request(choice.recipe, loader.options, { live = slot.row.current });
	local staged, err, phase = loader.native.stage_now(request);
	if phase == "loading" then
		-- The library takes away an artifact that does not load: then it can be compiled again.
		staged, err, phase = loader.native.stage_now(request);
	end
	if staged or phase ~= "keeping" then return staged, err, phase; end
	-- Rather a policy that cannot be gone back to than none.
	module:log("warn", "The component of the policy %s is not kept for a rollback: %s", request.name, shown(err));
	request.kept_path = nil;
	return loader.native.stage_now(request);
end

local function say_origin(record, entry, configured)
	if not entry or entry.how == "configuration" or entry.how == "follow" then return; end
	module:log("warn", "The policy %s is generation %s, as before the start; it came by %s, not by the configuration%s",
		record.name, generation.short(entry.identity), entry.how, configured and "" or ", whose file is not there");
end

local function put(loader, slot, record, choice, staged)
	local facts = staged:facts();
	local is_same = choice.entry and choice.entry.identity == facts.identity;
	local entry = is_same and choice.entry or generation.entry(choice.recipe, facts, choice.how or choice.entry.how);
	if record.mode == "shadow" then return candidates.start_configured(loader, slot, staged, entry); end
	local change = { slot = slot, staged = staged, entry = entry, signature = record.signature, file = slot.applied.file };
	local ok, err, step = commit.commit(loader, { change }, { is_start = true });
	if not ok then return loader:fail(slot, reasons.of_step(record, err, step)); end
	say_origin(record, choice.entry, slot.applied.file);
end

local load; -- forward declaration

-- Did what was in force before stay within what is granted now? Without grants, it is the measure.
local function is_granted(record, entry)
	local granted = {};
	for _, name in ipairs(record.grants or entry.imports or {}) do granted[name] = true; end
	for _, name in ipairs(entry.imports or {}) do
		if not granted[name] then return false; end
	end
	return true;
end

-- The file was replaced by one that asks for more: until somebody grants it, the kept component goes on.
local function go_on_as_before(loader, slot, record, refusal)
	load(loader, slot, record, of_history(loader, record, slot.row.current), {});
	if slot.entry then loader:keep(slot, reasons.of_step(record, refusal, "granting")); end
end

function load(loader, slot, record, choice, died)
	died[choice.what] = true; -- all that was tried, should this one end the server too
	marker.write(loader.options.marker_path, record.name, died);
	local ok, staged, err, phase = pcall(stage_now, loader, slot, choice);
	marker.remove(loader.options.marker_path, record.name);
	if not ok then staged, err, phase = nil, staged, "loading"; end
	if staged then return put(loader, slot, record, choice, staged); end
	if phase == "compiling" then return loader:stage(slot, record, choice.how or choice.entry.how, choice.is_remembered and choice); end
	local current = not choice.is_remembered and slot.row.current;
	if phase == "granting" and current and is_granted(record, current) then return go_on_as_before(loader, slot, record, err); end
	if choice.is_remembered then return loader:without_history(slot, record, err, phase); end
	loader:not_prepared(slot, record, err, phase);
end

local function start(loader, slot, record)
	slot.applied = loader:applied(record);
	loader:declare(record);
	if record.mode ~= "enforce" then slot.state = record.mode; end
	if record.mode == "off" then return; end
	local died = marker.read(loader.options.marker_path, record.name);
	local choice = first_choice(loader, slot, record);
	if not died[choice.what] then return load(loader, slot, record, choice, {}); end
	local other = other_choice(loader, slot, record, died);
	if not other then return stay_closed(loader, slot, record); end
	module:log("error", "The server died while it loaded the policy %s, so an earlier generation is loaded instead; "
		.."try the other again with: wasm swap %s %s", record.name, module.host, record.name);
	load(loader, slot, record, other, died);
end

return { start = start };

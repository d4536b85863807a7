-- One generation of a policy: what shapes it, how the library is asked for it, how the history remembers it.
-- A recipe is everything that shapes one: { name, path, file, sha256, settings, grants, limits, on_error },
-- of what is configured also { files }, which are in its settings, and of what was loaded before { imports }.

local files = module:require "files";
local lfs = require "lfs";
local now = require "util.time".now;

local function copied(list)
	return list and { table.unpack(list) };
end

local function copied_limits(limits)
	return limits and { milliseconds = limits.milliseconds; memory = limits.memory; budget = limits.budget };
end

-- What the configuration asks for.
local function of_record(record)
	return {
		name = record.name; path = record.path; file = record.path; sha256 = record.sha256; settings = record.settings;
		grants = copied(record.grants); limits = copied_limits(record.limits); on_error = record.on_error; files = record.files;
	};
end

local function kept_file(kept_path, sha256)
	local path = ("%s/%s.wasm"):format(kept_path, sha256);
	return lfs.attributes(path, "mode") == "file" and path or nil;
end

-- What the history remembers: the very bytes, wherever they are still found.
local function of_entry(name, entry, kept_path)
	return {
		name = name; path = kept_file(kept_path, entry.sha256) or entry.file; file = entry.file; sha256 = entry.sha256;
		settings = entry.settings; grants = copied(entry.grants); limits = copied_limits(entry.limits); on_error = entry.on_error;
		imports = copied(entry.imports);
	};
end

local function joined(first, second)
	local all, known = {}, {};
	for _, list in ipairs({ first or {}, second or {} }) do
		for _, name in ipairs(list) do
			if not known[name] then all[#all + 1] = name; end
			known[name] = true;
		end
	end
	table.sort(all);
	return all;
end

-- Settings that are said at the shell leave the files as they are, unless they have some of their own.
local function with_files(settings, found)
	return found and files.into(settings, found, "") or settings;
end

-- Somebody at the shell may say otherwise: { settings, grant, milliseconds, memory, budget, on_error, sha256 }
local function changed(recipe, file, flags)
	if file then recipe.path, recipe.file, recipe.sha256 = file, file, nil; end
	recipe.sha256 = flags.sha256 or recipe.sha256;
	recipe.settings = flags.settings and with_files(flags.settings, recipe.files) or recipe.settings;
	recipe.on_error = flags.on_error or recipe.on_error;
	if flags.grant and recipe.grants then recipe.grants = joined(recipe.grants, flags.grant); end
	for _, limit in ipairs({ "milliseconds", "memory", "budget" }) do
		if flags[limit] then
			recipe.limits = recipe.limits or {};
			recipe.limits[limit] = flags[limit];
		end
	end
	return recipe;
end

-- Without grants, an upgrade may import what its predecessor did; `grant` adds to that. What was accepted once,
-- the history remembers.
local function accepted(recipe, live, grant)
	if recipe.imports and not recipe.grants then return joined(recipe.imports, grant); end
	if recipe.grants or not live or not live.imports then return nil; end
	return joined(live.imports, grant);
end

-- options: the paths; extra: { live = entry in force, grant, unless, gate }
local function request(recipe, options, extra)
	return {
		name = recipe.name; path = recipe.path; sha256 = recipe.sha256; settings = recipe.settings;
		grants = recipe.grants; limits = recipe.limits; on_error = recipe.on_error;
		trusted_keys = options.trust.keys; require_signatures = options.trust.is_required;
		accepted = accepted(recipe, extra.live, extra.grant);
		cache_path = options.cache_path; compiler = options.compiler; compile_seconds = options.compile_seconds;
		kept_path = options.kept_path; unless = extra.unless; gate = extra.gate;
	};
end

-- A line of the history.
local function entry(recipe, facts, how)
	return {
		identity = facts.identity; sha256 = facts.sha256; settings = recipe.settings; grants = copied(recipe.grants);
		limits = copied_limits(recipe.limits); on_error = recipe.on_error; imports = copied(facts.imports) or {};
		how = how; at = math.floor(now()); file = recipe.file;
	};
end

-- Do the settings say the same, and are as much granted and refused?
local function is_same_rule(recipe, other)
	local function list(grants) return grants and table.concat(grants, ",") or "-"; end
	return recipe.settings == other.settings and recipe.on_error == other.on_error and list(recipe.grants) == list(other.grants);
end

local function short(identity)
	return identity and identity:sub(1, 12) or "-";
end

-- A file that was written again is another one, whatever it is called; so is one with another signature. No telling
-- without a file.
local function fingerprint(path)
	local attributes, signature = lfs.attributes(path), lfs.attributes(path..".minisig");
	local signed = signature and (":%d:%d"):format(signature.size, signature.modification) or "";
	return attributes and ("%d:%d%s"):format(attributes.size, attributes.modification, signed) or nil;
end

-- The same, for as long as the server runs: also a file of the same size in the same second is another one.
local function look(path)
	local attributes, signature = lfs.attributes(path), lfs.attributes(path..".minisig");
	local signed = signature and (":%d:%d:%d"):format(signature.ino, signature.size, signature.modification) or "";
	return attributes and ("%d:%d:%d%s"):format(attributes.ino, attributes.size, attributes.modification, signed);
end

-- Of all that a policy is loaded from: as it was when the configuration was read, and as it is now. nil without a component.
local function looks(record)
	local component, read, now_read = look(record.path), files.looks(record.files);
	if not component then return nil; end
	return component..read, component..now_read;
end

return {
	of_record = of_record; of_entry = of_entry; changed = changed; request = request; entry = entry;
	short = short; is_same_rule = is_same_rule; fingerprint = fingerprint; looks = looks;
};

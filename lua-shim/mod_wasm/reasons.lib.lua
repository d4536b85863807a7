-- Why a policy is not in force, in sentences an operator can use.

local did_you_mean = module:require "suggestion".did_you_mean;
local lfs = require "lfs";
local shown = module:require "text".shown;

local max_path = 200; -- characters

-- Where the system forbids something, it does not say on whose behalf.
local remedies = {
	["failed to make memory executable"] = "set MemoryDenyWriteExecute=no for this service in systemd";
	["thread that loads policies could not be started"] = "raise TasksMax or LimitNPROC of this service in systemd";
};

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
local function with_short_path(path, sentence)
	local first, last = sentence:find(path, 1, true);
	return first and sentence:sub(1, first - 1)..shown(path, max_path)..sentence:sub(last + 1) or sentence;
end

local function of_reading(record, sentence)
	if not record.is_bundled or lfs.attributes(record.path) then return with_short_path(record.path, sentence); end
	local folder = record.path:match("^(.*)/[^/]*$") or ".";
	return ("there is no bundled policy \"%s\"%s (looked for %s; wasm_policies.%s.path names any other file)")
		:format(record.name, did_you_mean(record.name, bundled_names(folder)), shown(record.path, max_path), record.name);
end

local function with_remedy(sentence)
	for what, remedy in pairs(remedies) do
		if sentence:find(what, 1, true) then return sentence.."; "..remedy; end
	end
	return sentence;
end

-- A file that cannot be read is named anyway; every other step names itself.
local function of_step(record, sentence, phase)
	sentence = tostring(sentence);
	if phase == "reading" then return of_reading(record, sentence); end
	-- These say themselves what they are about: a file and its signature, a setting.
	if phase == "verifying" or phase == "checking" then phase = nil; end
	return (phase and phase..": " or "")..with_remedy(with_short_path(record.path, sentence));
end

local function short_path(record) return shown(record.path, max_path); end

return { of_step = of_step; short_path = short_path };

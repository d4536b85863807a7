-- A new build of the library takes over without a restart: every policy is compiled for it first, while the old
-- one goes on judging, and then mod_wasm is loaded again on each host.

local generation = module:require "generation";
local library = module:require "library";
local modulemanager = require "core.modulemanager";
local promise = require "util.promise";
local shown = module:require "text".shown;
local sorted_pairs = require "util.iterators".sorted_pairs;
local staging = module:require "staging";
local timer = require "util.timer";

-- hosts: [host] = see policies.lib.lua. -> [host] = path that is used there and is not the newest
local function outdated(hosts, path)
	local found, count = {}, 0;
	for host, this in pairs(hosts) do
		if this.library_path and this.library_path ~= path then found[host] = this; count = count + 1; end
	end
	return found, count;
end

-- What is in force, and what would be: of each policy what the next start loads.
local function requests(hosts)
	local list = {};
	for host, this in sorted_pairs(hosts) do
		for name, slot in sorted_pairs(this.loader and this.loader.slots or {}) do
			if slot.entry or slot.candidate then
				local entry = slot.entry or slot.candidate.entry;
				local recipe = generation.of_entry(name, entry, this.options.kept_path);
				list[#list + 1] = { host = host; name = name; request = generation.request(recipe, this.options, {}) };
			end
		end
	end
	return list;
end

-- The results are thrown away: what stays is the cache. One name per work, because hosts share names of policies.
local function compile_all(native, list, print, resolve, reject)
	local stager, left, failed = staging.new(native), #list, nil;
	if left == 0 then return resolve(); end
	for _, item in ipairs(list) do
		local what = ("%s on %s"):format(item.name, item.host);
		local function ended(err)
			failed, left = failed or err, left - 1;
			if left > 0 then return; end
			if failed then reject(failed); else resolve(); end
		end
		stager:add({
			key = item.host.." "..item.name; request = item.request;
			on_phase = function (phase, seconds) print(("%6.2f s  %s: %s"):format(seconds, what, phase)); end;
			on_done = function () ended(); end;
			on_unchanged = function () ended(); end;
			on_error = function (sentence, phase) ended(("%s: %s: %s"):format(what, phase or "preparing", sentence)); end;
		});
	end
end

-- In one go, because the first of them unloads this very code. -> sentences
local function reload_all(hosts)
	local problems = {};
	for host in sorted_pairs(hosts) do
		local called, ok, err = pcall(modulemanager.reload, host, "wasm");
		if not called or not ok then problems[#problems + 1] = ("%s: %s"):format(host, tostring(not called and ok or err)); end
	end
	return problems;
end

local function reload_soon(hosts, count, path, resolve, reject)
	timer.add_task(0, function ()
		local problems = reload_all(hosts);
		if #problems > 0 then
			return reject(shown("mod_wasm could not be loaded again on "..table.concat(problems, "; ").."; see the log and wasm list", 600));
		end
		resolve(("mod_wasm was loaded again on %d hosts with %s; see: wasm list"):format(count, shown(path, 200)));
	end);
end

-- -> a promise of one line, refused with one line
local function take_over(this, hosts, print)
	local path = this.newest_library();
	local old, count = outdated(hosts, path);
	return promise.new(function (resolve, reject)
		if count == 0 then return resolve(("%s is in use already: nothing to do"):format(shown(path, 200))); end
		local native, err = library.open_any(path);
		if not native then return reject(shown(err..". Nothing was changed", 600)); end
		local list = requests(old);
		print(("%s is version %s; compiling %d policies for it, the old one goes on judging"):format(shown(path, 200), tostring(native.version), #list));
		compile_all(native, list, print, function ()
			print(("loading mod_wasm again on %d hosts"):format(count));
			reload_soon(old, count, path, resolve, reject);
		end, function (sentence)
			reject(shown("The new library was not taken over, nothing was changed: "..sentence, 600));
		end);
	end);
end

return { take_over = take_over };

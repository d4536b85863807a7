-- Shell commands: `prosodyctl shell wasm VERB HOST POLICY [FILE] [--flag=value]`, or `wasm:verb("HOST", "POLICY", ..)`.
-- This module lives once per host, the commands exist once per server and find the host that is meant.

local commands = module:require "commands";
local did_you_mean = module:require "suggestion".did_you_mean;
local shown = module:require "text".shown;
local usage = module:require "usage";

-- [host] = see policies.lib.lua
local hosts = module:shared("/*/wasm/hosts");
-- The table of commands itself, because items of host modules would need a host argument on 13.0,
-- and 0.12 knows no items. It exists even if admin_shell is loaded later.
local sections = module:shared("/*/admin_shell/env");
-- 13.0 asks here for words it does not find there: "safe-mode" cannot be the name of a method, and mistyped
-- verbs get an answer. On 0.12 every line that begins with "wasm" would come here.
local lines = module:shared("/*/admin_shell/commands");

local function has_word_commands()
	local ok, features = pcall(require, "core.features");
	return ok and type(features) == "table" and features.available ~= nil and features.available:contains("loader");
end

local function unknown_verb(word)
	if word == "" then return nil, "no verb is given"..did_you_mean("", usage.verbs); end
	return nil, ("unknown verb \"%s\"%s"):format(shown(word), did_you_mean(tostring(word), usage.verbs));
end

local function method_of(word) return (word:gsub("-", "_")); end

local function print_result(session, ok, text)
	if ok then session.print("OK: "..tostring(text)); else session.print("Error: "..tostring(text)); end
end

-- "wasm safe-mode HOST deny", typed or from prosodyctl.
local function run_line(section, session, line)
	local words = {};
	for word in line:gmatch("%S+") do words[#words + 1] = word; end
	local verb = words[2] or "";
	local command = rawget(section, method_of(verb));
	if type(command) ~= "function" then return print_result(session, unknown_verb(verb)); end
	local ok, text = command({ session = session }, table.unpack(words, 3));
	local promise, async = require "util.promise", require "util.async";
	if promise.is_promise(ok) then
		if not async.ready() then return session.print("It goes on in the background, see the log and: wasm list"); end
		text, ok = async.wait_for(ok);
		ok, text = text, text or ok;
	end
	print_result(session, ok, text);
end

-- Timers of an unloaded module are silent, so the commands have to be those of one that is loaded.
local function offer()
	local section = {};
	for name, command in pairs(commands.new(hosts)) do section[name] = command; end
	-- 13.0 finds commands and their help through the metatable of the section.
	sections.wasm = setmetatable(section, {
		help = usage.help;
		__index = function (_, word)
			return type(word) == "string" and function () return unknown_verb(word); end or nil;
		end;
	});
	if has_word_commands() then
		lines.wasm = function (session, line) run_line(section, session, line); end;
	end
end

local function start(this)
	hosts[module.host] = this;
	this.offer_commands = offer;
	offer();
end

local function stop()
	hosts[module.host] = nil;
	local _, other = next(hosts);
	if other then return other.offer_commands(); end
	sections.wasm, lines.wasm = nil, nil;
end

return { start = start; stop = stop };

-- Loads a library that takes the signals of faults (foreign_handlers_library) when somebody says so. At the shell:
-- foreign:install(PASSES_ON), foreign:fault(), foreign:others().
module:set_global();

local path = module:get_option_string("foreign_handlers_library");
local sections = module:shared("/*/admin_shell/env");
local commands = {};

local function call(name, ...)
	return assert(package.loadlib(path, name))(...);
end

for _, name in ipairs({ "install", "fault", "others" }) do
	commands[name] = function (_, ...) return true, ("%d"):format(call(name, ...)); end;
end

function module.load() sections.foreign = commands; end
function module.unload() sections.foreign = nil; end

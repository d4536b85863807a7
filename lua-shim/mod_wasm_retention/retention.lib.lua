-- What is in force: options, the library that scrubs, the modules that keep records.

local condition = module:require "condition";
local recorders = module:require "recorders";
local names = module:require "names";
local options = module:require "options";
local scrubbing = module:require "scrubbing";

-- What makes up the status. `failure` is why lines are withheld.
local this = { options = options.defaults(), kept = {} };
local set_scrubbing, count_sinks;

local function show()
	module:set_status(condition.summary(this, count_sinks()));
end

local function read()
	this.options = options.read();
	for _, problem in ipairs(this.options.problems) do module:log("error", "%s", problem); end
	set_scrubbing({ redacts_debug = this.options.redact });
end

local function open_library()
	local scrub, err = scrubbing.open(this.options.library);
	if scrub then
		this.failure = nil;
		set_scrubbing({ scrub = scrub, without_names = names.without });
	elseif this.failure ~= err then
		this.failure = err;
		module:log("error", "%s. Until then lines of the log are withheld", err);
	end
end

local function start(set, count)
	set_scrubbing, count_sinks = set, count;
	read();
	open_library();
	recorders.start(this, show);
	show();
end

local function reload()
	read();
	if this.failure then open_library(); end
	recorders.look();
	show();
end

return { start = start; reload = reload };

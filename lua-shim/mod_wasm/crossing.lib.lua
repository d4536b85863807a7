-- Calls into the library from Prosody's events: counted, since none may be under way when this module is replaced,
-- and protected, since an error in a handler loses the stanza without a word.

local now = require "util.time".monotonic;

local seconds_between_reports = 60;
local depth = 0; -- one stanza that is answered may lead to another
local last_report, unreported = -math.huge, 0;

local function write_report(state, err)
	unreported = unreported + 1;
	if now() - last_report < seconds_between_reports then return; end
	module:log("error", "Judging a stanza failed (%d since the last report), so it was %s: %s",
		unreported, state.denies and "refused if it carries text" or "let through", tostring(err));
	last_report, unreported = now(), 0;
end

local function report(state, err) pcall(write_report, state, err); end

-- Does it. -> true, what it returned | false. Without `...`, which costs every stanza more than what it would spare us.
local function protect(state, action, one, two, three, four, five)
	depth = depth + 1;
	local ok, result = pcall(action, one, two, three, four, five);
	depth = depth - 1;
	if ok then return true, result; end
	report(state, result);
	return false;
end

-- A handler that stands in nobody's way: when it fails, Prosody goes on as if it were not there. No `false`: see ARCHITECTURE.md.
local function or_nothing(state, action)
	return function (event)
		local _, result = protect(state, action, event);
		return result or nil;
	end;
end

-- Words only: reasons come from policies and must not carry what people wrote into the log.
local words, count, max_words = {}, 0, 1000; -- there are few different ones

local function word(text)
	if text == nil or text == "" then return "-"; end
	if count >= max_words then words, count = {}, 0; end
	count = count + 1;
	words[text] = tostring(text):sub(1, 64):gsub("[^%w_.:/-]", "_");
	return words[text];
end

-- hook: an interface of wit/; kind: what was asked
local function log_decision(policy, hook, kind, direction, verdict, reason, microseconds)
	module:log("debug", "decision policy=%s hook=%s kind=%s direction=%s verdict=%s reason=%s us=%.1f",
		words[policy] or word(policy), hook, kind, direction, verdict, words[reason] or word(reason), microseconds or 0);
end

local quick = setmetatable({}, { __mode = "k" }); -- [chain] = how it decides; a chain that is gone must not stay for this

local function decider(chain)
	quick[chain] = chain:quick();
	return quick[chain];
end

local function number_of(chain, asked, passage)
	local question = assert(chain:question(asked, passage.direction, passage.source, passage.destination));
	passage.questions[asked] = question;
	return question;
end

-- What the policies say. asked: a key of `interfaces` in rulings.lib.lua, or a kind of stanza; again: has this chain judged it as
-- outgoing? known: what is known besides the stanza | nil -> verdict, policy, reason, microseconds, details
local function decide(chain, stanza, asked, passage, again, known)
	local question = passage.questions[asked] or number_of(chain, asked, passage);
	if known then
		known.judged = again;
		return chain:decide(stanza, question, known);
	end
	local verdict, policy, reason, microseconds = (quick[chain] or decider(chain))(stanza, question, again);
	if verdict then return verdict, policy, reason, microseconds; end -- it passes as it is, as most do
	return chain:told();
end

local function is_under_way() return depth > 0; end

return { protect = protect; or_nothing = or_nothing; report = report; decide = decide; log_decision = log_decision; is_under_way = is_under_way };

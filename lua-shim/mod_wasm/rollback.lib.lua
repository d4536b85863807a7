-- Back to the generation before, which is still warm: at once, by hand or by the chain itself.

local generation = module:require "generation";
local history = module:require "history";
local now = require "util.time".now;
local shown = module:require "text".shown;
local store = module:require "store";

-- The same generation, in force again.
local function again(entry, how)
	local copy = {};
	for key, value in pairs(entry) do copy[key] = value; end
	copy.how, copy.at = how, math.floor(now());
	return copy;
end

local function known_entry(slot, identity)
	if slot.previous and slot.previous.identity == identity then return slot.previous; end
	return history.find(slot.row, identity);
end

-- It has happened already; what cannot be written must not undo it.
-- -> nil | sentence
local function note(slot, identity, how)
	local entry, left = known_entry(slot, identity), slot.entry;
	slot.reason, slot.remark = nil, nil;
	if not entry then return "the history does not know the generation "..generation.short(identity); end
	slot.entry, slot.previous = again(entry, how), left;
	local row = history.with(slot.row, slot.entry, slot.row.config_signature, slot.row.config_file);
	local ok, err = history.write(slot.record.name, row);
	if not ok then return err.."; the next start may load what was left"; end
	slot.row = row;
end

-- -> identity | nil, sentence; and a warning
local function warm(loader, slot)
	local identity, err, undone = loader.chain:rollback(slot.record.name);
	if not identity then return nil, tostring(err); end
	store.undo(slot.record.name, undone);
	local warning = note(slot, identity, "rollback");
	loader:declare(slot.record, slot.entry.on_error);
	loader:after_change();
	return identity, nil, warning;
end

-- A "rolled-back" effect: probation or the thresholds of a canary were exceeded.
local function by_itself(loader, effect)
	local slot = loader.slots[effect.policy];
	module:log("error", "The %s of policy %s went back by itself, from generation %s to %s: %s", effect.what, effect.policy,
		generation.short(effect.from), generation.short(effect.to), shown(effect.reason, 500));
	store.undo(effect.policy, effect.undone);
	if slot and effect.what == "canary" then
		slot.candidate = nil;
	elseif slot then
		local warning = note(slot, effect.to, "probation");
		slot.remark = "went back by itself: "..shown(effect.reason, 300);
		if warning then module:log("error", "The policy %s went back, but %s", effect.policy, warning); end
		if slot.entry then loader:declare(slot.record, slot.entry.on_error); end
	end
	loader:after_change();
end

return { warm = warm; by_itself = by_itself };

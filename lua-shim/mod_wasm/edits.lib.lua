-- Edits of a stanza, all or none: planned beside it, then written in one go, into the stanza or into a copy.
-- Node numbers count elements and texts in document order; 0 is the stanza, and they stay those of
-- the stanza before the first edit. A later edit of the same thing wins; one inside something that is
-- removed or replaced has no effect.

local st = require "util.stanza";
local find = module:require "numbered_nodes".find;

local none = {};

local function element_cell(numbered, number)
	local cell = numbered[number];
	if not cell or type(cell.value) ~= "table" then
		error(("there is no element with the number %s"):format(tostring(number)), 0);
	end
	return cell;
end

local function touch_attributes(cell)
	if not cell.attr then
		cell.attr = {};
		for name, value in pairs(cell.value.attr) do cell.attr[name] = value; end
	end
	return cell.attr;
end

local plan = {};

plan["remove"] = function (numbered, edit)
	local cell = numbered[edit.node];
	if not cell or not cell.parent then
		error(("node %s cannot be removed"):format(tostring(edit.node)), 0);
	end
	cell.is_removed, cell.parent.is_touched = true, true;
end

plan["set-text"] = function (numbered, edit)
	local cell = element_cell(numbered, edit.node);
	st.stanza("text"):text(edit.text); -- raises on what cannot be sent
	cell.text, cell.is_touched = edit.text, true;
end

plan["set-attribute"] = function (numbered, edit)
	local cell = element_cell(numbered, edit.node);
	st.stanza(cell.value.name, { [edit.name] = edit.value });
	touch_attributes(cell)[edit.name] = edit.value;
end

plan["remove-attribute"] = function (numbered, edit)
	touch_attributes(element_cell(numbered, edit.node))[edit.name] = nil;
end

-- What an element inside that says no namespace of its own has; nil for the stream's.
local function namespace_inside(cell)
	while cell and not cell.value.attr.xmlns do cell = cell.parent; end
	return cell and cell.value.attr.xmlns;
end

plan["append"] = function (numbered, edit)
	local parent = element_cell(numbered, edit.node);
	local attributes = {};
	for name, value in pairs(edit.attributes or {}) do attributes[name] = value; end
	-- The stream's own namespace is written as none, else it would be wrong on the next stream. Modules leave out what an
	-- element has from the one around it, so it is not enough to look at the parent.
	local is_stream_namespace = edit.xmlns == "jabber:client" and not namespace_inside(parent);
	if not is_stream_namespace and edit.xmlns ~= "" then attributes.xmlns = edit.xmlns; end
	parent.appended = parent.appended or {};
	table.insert(parent.appended, st.stanza(edit.name, attributes):text(edit.text):reset());
	parent.is_touched = true;
end

-- Writes what is inside anew: what is appended comes last and stays, whatever the order of the edits. If the stanza itself is
-- written, nothing is overwritten that has not been read.
local function write_children(cell)
	local old, element, inside, count = cell.value, cell.written, cell.inside or none, 0;
	local length = #old;
	if cell.text and cell.text ~= "" then element[1], count = cell.text, 1; end
	for position = 1, cell.text and 0 or length do
		local child = inside[position];
		if not (child and child.is_removed) then
			count = count + 1;
			element[count] = child and child.written or old[position];
		end
	end
	for _, appended in ipairs(cell.appended or none) do
		count = count + 1;
		element[count] = appended;
	end
	for position = count + 1, length do element[position] = nil; end
end

local function write_tags(element)
	local tags, count = element.tags, 0;
	for _, child in ipairs(element) do
		if type(child) == "table" then
			count = count + 1;
			tags[count] = child;
		end
	end
	for position = count + 1, #tags do tags[position] = nil; end
end

local function write_attributes(cell)
	local attr = cell.written.attr;
	for name in pairs(attr) do
		if cell.attr[name] == nil then attr[name] = nil; end
	end
	for name, value in pairs(cell.attr) do attr[name] = value; end
end

-- Nothing in here can fail: half an edit must not leave the server.
local function write(cell, is_copy)
	if cell.is_touched or is_copy then
		write_children(cell);
		write_tags(cell.written);
	end
	if cell.attr then write_attributes(cell); end
end

-- Raises, without having changed anything, if one of the edits is impossible. -> cells, that of the stanza; see numbered_nodes.lib.lua
local function planned(stanza, edits)
	local numbered, cells = find(stanza, edits);
	for _, edit in ipairs(edits) do
		local plan_edit = plan[edit.op] or error(("unknown edit %q"):format(tostring(edit.op)), 0);
		plan_edit(numbered, edit);
	end
	return cells, numbered[0];
end

-- First where each element is written, since what it is inside of needs that.
local function write_all(cells, is_copy)
	for _, cell in ipairs(cells) do
		if type(cell.value) == "table" then cell.written = is_copy and st.clone(cell.value, true) or cell.value; end
	end
	for _, cell in ipairs(cells) do
		if cell.written then write(cell, is_copy); end
	end
end

-- In the stanza itself, which others may hold on to.
local function apply(stanza, edits)
	write_all((planned(stanza, edits)), false);
end

-- -> a copy after the edits. What no edit touches is not copied but in both: whoever changed something inside of one of them would
-- change the other. So it is for those who only read it, and keep at most a copy of it.
local function copied(stanza, edits)
	local cells, root = planned(stanza, edits);
	write_all(cells, true);
	return root.written;
end

return { apply = apply; copied = copied };

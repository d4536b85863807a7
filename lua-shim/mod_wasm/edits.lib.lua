-- Edits of a stanza, all or none: planned on copies of what they touch, then written back in one go.
-- Node numbers count elements and texts in document order; 0 is the stanza, and they stay those of
-- the stanza before the first edit. A later edit of the same thing wins; one inside something that is
-- removed or replaced has no effect.

local st = require "util.stanza";

-- Every child becomes a cell, so that a text, which is a mere string, can be found again.
-- -> { [number] = { value, parent = cell } }
local function number_nodes(stanza)
	local root = { value = stanza };
	local numbered, last = { [0] = root }, 0;
	local stack = { { cell = root, next = 1 } };
	while #stack > 0 do
		local top = stack[#stack];
		local child = top.cell.value[top.next];
		top.next = top.next + 1;
		if child == nil then
			stack[#stack] = nil;
		else
			last = last + 1;
			local cell = { value = child, parent = top.cell };
			numbered[last] = cell;
			if type(child) == "table" then stack[#stack + 1] = { cell = cell, next = 1 }; end
			top.cell[#top.cell + 1] = cell;
		end
	end
	return numbered;
end

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

-- What is appended comes last and stays, whatever the order of the edits.
local function children_of(cell)
	local children = {};
	if cell.text then
		if cell.text ~= "" then children[1] = cell.text; end
	else
		for _, child in ipairs(cell) do
			if not child.is_removed then children[#children + 1] = child.value; end
		end
	end
	for _, element in ipairs(cell.appended or {}) do children[#children + 1] = element; end
	return children;
end

local function replace_array(array, values)
	for i = 1, math.max(#array, #values) do array[i] = values[i]; end
end

-- Nothing in here can fail: half an edit must not leave the server.
local function write_back(cell)
	local element = cell.value;
	if cell.is_touched then
		local children, tags = children_of(cell), {};
		for _, child in ipairs(children) do
			if type(child) == "table" then tags[#tags + 1] = child; end
		end
		replace_array(element, children);
		replace_array(element.tags, tags);
	end
	if not cell.attr then return; end
	for name in pairs(element.attr) do
		if cell.attr[name] == nil then element.attr[name] = nil; end
	end
	for name, value in pairs(cell.attr) do element.attr[name] = value; end
end

-- Raises, without having changed anything, if one of the edits is impossible.
local function apply(stanza, edits)
	local numbered = number_nodes(stanza);
	for _, edit in ipairs(edits) do
		local plan_edit = plan[edit.op] or error(("unknown edit %q"):format(tostring(edit.op)), 0);
		plan_edit(numbered, edit);
	end
	for number = 0, #numbered do write_back(numbered[number]); end
end

return { apply = apply };

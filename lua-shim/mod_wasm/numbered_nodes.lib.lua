-- The nodes of a stanza that edits name by number: elements and texts in document order, 0 is the stanza.
-- Each message is edited that is archived, and most of it is not touched: only what is named, and what that is inside of, is kept
-- in tables of ours.

local function numbers_of(edits)
	local numbers, count = {}, 0;
	for _, edit in ipairs(edits) do
		local number = edit.node;
		if number and number ~= 0 and not numbers[number] then numbers[number], count = true, count + 1; end
	end
	return numbers, count;
end

local function add_cell(path, parent, position, value)
	local cell = { value = value; parent = parent };
	parent.inside = parent.inside or {};
	parent.inside[position], path.all[#path.all + 1] = cell, cell;
	return cell;
end

-- The cell of what is at a position of the element at this depth, and of all that it is inside of.
local function cell_at(path, depth, position, value)
	local cells = path.cells;
	for level = 2, depth do
		cells[level] = cells[level] or add_cell(path, cells[level - 1], path.positions[level - 1], path.elements[level]);
	end
	return add_cell(path, cells[depth], position, value);
end

-- Only what is edited, and what that is inside of, gets a cell: { value, parent = cell, inside = { [position] = cell } }. The rest
-- of a stanza is most of it. -> { [number] = cell }, { cell, .. }: what is inside comes later
local function find(stanza, edits)
	local root = { value = stanza };
	local numbers, left = numbers_of(edits);
	local numbered, path = { [0] = root }, { elements = { stanza }; positions = {}; cells = { root }; all = { root } };
	local elements, positions, cells = path.elements, path.positions, path.cells;
	local element, depth, position, number = stanza, 1, 0, 0;
	while left > 0 do
		position = position + 1;
		local child = element[position];
		if child == nil then
			depth = depth - 1;
			if depth == 0 then break; end -- the plan says which number is missing
			element, position = elements[depth], positions[depth];
		else
			number = number + 1;
			local cell = numbers[number] and cell_at(path, depth, position, child) or false;
			if cell then numbered[number], left = cell, left - 1; end
			if type(child) == "table" then
				positions[depth], depth = position, depth + 1;
				element, position, elements[depth], cells[depth] = child, 0, child, cell;
			end
		end
	end
	return numbered, path.all;
end

return { find = find };

-- The nodes of a stanza that edits name by number: elements and texts in document order, 0 is the stanza.
-- Each message is edited that is archived, and most of it is not touched: only what is named, and what that is inside of, gets a cell:
-- { value, parent = cell, inside = { [position] = cell } }.

local none = {};

local function numbers_of(edits)
	local numbers, count = {}, 0;
	for _, edit in ipairs(edits) do
		local number = edit.node;
		if number and number ~= 0 and not numbers[number] then numbers[number], count = true, count + 1; end
	end
	return numbers, count;
end

local function add_cell(search, value, inside)
	local cell = { value = value; inside = inside; parent = nil; written = nil }; -- so that there is room for all of them
	for _, inner in pairs(inside or none) do inner.parent = cell; end
	search.cells[#search.cells + 1] = cell;
	return cell;
end

-- search: { numbers = those that are named, left = how many have not been met, number = of the last node that was met, numbered, cells }
-- -> { [position] = cell } | nil: nothing in here is named
local function look_into(search, element)
	local inside;
	for position = 1, #element do
		if search.left == 0 then break; end
		local child, number = element[position], search.number + 1;
		local is_named, inner = search.numbers[number], nil;
		search.number = number;
		if is_named then search.left = search.left - 1; end
		if type(child) == "table" then inner = look_into(search, child); end
		if is_named or inner then
			local cell = add_cell(search, child, inner);
			inside = inside or {};
			inside[position] = cell;
			if is_named then search.numbered[number] = cell; end
		end
	end
	return inside;
end

-- -> { [number] = cell }, { cell, .. }, in no order
local function find(stanza, edits)
	local numbers, left = numbers_of(edits);
	local search = { numbers = numbers; left = left; number = 0; numbered = {}; cells = {} };
	search.numbered[0] = add_cell(search, stanza, look_into(search, stanza));
	return search.numbered, search.cells;
end

return { find = find };

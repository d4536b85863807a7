-- The nodes of a stanza that edits name by number: elements and texts in document order, 0 is the stanza.
-- Each message is edited that is archived, and most of it is not touched: only what is named, and what that is inside of, gets a cell:
-- { value, parent = cell, inside = { [position] = cell } }.

local none = {};

-- -> { [number] = true }, the greatest of them
local function numbers_of(edits)
	local numbers, last = {}, 0;
	for _, edit in ipairs(edits) do
		local number = edit.node;
		if number then numbers[number], last = true, math.max(last, number); end
	end
	return numbers, last;
end

local function add_cell(search, value, inside)
	local cell = { value = value; inside = inside; parent = nil; written = nil }; -- so that there is room for all of them
	for _, inner in pairs(inside or none) do inner.parent = cell; end
	search.cells[#search.cells + 1] = cell;
	return cell;
end

-- search: { numbers = those that are named, last = the greatest of them, numbered, cells }; number: of the element
-- -> { [position] = cell } | nil: nothing in here is named; the number of the last node that was met
local function look_into(search, element, number)
	local numbers, last, inside = search.numbers, search.last, nil;
	for position = 1, #element do
		if number >= last then break; end
		number = number + 1;
		local child, own, inner = element[position], number, nil;
		-- What it is, is not asked, for that would be a call: a text has nothing at any position, either.
		if child[1] then inner, number = look_into(search, child, number); end
		if inner or numbers[own] then
			inside = inside or {};
			inside[position] = add_cell(search, child, inner);
			search.numbered[own] = inside[position];
		end
	end
	return inside, number;
end

-- -> { [number] = cell }, { cell, .. }, in no order
local function find(stanza, edits)
	local numbers, last = numbers_of(edits);
	local search = { numbers = numbers; last = last; numbered = {}; cells = {} };
	search.numbered[0] = add_cell(search, stanza, (look_into(search, stanza, 0)));
	return search.numbered, search.cells;
end

return { find = find };

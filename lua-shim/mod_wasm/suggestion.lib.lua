-- What somebody may have meant who wrote a name that does not exist.

-- Number of letters to add, drop, replace or swap with their neighbour. Above the limit it may be any number above it:
-- every option of every host is compared with every name of ours whenever the module is loaded.
local function distance(from, to, limit)
	if math.abs(#from - #to) > limit then return limit + 1; end
	local before_last, last, last_best = {}, {}, 0;
	for column = 0, #to do last[column] = column; end
	for row = 1, #from do
		local current, row_best = { [0] = row }, row;
		for column = 1, #to do
			local is_same = from:byte(row) == to:byte(column);
			local best = math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (is_same and 0 or 1));
			if row > 1 and column > 1 and from:byte(row) == to:byte(column - 1) and from:byte(row - 1) == to:byte(column) then
				best = math.min(best, before_last[column - 2] + 1);
			end
			current[column] = best;
			row_best = math.min(row_best, best);
		end
		-- The next row is made of these two.
		if row_best > limit and last_best >= limit then return limit + 1; end
		before_last, last, last_best = last, current, row_best;
	end
	return last[#to];
end

-- The candidate with the fewest differences: a third of its letters, or at most the limit if there is one.
local function nearest(word, candidates, limit)
	word = word:sub(1, 60):lower();
	local found, found_distance;
	for _, candidate in ipairs(candidates) do
		local most = math.min(limit or #candidate, math.max(1, #candidate // 3));
		local this_distance = distance(word, candidate:lower(), most);
		if this_distance <= most and (not found or this_distance < found_distance) then
			found, found_distance = candidate, this_distance;
		end
	end
	return found;
end

-- The end of a sentence about an unknown word.
local function did_you_mean(word, candidates)
	local found = nearest(word, candidates);
	if found then
		return ("; did you mean \"%s\"?"):format(found);
	elseif #candidates > 0 then
		return "; known: "..table.concat(candidates, ", ");
	end
	return "";
end

return { distance = distance; nearest = nearest; did_you_mean = did_you_mean };

-- What somebody may have meant who wrote a name that does not exist.

-- Number of letters to add, drop, replace or swap with their neighbour.
local function distance(from, to)
	local before_last, last = {}, {};
	for column = 0, #to do last[column] = column; end
	for row = 1, #from do
		local current = { [0] = row };
		for column = 1, #to do
			local is_same = from:byte(row) == to:byte(column);
			local best = math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (is_same and 0 or 1));
			if row > 1 and column > 1 and from:byte(row) == to:byte(column - 1) and from:byte(row - 1) == to:byte(column) then
				best = math.min(best, before_last[column - 2] + 1);
			end
			current[column] = best;
		end
		before_last, last = last, current;
	end
	return last[#to];
end

local function nearest(word, candidates)
	word = word:sub(1, 60):lower();
	local found, found_distance;
	for _, candidate in ipairs(candidates) do
		local this_distance = distance(word, candidate:lower());
		local is_near = this_distance <= math.max(1, #candidate // 3);
		if is_near and (not found or this_distance < found_distance) then
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

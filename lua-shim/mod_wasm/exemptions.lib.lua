-- What arrives and passes unasked, because all policies that want it let it pass whatever it says: seen here, where that costs
-- less than a question.

local standing = module:require "standing";

-- stanza -> boolean
local circumstances = { ["to-client"] = standing.is_to_client; ["from-contact"] = standing.is_from_contact };

local function all_of(words)
	if #words == 1 then return circumstances[words[1]]; end
	return function (stanza)
		for _, word in ipairs(words) do
			if not circumstances[word](stanza) then return false; end
		end
		return true;
	end;
end

-- exempt: { { circumstance, .. }, .. } | nil, of which each entry is enough -> function (stanza) -> boolean | nil
local function of(exempt)
	if not exempt then return nil; end
	local enough = {};
	for i, words in ipairs(exempt) do enough[i] = all_of(words); end
	return function (stanza)
		for i = 1, #enough do
			if enough[i](stanza) then return true; end
		end
		return false;
	end;
end

return { of = of };

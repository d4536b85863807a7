-- What a room says of a presence by codes (XEP-0045 §15.6).

-- x: the element in http://jabber.org/protocol/muc#user -> { [code] = true }
local function of(x)
	local statuses = {};
	for status in x:childtags("status") do
		if status.attr.code then statuses[status.attr.code] = true; end
	end
	return statuses;
end

return { of = of };

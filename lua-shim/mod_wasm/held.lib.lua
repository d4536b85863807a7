-- What is held for one client: in order, bounded, only the newest under each key.

local most_bytes = 1024 * 1024;
local bytes_of_element = 300; -- about what its tables take besides the text

-- How much memory a stanza takes, roughly. The library has refused it if it is too deep for this.
local function weight(stanza)
	local bytes = bytes_of_element + #stanza.name;
	for name, value in pairs(stanza.attr) do bytes = bytes + #name + #value; end
	for i = 1, #stanza do
		local child = stanza[i];
		bytes = bytes + (type(child) == "string" and #child or weight(child));
	end
	return bytes;
end

-- most: stanzas
local function new(most)
	local self = { count = 0; bytes = 0 };
	local entries, last, by_key = {}, 0, {};

	local function remove(index)
		local entry = entries[index];
		entries[index] = nil;
		self.count, self.bytes = self.count - 1, self.bytes - entry.bytes;
	end

	-- Is there room for one that weighs this much, in the place of an older one?
	function self.fits(bytes, key)
		local older = key and by_key[key] and entries[by_key[key]];
		local count = older and self.count - 1 or self.count;
		return count < most and self.bytes - (older and older.bytes or 0) + bytes <= most_bytes;
	end

	-- key: of an older one that this one replaces; nil when it replaces none
	function self.add(stanza, bytes, key)
		if key and by_key[key] then remove(by_key[key]); end
		last = last + 1;
		entries[last] = { stanza = stanza; bytes = bytes };
		if key then by_key[key] = last; end
		self.count, self.bytes = self.count + 1, self.bytes + bytes;
	end

	-- All of it, oldest first.
	function self.stanzas()
		local places, stanzas = {}, {};
		for place in pairs(entries) do places[#places + 1] = place; end
		table.sort(places);
		for i, place in ipairs(places) do stanzas[i] = entries[place].stanza; end
		return stanzas;
	end

	return self;
end

return { new = new; weight = weight };

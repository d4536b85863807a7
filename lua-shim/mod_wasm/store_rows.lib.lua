-- Where a policy's keys and values are: in up to 64 rows of Prosody's storage. Nothing here reads or writes; it says what is to
-- be written, and is told what came of it.
--
-- Storage writes one row at once or not at all, and some of it always writes the whole row. So what a decision changes goes
-- into one row, whichever costs least, and that row gets a number that is one higher than all others: where two rows have a
-- key, the higher number is right. What a row no longer says goes when it is written the next time. What is removed leaves a
-- mark for as long as another row still has the key. So after each single write all rows together say what they should.

local now = require "util.time".now;

local most_rows = 64;
-- A file of so many bytes costs little more than an empty one: a row is filled up to there.
local page = 4096;
-- A row with more that is wanted is not written for a change. There is always one with less: the most that a policy may keep,
-- shared out evenly, with a mark for each key.
local most_copied = 64 * 1024;
-- So much may be kept in vain, besides as much as is kept for good, before room is made where most can be won.
local spare = 64 * 1024;
-- A row of before there were several may have more, and is for whoever divides it.
local most_tidied = 512 * 1024;
-- Of an entry besides its key and value, in a file.
local overhead = 16;

-- No key is written like this: no base64 has an asterisk.
local number_key = "base64:*number";

local Rows = {};
Rows.__index = Rows;

local function bytes_of(key, value)
	return #key + (type(value) == "string" and #value or 0) + overhead;
end

-- A mark that no older row contradicts says nothing. What a row says that cannot be read nobody knows.
local function is_live(self, row, key)
	return self.newest[key] == row and not (self.removed[key] and self.copies[key] == 1 and not self.has_unread);
end

-- What a key has to do with a row's live bytes changes with what other rows have.
local function weigh(self, key, sign)
	local row = self.newest[key];
	if row and is_live(self, row, key) then row.live = row.live + sign * row.sizes[key]; end
end

local function add_copy(self, row, key, bytes)
	if not row.sizes[key] then self.copies[key] = (self.copies[key] or 0) + 1; end
	row.bytes = row.bytes - (row.sizes[key] or 0) + bytes;
	row.sizes[key] = bytes;
end

local function put(self, row, key, value)
	weigh(self, key, -1);
	add_copy(self, row, key, bytes_of(key, value));
	self.newest[key], self.removed[key] = row, value == true or nil;
	weigh(self, key, 1);
end

local function drop(self, row, key)
	weigh(self, key, -1);
	row.bytes = row.bytes - row.sizes[key];
	row.sizes[key] = nil;
	self.copies[key] = self.copies[key] > 1 and self.copies[key] - 1 or nil;
	if self.newest[key] == row then self.newest[key], self.removed[key] = nil, nil; end
	weigh(self, key, 1);
end

-- Of a row of before there were several there is none.
local function number_of(entries)
	local number = entries[number_key];
	return type(number) == "number" and number or 0;
end

local function is_entry(key, value)
	return type(key) == "string" and key ~= number_key and (type(value) == "string" or value == true);
end

local function in_order(stored)
	local places = {};
	for place = 0, most_rows - 1 do
		if stored[place] then places[#places + 1] = place; end
	end
	table.sort(places, function (a, b) return number_of(stored[a]) < number_of(stored[b]); end);
	return places;
end

-- stored: { [place] = { [key] = text, or true for removed }, or false when it cannot be read }
local function new(stored)
	local self = setmetatable({ rows = {}, newest = {}, removed = {}, copies = {}, number = 0, has_unread = false }, Rows);
	for place = 0, most_rows - 1 do
		self.rows[place] = { place = place; sizes = {}; bytes = 0; live = 0; is_unread = stored[place] == false };
		self.has_unread = self.has_unread or stored[place] == false;
	end
	local highest = 0;
	for _, place in ipairs(in_order(stored)) do
		for key, value in pairs(stored[place]) do
			if is_entry(key, value) then put(self, self.rows[place], key, value); end
		end
		highest = number_of(stored[place]);
	end
	-- Should it be read one day, it is older than what is written meanwhile: from now on numbers count milliseconds.
	self.number = self.has_unread and math.max(highest, math.floor(now() * 1000)) or highest;
	return self;
end

-- What is kept: { [key] = text }
function Rows:texts(stored)
	local kept = {};
	for key, row in pairs(self.newest) do
		if not self.removed[key] then kept[key] = stored[row.place][key]; end
	end
	return kept;
end

-- What is in a row that is larger than any is now: { [key] = text } | nil
function Rows:undivided(stored)
	local row = self.rows[0];
	if row.live <= most_copied or number_of(stored[0]) ~= 0 then return nil; end
	local kept = {};
	for key in pairs(row.sizes) do
		if is_live(self, row, key) then kept[key] = stored[0][key]; end
	end
	return kept;
end

local function is_crowded(self)
	local bytes, live = 0, 0;
	for place = 0, most_rows - 1 do
		bytes, live = bytes + self.rows[place].bytes, live + self.rows[place].live;
	end
	return bytes - live > live + spare;
end

-- The row that costs least, or brings most; of several the fullest. -> row | nil when too many cannot be read
local function choose(self)
	local crowded, best, best_gain = is_crowded(self), nil, nil;
	for place = 0, most_rows - 1 do
		local row = self.rows[place];
		local gain = (crowded and row.bytes - row.live or 0) - math.max(0, row.live - page);
		local is_better = not best or gain > best_gain or gain == best_gain and row.bytes > best.bytes;
		if is_better and not row.is_unread and row.live <= most_copied then best, best_gain = row, gain; end
	end
	return best;
end

-- What a row is to say of a removed key: nothing, if no other row says anything. -> true | false | nil when it says nothing now
local function mark(self, row, key)
	local has_it = row.sizes[key] ~= nil;
	if self.has_unread then return true; end
	if self.copies[key] > (has_it and 1 or 0) then return true; end
	if has_it then return false; end
	return nil;
end

-- -> a write: { place, row, entries = { [key] = text, true for removed, false for none }, number | false when nothing is left of
-- the row, is_all: nothing stays but these entries }
local function write_to(self, row, changes)
	local entries, stays, has_new = {}, false, false;
	for key in pairs(row.sizes) do
		if not is_live(self, row, key) then entries[key] = false;
		elseif changes[key] == nil then stays = true; end
	end
	for key, value in pairs(changes) do
		entries[key] = value or mark(self, row, key);
		has_new = has_new or entries[key];
	end
	self.number = self.number + 1;
	return { place = row.place; row = row; entries = entries; number = (stays or has_new) and self.number; is_all = not stays };
end

-- changes: { [key] = text, or false to remove it }. -> a write | nil when there is nothing to do | nil, sentence
function Rows:write(changes)
	local concerned = {};
	for key, value in pairs(changes) do
		if value or self.copies[key] or self.has_unread then concerned[key] = value; end
	end
	if next(concerned) == nil then return nil; end
	local row = choose(self);
	if not row then return nil, "too many of its rows could not be read"; end
	return write_to(self, row, concerned);
end

local function untidiest(self)
	local found, most = nil, 0;
	for place = 0, most_rows - 1 do
		local row = self.rows[place];
		if row.bytes - row.live > most and row.live <= most_tidied then found, most = row, row.bytes - row.live; end
	end
	return found;
end

function Rows:is_tidy() return untidiest(self) == nil; end

-- What one row says in vain goes. -> a write | nil when no row does
function Rows:tidy()
	local row = untidiest(self);
	return row and write_to(self, row, {});
end

-- The write was made.
function Rows:written(write)
	for key, value in pairs(write.entries) do
		if value then put(self, write.row, key, value); else drop(self, write.row, key); end
	end
end

-- The write failed: it may be there all the same.
function Rows:failed(write)
	for key, value in pairs(write.entries) do
		if value and not write.row.sizes[key] then
			weigh(self, key, -1);
			add_copy(self, write.row, key, bytes_of(key, value));
			weigh(self, key, 1);
		end
	end
end

return { new = new; number_key = number_key; most_rows = most_rows; most_copied = most_copied };

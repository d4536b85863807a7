local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local rows = require "server".new({}).module:require("store_rows");

local function copied(from)
	local copy = {};
	for key, value in pairs(from) do copy[key] = value; end
	return copy;
end

-- What storage does with a write.
local function make(disk, write)
	local row = write.is_all and {} or copied(disk[write.place] or {});
	for key, value in pairs(write.entries) do row[key] = value or nil; end
	row[rows.number_key] = write.number or nil;
	disk[write.place] = next(row) ~= nil and row or nil;
end

local function bytes_of(entries)
	local bytes = 0;
	for key, value in pairs(entries) do bytes = bytes + #key + (type(value) == "string" and #value or 0) + 16; end
	return bytes;
end

local function write(kept, disk, changes)
	local planned, err = kept:write(changes);
	assert.is_nil(err);
	if planned then
		make(disk, planned);
		kept:written(planned);
	end
	return planned;
end

local function without_numbers(disk)
	local shown = {};
	for place, row in pairs(disk) do
		shown[place] = copied(row);
		shown[place][rows.number_key] = nil;
	end
	return shown;
end

local function of(letter, bytes) return letter:rep(bytes); end

local most_written = 113 * 1024; -- by one decision, as text
local most_in_vain = 64 * 1024 + most_written; -- beside as much as is wanted
local most_on_disk = 4 * 1024 * 1024; -- as docs/limits.md says

local large, cold = of("l", 5000), of("c", 4000);

describe("rows", function ()
	local cases = {
		{ "are one for what is small", { { a = "1" }, { b = "2" }, { a = "3" }, { b = false } }, { [0] = { a = "3" } } };
		{ "are gone with what was in them", { { a = "1" }, { a = false } }, {} };
		{ "are not written to remove what is nowhere", { { a = false } }, {}, 0 };
		{ "are filled up to a page", { { a = cold }, { b = cold }, { c = "1" } }, { [0] = { a = cold, b = cold }, { c = "1" } } };
		{ "have what is removed marked while another has it", { { a = large, b = large }, { c = "1" }, { a = false } },
			{ [0] = { a = large, b = large }, { a = true, c = "1" } } };
		{ "are replaced when nothing in them is wanted, and marks with them", { { a = large }, { c = "1" }, { a = false }, { d = "1" } },
			{ [0] = { d = "1" }, { a = true, c = "1" } } };
		{ "lose what they say in vain when they are written", { { a = large }, { c = "1" }, { a = false }, { d = "1" }, { c = "2" } },
			{ [0] = { d = "1" }, { c = "2" } } };
	};
	for _, case in ipairs(cases) do
		local name, changes, expected, writes = case[1], case[2], case[3], case[4];
		it(name, function ()
			local disk, kept, made = {}, rows.new({}), 0;
			for _, changed in ipairs(changes) do made = made + (write(kept, disk, changed) and 1 or 0); end
			assert.same(expected, without_numbers(disk));
			assert.equal(writes or #changes, made);
		end);
	end

	it("are left alone when they cannot be read, and are older than what is written then", function ()
		local disk, kept = {}, rows.new({});
		write(kept, disk, { a = "old", b = "kept" });
		local unread = copied(disk);
		unread[0] = false;
		kept = rows.new(unread);
		assert.equal(1, write(kept, disk, { a = "new" }).place);
		assert.same({ a = "new", b = "kept" }, rows.new(disk):texts(disk));
		local none = {};
		for place = 0, rows.most_rows - 1 do none[place] = false; end
		local planned, err = rows.new(none):write({ a = "1" });
		assert.is_nil(planned);
		assert.equal("too many of its rows could not be read", err);
	end);

	-- Rows that cannot be read for a while: what is done meanwhile stands when they can be read again.
	local meanwhile = {
		{ "a removal of what only they have", { a = "old" }, { { a = false } }, {} };
		{ "a removal of what was written since", { a = "old" }, { { a = "new" }, { a = false }, { b = "1" }, { b = "2" } }, { b = "2" } };
	};
	for _, case in ipairs(meanwhile) do
		it("do not bring back, after they could not be read: "..case[1], function ()
			local disk = {};
			write(rows.new({}), disk, case[2]);
			local unread = copied(disk);
			unread[0] = false;
			local kept = rows.new(unread);
			for _, changed in ipairs(case[3]) do write(kept, disk, changed); end
			local tidying = kept:tidy();
			while tidying do
				make(disk, tidying);
				kept:written(tidying);
				tidying = kept:tidy();
			end
			assert.same(case[4], rows.new(disk):texts(disk));
		end);
	end

	it("are older than what is written while a second one cannot be read", function ()
		local disk = {};
		write(rows.new({}), disk, { a = "first" });
		for _, value in ipairs({ "second", "third" }) do
			local unread = copied(disk);
			for place, row in pairs(disk) do unread[place] = row.a == nil and row or false; end
			write(rows.new(unread), disk, { a = value });
			os.execute("sleep 0.002");
		end
		assert.same({ a = "third" }, rows.new(disk):texts(disk));
	end);

	it("take nothing from a row but texts and marks", function ()
		local disk = { [0] = { "x", true, [true] = "y", a = "1", b = 5, c = {}, d = false, [rows.number_key] = "x" } };
		assert.same({ a = "1" }, rows.new(disk):texts(disk));
	end);
end);

-- What an honest policy pays, in bytes of the row that is written: for what it writes, and not for what it has.
describe("a small change of a full store", function ()
	local function filled(count, value)
		local disk, kept, changes = {}, rows.new({}), {};
		for number = 1, count do
			changes["key "..number] = value;
			if number % 64 == 0 or bytes_of(changes) > most_written - #value or number == count then
				write(kept, disk, changes);
				changes = {};
			end
		end
		return disk, kept;
	end
	local cases = {
		{ "that has a few large values, of a small one", 16, of("v", 80000), function () return "count"; end, 5000 };
		{ "of many small ones, of any", 10000, of("v", 90), function () return "key "..math.random(10000); end, 10000 * 115 // 64 + 5000 };
	};
	for _, case in ipairs(cases) do
		local name, count, value, some_key, most = table.unpack(case);
		it(name, function ()
			local disk, kept = filled(count, value);
			for number = 1, 300 do
				local planned = write(kept, disk, { [some_key()] = "new "..number });
				local written = bytes_of(disk[planned.place]);
				assert.is_true(written <= most, written.." bytes");
			end
		end);
	end
end);

-- A policy that does anything, a storage that fails in any way, and a server that is killed at any moment. Beside it what should
-- be there: one value of each key, or several of which storage may have either because it failed.
local function life(seed, largest)
	math.randomseed(seed);
	local random = math.random;
	local self = { disk = {}, kept = rows.new({}), model = {}, count = 0 };

	local function changes()
		local changed = {};
		for _ = 1, random(random(4) == 1 and 64 or 3) do
			self.count = self.count + 1;
			local key = "key "..random(random(2) == 1 and 10 or 300);
			changed[key] = random(4) > 1 and self.count..":"..of("v", random(0, random(3) == 1 and largest or 50));
		end
		while bytes_of(changed) > most_written do changed[next(changed)] = nil; end
		return changed;
	end

	local function expect(changed, is_certain)
		for key, value in pairs(changed) do
			local possible = is_certain and {} or self.model[key] or { [false] = true };
			possible[value] = true;
			self.model[key] = possible;
		end
	end

	local function restart()
		self.kept = rows.new(self.disk);
		local found = self.kept:texts(self.disk);
		for key, possible in pairs(self.model) do
			assert.is_true(possible[found[key] or false] == true, "seed "..seed..": "..key.." is not as it was left");
			self.model[key] = { [found[key] or false] = true };
		end
		for key in pairs(found) do assert.is_truthy(self.model[key], "seed "..seed..": "..key.." came from nowhere"); end
	end

	local function check_bounds(planned, changed)
		local row_bytes = bytes_of(self.disk[planned.place] or {});
		assert.is_true(row_bytes <= bytes_of(changed) + rows.most_copied + 100, "a row of "..row_bytes);
		local all = 0;
		for _, row in pairs(self.disk) do all = all + bytes_of(row); end
		local live = bytes_of(self.kept:texts(self.disk));
		assert.is_true(all <= 2 * live + most_in_vain, "in all "..all..", of which are wanted "..live);
	end

	function self.step()
		local changed = random(5) == 1 and {} or changes();
		local planned = next(changed) and self.kept:write(changed) or not next(changed) and self.kept:tidy();
		local fate = random(12);
		if not planned then
			expect(changed, true);
		elseif fate == 1 then -- killed before
			return restart();
		elseif fate == 2 then -- killed after
			make(self.disk, planned);
			expect(changed, true);
			return restart();
		elseif fate <= 4 then
			if fate == 3 then make(self.disk, planned); end
			self.kept:failed(planned);
			expect(changed, false);
		else
			make(self.disk, planned);
			self.kept:written(planned);
			expect(changed, true);
			if next(changed) then check_bounds(planned, changed); end
		end
	end

	function self.tidy_up()
		restart();
		local planned = self.kept:tidy();
		while planned do
			make(self.disk, planned);
			self.kept:written(planned);
			planned = self.kept:tidy();
		end
		local all, values = 0, self.kept:texts(self.disk);
		for _, row in pairs(without_numbers(self.disk)) do all = all + bytes_of(row); end
		assert.equal(bytes_of(values), all);
		restart();
	end

	return self;
end

describe("whatever happens, rows", function ()
	for seed = 1, 15 do
		local largest = ({ 100, 5000, 60000 })[seed % 3 + 1];
		it(("say what was written last (%d)"):format(seed), function ()
			local lived = life(seed, largest);
			for _ = 1, 200 do lived.step(); end
			lived.tidy_up();
		end);
	end
end);

describe("rows of a policy that wants to fill the disk", function ()
	local function total(disk)
		local all = 0;
		for _, row in pairs(disk) do all = all + bytes_of(row); end
		return all;
	end

	local hot, cold_ones = of("h", 48000), of("c", 9000);
	local policies = {
		["writes much anew, and each time something that stays"] = function (step)
			return { h1 = hot, h2 = hot, ["cold "..step % 100] = cold_ones };
		end;
		["writes over half of what it wrote"] = function (step)
			local changed = {};
			for number = 0, 1 do changed["h "..(step + number) % 16] = hot; end
			return changed;
		end;
		["writes much and a little in turn"] = function (step)
			return step % 2 == 0 and { ["h "..step % 14] = hot, ["i "..step % 14] = hot } or { ["cold "..step % 50] = cold_ones };
		end;
		["removes all but a little of each"] = function (step)
			local changed = {};
			for number = 1, 60 do changed[("%d %d"):format(step % 130, number)] = step % 130 < 100 and of("x", 20) or number > 2 and false or nil; end
			return changed;
		end;
	};
	for name, changes in pairs(policies) do
		it(name, function ()
			local disk, kept, most = {}, rows.new({}), 0;
			for step = 1, 300 do
				local changed = changes(step);
				assert.is_true(bytes_of(changed) <= most_written, "no decision writes that much");
				local planned = write(kept, disk, changed);
				local row_bytes = planned and bytes_of(disk[planned.place] or {}) or 0;
				assert.is_true(row_bytes <= bytes_of(changed) + rows.most_copied + 100, "a row of "..row_bytes);
				most = math.max(most, total(disk));
			end
			assert.is_true(most <= most_on_disk, most.." bytes");
		end);
	end
end);

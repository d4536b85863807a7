-- The table of lines that name a user alone, against the sources of the Prosody that is unpacked here.

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local source = require "server".source;
local lfs = require "lfs";
local names = dofile(folder.."/../mod_wasm_retention/names.lib.lua");

-- What Prosody calls such a name where it logs one.
local arguments = {
	"username", "user", "store_user", "session.username", "user.username", "event.username", "existing.username", "token_user",
	"contact", "contact_username", "inviter_username",
};
for _, name in ipairs(arguments) do arguments[name] = true; end

local function read(path)
	local file = assert(io.open(path, "rb"));
	local text = file:read("a");
	file:close();
	return text;
end

local function each_file(path, action)
	for name in lfs.dir(path) do
		local inside = path.."/"..name;
		local mode = name:sub(1, 1) ~= "." and lfs.attributes(inside, "mode");
		if mode == "directory" then each_file(inside, action); end
		if mode == "file" and name:find("%.lua$") then action(inside); end
	end
end

-- -> the places of arguments that are names
local function places(text)
	local found, place = {}, 0;
	for argument in text:gmatch("[^,]+") do
		place = place + 1;
		if arguments[argument:match("^%s*(.-)%s*$"):gsub(" or .*$", "")] then found[#found + 1] = place; end
	end
	return found;
end

-- { [format] = { path, places } }
local function lines_with_names()
	local lines = {};
	for _, part in ipairs({ "core", "modules", "util" }) do
		each_file(source.."/"..part, function (path)
			for line in read(path):gmatch("[^\n]*log%([^\n]*") do
				local format, rest = line:match('log%("%a+", "(.-)",(.*)%);');
				local found = format and not format:find("%s@%s", 1, true) and places(rest);
				if found and found[1] then lines[format] = { path, found }; end
			end
		end);
	end
	return lines;
end

describe("names alone in Prosody's lines", function ()
	local known = {};
	for _, row in ipairs(names.rows) do known[row[1]] = table.move(row, 2, #row, 1, {}); end

	it("are all known, with their places", function ()
		local count = 0;
		for format, line in pairs(lines_with_names()) do
			count = count + 1;
			assert.truthy(known[format], ("%s logs a name: %q"):format(line[1], format));
			for _, place in ipairs(line[2]) do
				assert.truthy((","..table.concat(known[format], ",")..","):find(","..place..",", 1, true), format);
			end
		end
		assert.is_true(count > 30, "the sources are no longer written as this test reads them");
	end);

	it("have formats of their own, and places within them", function ()
		for format, places_of in pairs(known) do
			local _, arity = format:gsub("%%[^%%]", "");
			for _, place in ipairs(places_of) do assert.is_true(place >= 1 and place <= arity, format); end
		end
		assert.equal(#names.rows, require "util.iterators".count(pairs(known)));
	end);
end);

-- The table of lines that name a user, room or nickname alone, against the sources of each Prosody that is unpacked here.

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local source = require "server".source;
local lfs = require "lfs";
local names = dofile(folder.."/../mod_wasm_retention/names.lib.lua");

-- What Prosody calls such a name where it logs one.
local arguments = {
	"username", "user", "store_user", "session.username", "user.username", "event.username", "existing.username", "origin.username",
	"token_user", "contact", "contact_username", "inviter_username", "fields.accountjid", "entryjid",
	"room", "room_node", "nick", "requested_nick", "desired_nick", "item.attr.nick",
	-- and a text
	"data", "storage", "bookmarks", "payload", "tostring(stanza)",
};
for _, name in ipairs(arguments) do arguments[name] = true; end

local function is_name(argument) return arguments[argument] or argument:find("^jid_resource%(") ~= nil; end

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
	text = text:gsub("%b()", function (inside) return (inside:gsub(",", ";")); end);
	for argument in text:gmatch("[^,]+") do
		place = place + 1;
		if is_name((argument:match("^%s*(.-)%s*$"):gsub(" or .*$", ""))) then found[#found + 1] = place; end
	end
	return found;
end

-- The one that has to be there, and the releases unpacked beside it.
local function sources()
	local found, releases = { source }, source.."/../../../..";
	for name in lfs.dir(releases) do
		local other = releases.."/"..name.."/usr/lib/prosody";
		if name:find("^%d") and lfs.attributes(other, "mode") == "directory" then found[#found + 1] = other; end
	end
	return found;
end

local function add_lines(lines, path)
	for call in read(path):gmatch("log ?(%b())") do
		local format, rest = call:match('^%("%a+",%s*"(.-)",(.*)%)$');
		local found = format and not format:find("%s@%s", 1, true) and places(rest);
		if found and found[1] then lines[format] = { path, found }; end
	end
end

-- { [format] = { path, places } }
local function lines_with_names()
	local lines = {};
	for _, release in ipairs(sources()) do
		for _, part in ipairs({ "core", "modules", "util" }) do
			each_file(release.."/"..part, function (path) add_lines(lines, path); end);
		end
	end
	return lines;
end

describe("names alone in Prosody's lines", function ()
	local known = {};
	for _, rows in ipairs({ names.rows, names.texts }) do
		for _, row in ipairs(rows) do known[row[1]] = table.move(row, 2, #row, 1, {}); end
	end

	it("are all known, with their places", function ()
		local count = 0;
		for format, line in pairs(lines_with_names()) do
			count = count + 1;
			assert.truthy(known[format], ("%s logs a name: %q"):format(line[1], format));
			for _, place in ipairs(line[2]) do
				assert.truthy((","..table.concat(known[format], ",")..","):find(","..place..",", 1, true), format);
			end
		end
		assert.is_true(count > 60, "the sources are no longer written as this test reads them");
	end);

	it("have formats of their own, and places within them", function ()
		for format, places_of in pairs(known) do
			local _, arity = format:gsub("%%[^%%]", "");
			for _, place in ipairs(places_of) do assert.is_true(place >= 1 and place <= arity, format); end
		end
		assert.equal(#names.rows + #names.texts, require "util.iterators".count(pairs(known)));
	end);
end);

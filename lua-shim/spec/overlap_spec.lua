local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
require "server"; -- finds Prosody's util.*
local overlap = dofile(folder.."/../mod_wasm_privacy_lists/overlap.lib.lua");

describe("an entry with an address", function ()
	local domain, room, bare, full = "example.net", "example.net/room", "eve@example.net", "eve@example.net/pc";
	local rows = {
		-- one, other, does one cover the other, have they somebody in common?
		{ domain, domain, true, true };
		{ domain, room, true, true };
		{ domain, bare, true, true };
		{ domain, full, true, true };
		{ domain, "example.org", false, false };
		{ domain, "eve@sub.example.net", false, false };
		{ room, room, true, true };
		{ room, domain, false, true };
		{ room, "example.net/other", false, false };
		{ room, "eve@example.net/room", false, false };
		{ bare, full, true, true };
		{ bare, domain, false, true };
		{ bare, room, false, false };
		{ bare, "adam@example.net", false, false };
		{ full, bare, false, true };
		{ full, "eve@example.net/tv", false, false };
	};
	for _, row in ipairs(rows) do
		it(("%s beside %s"):format(row[1], row[2]), function ()
			assert.equal(row[3], overlap.covers(row[1], row[2]));
			assert.equal(row[4], overlap.overlap(row[1], row[2]));
			assert.equal(row[4], overlap.overlap(row[2], row[1]));
		end);
	end
end);

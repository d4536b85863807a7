-- files = { .. }: what the operator writes in files of its own, such as rules. Read here, since a policy cannot; it gets
-- them as { name, text } under the key `files` of its settings.

local json = require "util.json";
local lfs = require "lfs";
local resolve_relative_path = require "util.paths".resolve_relative_path;
local is_utf8 = require "util.encodings".utf8.valid;
local settings = module:require "settings";
local text = module:require "text";

local max_files = 64;
local max_bytes = 256 * 1024; -- of settings as JSON, the files in them

local function is_file(path) return lfs.attributes(path, "mode") == "file"; end

-- One that is replaced by another of the same size in the same second is another one, too.
local function look(path)
	local attributes = lfs.attributes(path);
	return attributes and ("%d:%d:%d"):format(attributes.ino, attributes.size, attributes.modification) or "-";
end

-- From the configuration's folder; a mere name that is not there is one of the bundled files.
local function place(name, bundled_path)
	local path = resolve_relative_path(prosody.paths.config or ".", name);
	if name:find("/", 1, true) or is_file(path) then return path; end
	local bundled = bundled_path.."/"..name;
	return is_file(bundled) and bundled or path;
end

-- -> the names as they are written | nil, sentence
local function parse(value, where)
	local example = where.." must be a list of paths, like { \"rules.pfw\" }";
	if type(value) ~= "table" then return nil, example; end
	local names, known = {}, {};
	for key in pairs(value) do
		if math.type(key) ~= "integer" then return nil, example; end
	end
	if #value > max_files then return nil, ("%s names more than %d files"):format(where, max_files); end
	for index, name in ipairs(value) do
		if type(name) ~= "string" or name == "" then return nil, example; end
		local problem = text.path_problem(name) or known[name] and "is there twice";
		if problem then return nil, ("%s[%d] %s"):format(where, index, problem); end
		names[index], known[name] = name, true;
	end
	return names;
end

-- What is no file would be waited for, or never end. -> text | nil, the end of a sentence
local function read_text(path)
	if not lfs.attributes(path) then return nil, "is not there"; end
	if not is_file(path) then return nil, "is no file"; end
	local file, err = io.open(path, "rb");
	if not file then return nil, "cannot be read ("..tostring(err):gsub("^.*: ", "")..")"; end
	local content = file:read(max_bytes + 1) or "";
	file:close();
	if #content > max_bytes then return nil, ("is longer than %d KiB"):format(max_bytes // 1024); end
	if not is_utf8(content) then return nil, "is not valid UTF-8"; end
	return content;
end

-- -> { { name, text, path, look }, .. } | nil, sentence
local function read(names, bundled_path, where)
	local found = {};
	for index, name in ipairs(names) do
		local path = place(name, bundled_path);
		local seen = look(path); -- before it is read: what is written meanwhile is seen the next time
		local content, problem = read_text(path);
		if not content then return nil, ("%s: %s %s"):format(where, text.shown(path, 200), problem); end
		found[index] = { name = name; text = content; path = path; look = seen };
	end
	return found;
end

-- -> settings with the files in them, as JSON text | nil, sentence
local function into(settings_text, found, where)
	local all, given = json.decode(settings_text), {};
	if all.files ~= nil then return nil, where..".files and a key \"files\" in "..where..".settings cannot be there both"; end
	for index, file in ipairs(found) do given[index] = { name = file.name; text = file.text }; end
	all.files = given;
	local encoded, err = settings.encode(all, where..".settings");
	if encoded and #encoded > max_bytes then
		return nil, ("%s: the settings and files together are longer than %d KiB"):format(where, max_bytes // 1024);
	end
	return encoded, err;
end

-- Puts the files of a record into its settings. -> true | nil, sentence
local function include(record, names, bundled_path)
	local where = "wasm_policies."..record.name;
	local found, err = read(names, bundled_path, where..".files");
	if not found then return nil, err; end
	record.files = found;
	local with_files, problem = into(record.settings, found, where);
	if not with_files then return nil, problem; end
	record.settings = with_files;
	return true;
end

-- How they looked when they were read, and how they look now.
local function looks(found)
	local then_, now = {}, {};
	for index, file in ipairs(found or {}) do then_[index], now[index] = file.look, look(file.path); end
	return table.concat(then_, ","), table.concat(now, ",");
end

return { parse = parse; include = include; into = into; looks = looks };

-- list_server = "http://127.0.0.1:PORT": whatever this server asks of the web, it asks there. So rule files that name a
-- list on the web are tried as they are.
module:set_global();

local http = require "net.http";

local request = http.request;
local base = module:get_option_string("list_server");

function http.request(url, ...)
	return request((url:gsub("^https?://[^/]+", base)), ...);
end

function module.unload()
	http.request = request;
end

-- No policy loosens what another refuses: with one beside it that passes, or rewrites, everything it is shown, whether that is
-- asked before or after, what must not pass does not.

package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";
local json = require "util.json";

local function rows_of(name)
	local file = assert(io.open("tests/corpus/"..name));
	local rows = json.decode(file:read("a"));
	file:close();
	return rows;
end

local function chain_of(library, policies)
	local chain = assert(library.chain("example.org"));
	for _, policy in ipairs(policies) do
		chain:declare(policy[1], { on_error = "deny", mode = "enforce" });
		assert(chain:put(policy[1], native.stage(library, policy[2], policy[3])));
	end
	return chain;
end

describe("a policy that is hostile to another", function ()
	local library = native.load();
	local strict = '{"direct":"mandatory","rooms":"mandatory","strict":true}';
	local hostile = {
		passing = { "/scripted.wasm", "{}" };
		appending = { "/scripted.wasm", '{"append":"mark"}' };
		rewriting = { "/echoing.wasm", "{}" };
	};
	for how, guest in pairs(hostile) do
		for _, name in ipairs({ "a", "z" }) do
			it("by "..how.." opens nothing, named "..name, function ()
				local chain = chain_of(library, { { "m", native.policies.."/e2ee.wasm", strict }, { name, native.guests..guest[1], guest[2] } });
				local blocked = 0;
				for _, row in ipairs(rows_of("e2ee.json")) do
					if row.expect == "BLOCK" and row.dir == "out" then
						local stanza = native.parse(row.xml);
						local verdict = chain:decide(stanza, chain:question("message", "outgoing", "user", "user"));
						assert.is_true(verdict == "bounce" or verdict == "drop", row.id..": "..tostring(verdict));
						blocked = blocked + 1;
					end
				end
				assert.is_true(blocked > 30);
			end);
		end
	end

	-- It puts a text where ciphertext has its fallback.
	for _, name in ipairs({ "a", "z" }) do
		it("makes no text of ciphertext, named "..name, function ()
			local revealing = { name, native.guests.."/scripted.wasm", '{"set_body":"SECRET"}' };
			local chain = chain_of(library, { { "m", native.policies.."/e2ee.wasm", strict }, revealing });
			local tried = 0;
			for _, row in ipairs(rows_of("e2ee.json")) do
				if row.expect == "ALLOW" and row.xml:find("<body", 1, true) then
					local stanza = native.parse(row.xml);
					local verdict = chain:decide(stanza, chain:question("message", "outgoing", "user", "user"));
					assert.equal("bounce", verdict, row.id);
					tried = tried + 1;
				end
			end
			assert.is_true(tried >= 3);
		end);
	end
end);

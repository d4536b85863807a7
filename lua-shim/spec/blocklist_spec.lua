local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local st = require "util.stanza";

local function addresses_of(stanza)
	local addresses = {};
	for item in stanza.tags[1]:childtags("item") do addresses[#addresses + 1] = item.attr.jid or "none"; end
	return addresses;
end

local function new(ruling, list, is_heard)
	local asked = {};
	local running = server.new({}, { opened = { blocklist = { get = function () return list; end } } });
	running.prosody.hosts["example.com"].modules.blocklist = {};
	local chain = {};
	function chain:question(word) return word; end -- luacheck: ignore 212/self
	function chain:decide(stanza, word, facts) -- luacheck: ignore 212/self
		asked[#asked + 1] = { word = word; change = facts.change };
		asked.addresses = addresses_of(stanza);
		if ruling == "raise" then error("the library is gone"); end
		return ruling.verdict, "blocking", ruling.verdict, 1, ruling.details;
	end
	local state = { chain = chain; hears = { ["blocklist-policy"] = is_heard ~= false }; denies = ruling ~= "raise" or ruling.denies };
	running.state = state;
	local part = running.module:require("blocklist").new(state, running.module:require("crossing"));
	return running, part, asked, state;
end

local function request(action, ...)
	local element = st.stanza(action, { xmlns = "urn:xmpp:blocking" });
	for _, jid in ipairs({ ... }) do element:tag("item", { jid = jid }):up(); end
	local origin = server.client("bob@example.com/phone");
	origin.username = "bob";
	return { origin = origin; stanza = st.iq({ type = "set"; id = "1"; from = "bob@example.com/phone" }):add_child(element) };
end

local function gate(part, action) return part.gates["iq-set/self/urn:xmpp:blocking:"..action]; end

local function condition(event)
	local reply = event.origin.sent[1];
	return reply and reply:get_child("error").tags[1].name;
end

describe("a change of a block list", function ()
	it("is shown as it is", function ()
		local list = { [false] = { created = 1 }; ["a@x"] = 1; ["b@x"] = true };
		local _, part, asked = new({ verdict = "pass" }, list);
		assert.is_nil(gate(part, "block")(request("block", "c@x", "d@x", "e@x")));
		assert.is_nil(gate(part, "unblock")(request("unblock")));
		asked.addresses = nil;
		assert.same({
			{ word = "blocklist"; change = { user = "bob@example.com"; blocking = true; count = 3; blocked = 2 } };
			{ word = "blocklist"; change = { user = "bob@example.com"; blocking = false; count = 0; blocked = 2 } };
		}, asked);
	end);

	for _, action in ipairs({ "block", "unblock" }) do
		it("is shown with addresses as they will be kept: "..action, function ()
			local _, part, asked = new({ verdict = "pass" });
			assert.is_nil(gate(part, action)(request(action, "Rose@Remote.TEST", "EXAMPLE.net", "a@x/Phone")));
			assert.same({ "rose@remote.test", "example.net", "a@x/Phone" }, asked.addresses);
		end);

		for _, text in ipairs({ "Admin:renew your password@https://evil.example", "@", "", false }) do
			it("is not shown with what is no address: "..action.." "..tostring(text), function ()
				local _, part, asked = new({ verdict = "pass" });
				local event = request(action, "a@x", text or nil);
				if not text then event.stanza.tags[1]:tag("item"):reset(); end
				assert.is_true(gate(part, action)(event));
				assert.equal("jid-malformed", condition(event));
				assert.same({}, asked);
			end);
		end
	end

	it("is refused in the policy's words", function ()
		local _, part = new({ verdict = "bounce"; details = { type = "cancel"; condition = "resource-constraint"; text = "It is full." } });
		local event = request("block", "c@x");
		assert.is_true(gate(part, "block")(event));
		assert.equal("resource-constraint", condition(event));
	end);

	it("is refused when nobody can be asked", function ()
		local _, part, _, state = new({ verdict = "pass" });
		state.closed, state.chain = "broken", nil;
		local event = request("unblock", "c@x");
		assert.is_true(gate(part, "unblock")(event));
		assert.equal("policy-violation", condition(event));
	end);

	for _, denies in ipairs({ true, false }) do
		it("is judged by on_error when asking fails: "..tostring(denies), function ()
			local _, part, _, state = new("raise");
			state.denies = denies;
			local event = request("block", "c@x");
			assert.equal(denies or nil, gate(part, "block")(event));
			assert.equal(denies and "policy-violation" or nil, condition(event));
		end);
	end

	it("is nobody's business without such a policy", function ()
		local _, part, asked = new({ verdict = "bounce" }, nil, false);
		assert.is_nil(gate(part, "block")(request("block", "c@x")));
		assert.same({}, asked);
	end);

	it("is seen by whoever looks next", function ()
		local list = { ["a@x"] = 1 };
		local running = new({ verdict = "pass" }, list);
		local lists = running.module:require("block_lists");
		assert.is_false(lists.has("bob", "c@x"));
		list["c@x"] = 1;
		running.module:fire_event("iq-set/self/urn:xmpp:blocking:block", request("block", "c@x"));
		assert.is_true(running.module:require("block_lists").has("bob", "c@x"));
	end);
end);

-- One file that arrives. What has come is judged in pieces, and only what was judged is written.

local largest_piece = 64 * 1024;

-- facts: { slot, user, size, stanza, passage }; handle: the open file; path: where it is until it is published;
-- judge: (arrival, bytes, is_last) -> true | the answer with which it is refused
local function new(facts, handle, path, judge)
	local self = { slot = facts.slot, user = facts.user, size = facts.size, stanza = facts.stanza, passage = facts.passage,
		origin = {}; offset = 0; notes = nil; answer = nil };
	local waiting, bytes_waiting = {}, 0;

	-- Nothing of it stays; what is still to come is swallowed.
	function self.refuse(answer)
		if not handle then return; end
		self.answer, waiting, bytes_waiting = answer, {}, 0;
		handle:close();
		handle = nil;
		os.remove(path);
	end

	-- The open file, for whoever publishes it.
	function self.release()
		local released = handle;
		handle = nil;
		return released;
	end

	local function take(piece, is_last)
		local verdict = judge(self, piece, is_last);
		if not handle then return; end -- refused meanwhile
		if verdict ~= true then return self.refuse(verdict); end
		self.offset = self.offset + #piece;
		local written, err = handle:write(piece);
		if written then return; end
		module:log("error", "An uploaded file cannot be written: %s", tostring(err));
		self.refuse({ status_code = 500 });
	end

	-- One piece stays back: the last one is to be known as such.
	local function take_all_but_one()
		local data, position = table.concat(waiting), 1;
		waiting, bytes_waiting = {}, 0;
		while handle and #data - position + 1 > largest_piece do
			take(data:sub(position, position + largest_piece - 1), false);
			position = position + largest_piece;
		end
		if handle then waiting, bytes_waiting = { data:sub(position) }, #data - position + 1; end
	end

	function self.feed(data)
		if not handle then return; end
		waiting[#waiting + 1], bytes_waiting = data, bytes_waiting + #data;
		if bytes_waiting > largest_piece then take_all_but_one(); end
	end

	function self.finish()
		if handle then take(table.concat(waiting), true); end
		waiting, bytes_waiting = {}, 0;
	end

	-- What net.http takes for a file.
	self.sink = {};
	function self.sink.write(_, data)
		self.feed(data);
		return true;
	end
	function self.sink.seek() return 0; end
	function self.sink.close() return nil, "this file is not accepted"; end

	return self;
end

return { new = new };

-- A stand-in for the rooms of mod_muc: affiliations, occupants, and what a room is.

local function new_room(jid, affiliations)
	local room = { jid = jid; _affiliations = affiliations or {}; _affiliation_data = {}; _occupants = {}; _data = {}; saved = 0 };
	function room:get_affiliation(bare) return self._affiliations[bare]; end
	function room:set_affiliation(_, bare, affiliation) self._affiliations[bare] = affiliation; end
	function room:get_affiliation_data(bare, key) return (self._affiliation_data[bare] or {})[key]; end
	function room:set_affiliation_data(bare, key, value)
		self._affiliation_data[bare] = self._affiliation_data[bare] or {};
		self._affiliation_data[bare][key] = value;
	end
	function room:has_occupant() return next(self._occupants) ~= nil; end
	function room:each_occupant() return pairs(self._occupants); end
	function room:broadcast_message(message) self.told = message; end
	for _, property in ipairs({ "public", "persistent", "members_only", "moderated", "changesubject", "allow_member_invites", "whois", "presence_broadcast" }) do
		room["get_"..property] = function (self) return self._data[property]; end;
		room["set_"..property] = function (self, value) self._data[property] = value or nil; end;
	end
	room._data.whois = "moderators";
	room._data.presence_broadcast = { visitor = true, participant = true, moderator = true };
	room.save = function (self) self.saved = self.saved + 1; end;
	return room;
end

local function enter(room, bare, nick)
	room._occupants[room.jid.."/"..nick] = { bare_jid = bare; nick = room.jid.."/"..nick };
end

-- -> a module as mod_muc is, with these rooms
local function new(rooms)
	local by_jid = {};
	for _, room in ipairs(rooms) do by_jid[room.jid] = room; end
	return {
		get_room_from_jid = function (jid) return by_jid[jid]; end;
		live_rooms = function ()
			local last = 0;
			return function () last = last + 1; return rooms[last]; end;
		end;
		rooms = by_jid;
	};
end

return { new = new; new_room = new_room; enter = enter };

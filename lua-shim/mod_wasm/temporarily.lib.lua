-- Calls the handlers of an event while a field of something has another value, and puts it back whatever they do.
return function (holder, field, value, handlers, event_name, event)
	local before = holder[field];
	holder[field] = value;
	local ok, result, more = pcall(handlers, event_name, event);
	holder[field] = before;
	if not ok then error(result, 0); end -- what Prosody's own handlers raise, Prosody shall see
	return result, more;
end

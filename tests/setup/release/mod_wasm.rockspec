rockspec_format = "3.0"
package = "mod_wasm"
version = "@version@-@revision@"
source = { url = "@source@", dir = "mod_wasm-@version@" }
description = {
	summary = "Sandboxed WebAssembly policies for the Prosody XMPP server",
	license = "MIT",
	labels = { "prosody" },
}
supported_platforms = { "linux" }
-- Prosody brings LuaFileSystem along.
dependencies = { "lua ~> 5.4" }
-- From source it needs cargo; a binary rock brings along what was built.
build = {
	type = "make",
	build_target = "build",
	install_target = "install-rock",
	install_variables = { LUADIR = "$(LUADIR)", BINDIR = "$(BINDIR)", ROCKDIR = "$(PREFIX)" },
}

std = "lua54"
max_line_length = 160
read_globals = { "prosody" }
globals = { "module" }
ignore = { "212/self" }
files["spec"] = { std = "lua54+busted" }
exclude_files = {}

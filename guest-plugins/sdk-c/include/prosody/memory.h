// Memory without a libc: it is handed out one piece after the other, and free again as a whole when a call has returned.
#pragma once

// What was allocated since the last call lasts as long as the instance. After `configure` and `restore`.
void prosody_keep_memory(void);

// What was allocated since the last call is free again. After every other call.
void prosody_release_memory(void);

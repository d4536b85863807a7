#include <prosody/memory.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 65536
#define ALIGNMENT 16

// Where the linker's data and the stack end.
extern uint8_t __heap_base;

static uintptr_t kept, next;

void prosody_keep_memory(void) {
    kept = next;
}

void prosody_release_memory(void) {
    next = kept;
}

void *malloc(size_t size) {
    if (next == 0) kept = next = ((uintptr_t) &__heap_base + ALIGNMENT - 1) & ~(uintptr_t) (ALIGNMENT - 1);
    // No host allows so much; and sums below cannot overflow.
    if (size > INT32_MAX / 2 || next > INT32_MAX) abort();
    uintptr_t memory = next;
    uintptr_t end = memory + ((size + ALIGNMENT - 1) & ~(size_t) (ALIGNMENT - 1));
    uintptr_t have = (uintptr_t) __builtin_wasm_memory_size(0) * PAGE;
    if (end > have && __builtin_wasm_memory_grow(0, (end - have + PAGE - 1) / PAGE) == (size_t) -1) abort();
    next = end;
    return (void *) memory;
}

// The old size is not known. What is copied beyond it is memory of ours, and is not read.
void *realloc(void *memory, size_t size) {
    void *larger = malloc(size);
    if (memory) memmove(larger, memory, size);
    return larger;
}

void free(void *memory) {
    (void) memory;
}

_Noreturn void abort(void) {
    __builtin_trap();
}

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    return __builtin_memcpy(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) {
    return __builtin_memmove(to, from, size);
}

void *memset(void *to, int byte, size_t size) {
    return __builtin_memset(to, byte, size);
}

int memcmp(const void *one, const void *other, size_t size) {
    const uint8_t *left = one, *right = other;
    for (size_t index = 0; index < size; index++) {
        if (left[index] != right[index]) return left[index] < right[index] ? -1 : 1;
    }
    return 0;
}

size_t strlen(const char *text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

#include <prosody/policy.h>

bool text_equals(text_t one, text_t other) {
    return one.len == other.len && memcmp(one.ptr, other.ptr, one.len) == 0;
}

bool text_contains(text_t text, text_t part) {
    for (size_t start = 0; start + part.len <= text.len; start++) {
        if (memcmp(text.ptr + start, part.ptr, part.len) == 0) return true;
    }
    return false;
}

text_t text_join(text_t one, text_t other) {
    text_t joined = {malloc(one.len + other.len), one.len + other.len};
    memcpy(joined.ptr, one.ptr, one.len);
    memcpy(joined.ptr + one.len, other.ptr, other.len);
    return joined;
}

text_t text_number(int64_t number) {
    enum { MOST = 20 };
    uint8_t *digits = malloc(MOST);
    size_t start = MOST;
    uint64_t rest = number < 0 ? -(uint64_t) number : (uint64_t) number;
    do {
        digits[--start] = (uint8_t) ('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) digits[--start] = '-';
    return (text_t){digits + start, MOST - start};
}

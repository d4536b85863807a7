// Reads settings. The host hands over sound JSON, so this only has to find its way through it; where it is not sound, it
// ends early and finds nothing.
#include <prosody/policy.h>

typedef struct {
    const uint8_t *at, *end;
} reader_t;

static bool ends(const reader_t *reader) {
    return reader->at >= reader->end;
}

static void skip_space(reader_t *reader) {
    while (!ends(reader) && (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t')) {
        reader->at++;
    }
}

static bool skip_character(reader_t *reader, uint8_t character) {
    skip_space(reader);
    bool is_there = !ends(reader) && *reader->at == character;
    if (is_there) reader->at++;
    return is_there;
}

static void skip_string(reader_t *reader) {
    for (reader->at++; !ends(reader) && *reader->at != '"'; reader->at++) {
        if (*reader->at == '\\') reader->at++;
    }
    if (!ends(reader)) reader->at++;
}

// Ends before what follows a value on its own level. Without recursion: settings may be nested deeply.
static text_t read_value(reader_t *reader) {
    skip_space(reader);
    const uint8_t *start = reader->at;
    for (size_t depth = 0; !ends(reader);) {
        uint8_t character = *reader->at;
        if (depth == 0 && (character == ',' || character == '}' || character == ']')) break;
        if (character == '"') {
            skip_string(reader);
            continue;
        }
        if (character == '{' || character == '[') depth++;
        if (character == '}' || character == ']') depth--;
        reader->at++;
    }
    const uint8_t *end = reader->at < reader->end ? reader->at : reader->end;
    while (end > start && end[-1] <= ' ') end--;
    return (text_t){(uint8_t *) start, (size_t) (end - start)};
}

// Names are compared as they are written: no policy needs escapes in them.
bool settings_value(text_t settings, const char *name, text_t *value) {
    reader_t reader = {settings.ptr, settings.ptr + settings.len};
    if (!skip_character(&reader, '{')) return false;
    do {
        text_t key = {0};
        skip_space(&reader);
        if (!ends(&reader) && *reader.at == '"') {
            key.ptr = (uint8_t *) reader.at + 1;
            skip_string(&reader);
            key.len = (size_t) (reader.at - key.ptr - 1);
        }
        if (!skip_character(&reader, ':')) return false;
        text_t found = read_value(&reader);
        if (text_equals(key, (text_t){(uint8_t *) name, strlen(name)})) {
            *value = found;
            return true;
        }
    } while (skip_character(&reader, ','));
    return false;
}

bool settings_integer(text_t settings, const char *name, int64_t *value) {
    text_t number;
    if (!settings_value(settings, name, &number)) return false;
    bool is_negative = number.len > 0 && number.ptr[0] == '-';
    size_t digits = number.len - is_negative;
    // Eighteen digits always fit.
    if (digits == 0 || digits > 18) return false;
    int64_t sum = 0;
    for (size_t index = is_negative; index < number.len; index++) {
        if (number.ptr[index] < '0' || number.ptr[index] > '9') return false;
        sum = sum * 10 + (number.ptr[index] - '0');
    }
    *value = is_negative ? -sum : sum;
    return true;
}

bool settings_boolean(text_t settings, const char *name, bool *value) {
    text_t word;
    if (!settings_value(settings, name, &word)) return false;
    *value = text_equals(word, TEXT("true"));
    return *value || text_equals(word, TEXT("false"));
}

static uint32_t hexadecimal(const uint8_t *digits) {
    uint32_t number = 0;
    for (int index = 0; index < 4; index++) {
        uint8_t digit = digits[index];
        number = number * 16 + (uint32_t) (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    return number;
}

static size_t put_utf8(uint8_t *to, uint32_t character) {
    if (character < 0x80) {
        to[0] = (uint8_t) character;
        return 1;
    }
    size_t more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    static const uint8_t first[] = {0, 0xc0, 0xe0, 0xf0};
    to[0] = (uint8_t) (first[more] | character >> (6 * more));
    for (size_t index = 1; index <= more; index++) {
        to[index] = (uint8_t) (0x80 | (character >> (6 * (more - index)) & 0x3f));
    }
    return more + 1;
}

// The character behind a backslash. A pair of halves (UTF-16) is one character.
static size_t put_escaped(reader_t *reader, uint8_t *to) {
    static const char names[] = "bfnrt", meant[] = "\b\f\n\r\t";
    uint8_t name = *reader->at++;
    for (size_t index = 0; names[index]; index++) {
        if (name == names[index]) return put_utf8(to, (uint8_t) meant[index]);
    }
    if (name != 'u' || reader->end - reader->at < 4) return put_utf8(to, name);
    uint32_t character = hexadecimal(reader->at);
    reader->at += 4;
    bool is_pair = (character & 0xfc00) == 0xd800 && reader->end - reader->at >= 6 && reader->at[1] == 'u';
    if (is_pair) {
        character = 0x10000 + ((character & 0x3ff) << 10) + (hexadecimal(reader->at + 2) & 0x3ff);
        reader->at += 6;
    }
    return put_utf8(to, character);
}

bool settings_text(text_t settings, const char *name, text_t *value) {
    text_t json;
    if (!settings_value(settings, name, &json) || json.len < 2 || json.ptr[0] != '"') return false;
    reader_t reader = {json.ptr + 1, json.ptr + json.len - 1};
    // An escape is never shorter than what it stands for.
    *value = (text_t){malloc(json.len), 0};
    while (!ends(&reader)) {
        bool is_escape = *reader.at == '\\' && ++reader.at < reader.end;
        value->len += is_escape ? put_escaped(&reader, value->ptr + value->len) : 0;
        if (!is_escape && !ends(&reader)) value->ptr[value->len++] = *reader.at++;
    }
    return true;
}

// What <prosody/policy.h> declares, over the generated bindings.
#include <prosody/exports/lifecycle.h>
#include <prosody/policy.h>

static text_t text_of(const char *string) {
    return (text_t){(uint8_t *) string, strlen(string)};
}

bool exports_prosody_policy_lifecycle_configure(policy_string_t *settings, policy_string_t *err) {
    const char *refusal = configure(*settings);
    if (refusal) *err = text_of(refusal);
    return !refusal;
}

element_t element_child(element_t element, const char *name, const char *namespace) {
    if (element < 0) return NO_ELEMENT;
    text_t child_name = text_of(name), child_namespace = text_of(namespace);
    uint32_t node;
    bool is_there = prosody_policy_content_child((uint32_t) element, &child_name, &child_namespace, &node);
    return is_there ? (element_t) node : NO_ELEMENT;
}

text_t element_text(element_t element) {
    text_t text = {0};
    if (element >= 0) prosody_policy_content_text((uint32_t) element, &text);
    return text;
}

bool element_attribute(element_t element, const char *name, text_t *value) {
    text_t attribute = text_of(name);
    return element >= 0 && prosody_policy_content_attribute((uint32_t) element, &attribute, value);
}

void log_debug(text_t line) {
    prosody_policy_log_write(PROSODY_POLICY_LOG_LEVEL_DEBUG, &line);
}

void log_info(text_t line) {
    prosody_policy_log_write(PROSODY_POLICY_LOG_LEVEL_INFO, &line);
}

void log_warn(text_t line) {
    prosody_policy_log_write(PROSODY_POLICY_LOG_LEVEL_WARN, &line);
}

void log_error(text_t line) {
    prosody_policy_log_write(PROSODY_POLICY_LOG_LEVEL_ERROR, &line);
}

_Noreturn void policy_fail(text_t file, int line, text_t reason) {
    text_t place = text_join(text_join(file, TEXT(":")), text_number(line));
    log_error(text_join(TEXT("failed at "), place));
    log_error(reason);
    abort();
}

bool store_get(const char *key, text_t *value) {
    text_t name = text_of(key);
    policy_list_u8_t bytes;
    bool is_there = prosody_policy_store_get(&name, &bytes);
    if (is_there) *value = (text_t){bytes.ptr, bytes.len};
    return is_there;
}

bool store_set(const char *key, text_t value) {
    text_t name = text_of(key);
    policy_list_u8_t bytes = {value.ptr, value.len};
    prosody_policy_store_refusal_t refusal;
    return prosody_policy_store_set(&name, &bytes, &refusal);
}

void edit_remove(element_t element) {
    prosody_policy_edits_remove((uint32_t) element);
}

void edit_set_text(element_t element, text_t text) {
    prosody_policy_edits_set_text((uint32_t) element, &text);
}

void outbox_reply(text_t text) {
    prosody_policy_outbox_reply(&text);
}

void outbox_notify(text_t text) {
    prosody_policy_outbox_notify(&text);
}

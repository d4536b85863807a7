// Write a policy for the Prosody XMPP server in C.
//
// There is no libc and no WASI: what is here is what there is. What is allocated during a call is gone after it, but for
// `configure` and `restore`, so nothing has to be freed; what must last longer goes into static variables or the store.
//
// What a policy calls becomes what it imports, and that is what the operator is asked to allow: the permission is named
// above each group.
#pragma once

#include <prosody/bindings.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// ── texts ──

// UTF-8 with its length in bytes; not ended by a zero.
typedef policy_string_t text_t;

// The text of a string in the source: TEXT("body").
#define TEXT(literal) ((text_t){(uint8_t *) (literal), sizeof(literal) - 1})

bool text_equals(text_t one, text_t other);
bool text_contains(text_t text, text_t part);
text_t text_join(text_t one, text_t other);
text_t text_number(int64_t number);

// ── the policy's life ──

// Reads the operator's settings, a JSON object. What is returned refuses them, and is shown to the operator; NULL takes them.
// Every policy has this function.
const char *configure(text_t settings);

// The setting of this name. False if there is none, or it is something else.
bool settings_integer(text_t settings, const char *name, int64_t *value);
bool settings_boolean(text_t settings, const char *name, bool *value);
bool settings_text(text_t settings, const char *name, text_t *value);
// As JSON, whatever it is.
bool settings_value(text_t settings, const char *name, text_t *value);

// Ends the call with a trap, which the operator's `on_error` judges. Permission: `log`, where the reason and the place go.
#define FAIL(reason) policy_fail(TEXT(__FILE__), __LINE__, TEXT(reason))
_Noreturn void policy_fail(text_t file, int line, text_t reason);

// ── `content`: the inside of the current stanza ──

// An element, by its number in document order. It means nothing after the call in which it was got.
typedef int32_t element_t;
// The stanza itself.
#define STANZA ((element_t) 0)
// There is no such element. It has no text, no attributes and no children.
#define NO_ELEMENT ((element_t) -1)
// The namespace of streams: that of `body`, `subject` and `thread`.
#define CLIENT "jabber:client"

// The first child with this name and namespace.
element_t element_child(element_t element, const char *name, const char *namespace);
// The text directly inside, joined, without that of its children.
text_t element_text(element_t element);
// An attribute; false if there is none.
bool element_attribute(element_t element, const char *name, text_t *value);

// ── `log`: lines for the server's log; one that repeats text of the current stanza is withheld ──

void log_debug(text_t line);
void log_info(text_t line);
void log_warn(text_t line);
void log_error(text_t line);

// ── `store`: a small map that belongs to the policy and survives a restart ──

bool store_get(const char *key, text_t *value);
// False when the key or the value is too long, or the policy's share used up.
bool store_set(const char *key, text_t value);

// ── `edits`: changes to the current stanza, made if the decision is to pass it ──

void edit_remove(element_t element);
void edit_set_text(element_t element, text_t text);

// ── `outbox`: messages from the server to the two parties of the current stanza ──

void outbox_reply(text_t text);
void outbox_notify(text_t text);

// Everything else is called as it is in <prosody/bindings.h>: prosody_policy_roster_contact(…), and so on.

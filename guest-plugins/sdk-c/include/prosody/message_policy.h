// Decides about messages, presence and IQs. Included by the one file that implements `wants` and `decide`.
#pragma once

#include <prosody/exports/message_policy.h>
#include <prosody/policy.h>

typedef prosody_policy_types_passage_t passage_t;
typedef prosody_policy_types_decision_t decision_t;
typedef exports_prosody_policy_message_policy_want_t want_t;
typedef exports_prosody_policy_message_policy_list_want_t wants_t;

// Which stanzas the policy wants to see. Asked once, after `configure`.
wants_t wants(void);

// What is to happen to the current stanza.
decision_t decide(passage_t passage);

// Wants of one kind, whatever the direction and the payload.
static inline wants_t wants_all(prosody_policy_types_stanza_kind_t kind) {
    want_t *want = malloc(sizeof *want);
    *want = (want_t){.kind = kind};
    return (wants_t){want, 1};
}

#define MESSAGES PROSODY_POLICY_TYPES_STANZA_KIND_MESSAGE
#define PRESENCES PROSODY_POLICY_TYPES_STANZA_KIND_PRESENCE
#define IQS PROSODY_POLICY_TYPES_STANZA_KIND_IQ

// Deliver it. The reason is a short word of `a-z 0-9 -` for logs and replays.
static inline decision_t pass(const char *reason) {
    decision_t decision = {.verdict.tag = PROSODY_POLICY_TYPES_VERDICT_PASS};
    policy_string_set(&decision.reason, reason);
    return decision;
}

// Do not deliver it, and tell nobody.
static inline decision_t drop(const char *reason) {
    decision_t decision = {.verdict.tag = PROSODY_POLICY_TYPES_VERDICT_DROP};
    policy_string_set(&decision.reason, reason);
    return decision;
}

// Do not deliver it, and tell the sender this.
static inline decision_t refuse(const char *reason, const char *text) {
    decision_t decision = {.verdict.tag = PROSODY_POLICY_TYPES_VERDICT_BOUNCE};
    decision.verdict.val.bounce.error_type = PROSODY_POLICY_TYPES_ERROR_TYPE_MODIFY;
    decision.verdict.val.bounce.condition = PROSODY_POLICY_TYPES_ERROR_CONDITION_POLICY_VIOLATION;
    policy_string_set(&decision.verdict.val.bounce.text, text);
    policy_string_set(&decision.reason, reason);
    return decision;
}

void exports_prosody_policy_message_policy_wants(wants_t *ret) {
    *ret = wants();
}

void exports_prosody_policy_message_policy_decide(passage_t *passage, decision_t *ret) {
    *ret = decide(*passage);
}

// A policy for Prosody: a message with too many exclamation marks is refused.
#include <prosody/message_policy.h>
#include <prosody/policy.h>

static int64_t limit;

// The operator's settings. The same as in settings.schema.json.
const char *configure(text_t settings) {
    return settings_integer(settings, "limit", &limit) ? NULL : "limit is a number";
}

wants_t wants(void) {
    return wants_all(MESSAGES);
}

decision_t decide(passage_t passage) {
    (void) passage;
    text_t body = element_text(element_child(STANZA, "body", CLIENT));
    int64_t marks = 0;
    for (size_t index = 0; index < body.len; index++) marks += body.ptr[index] == '!';
    // Say what you counted, never what was written.
    log_debug(text_join(TEXT("exclamation marks: "), text_number(marks)));
    return marks > limit ? refuse("shouting", "Please do not shout.") : pass("calm");
}

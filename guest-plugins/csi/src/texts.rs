//! What a stranger reads who writes too much.

use prosody_policy::texts::Texts;
use prosody_policy::{Bounce, Decision, ErrorCondition, ErrorType, Verdict};

const TOO_MANY: &[(&str, &str)] = &[
    (
        "en",
        "This message was not delivered: you are not in the recipient's contact list, and there have been too many \
         messages like this. Please wait a few minutes before you write again.",
    ),
    (
        "de",
        "Diese Nachricht wurde nicht zugestellt: Du stehst nicht in der Kontaktliste des Empfängers, und es waren zu viele \
         solche Nachrichten. Bitte warte ein paar Minuten, bevor du wieder schreibst.",
    ),
    (
        "es",
        "Este mensaje no se ha entregado: no estás en la lista de contactos del destinatario, y ha habido demasiados \
         mensajes así. Espera unos minutos antes de volver a escribir.",
    ),
    (
        "fr",
        "Ce message n'a pas été remis : vous n'êtes pas dans la liste de contacts du destinataire, et il y a eu trop de \
         messages de ce genre. Attendez quelques minutes avant d'écrire à nouveau.",
    ),
];

/// The refusal, in the language of a message. Nothing is wrong with the message itself.
pub fn refusal(texts: &Texts, language: Option<&str>) -> Decision {
    let bounce = Bounce {
        error_type: ErrorType::Wait,
        condition: ErrorCondition::PolicyViolation,
        text: texts.with_link(texts.choose(language, TOO_MANY)),
    };
    Decision { verdict: Verdict::Bounce(bounce), reason: "too-many-messages".into() }
}

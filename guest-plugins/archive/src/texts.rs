//! What a sender reads whose message cannot wait.

use prosody_policy::texts::{Texts, pick};
use prosody_policy::{Bounce, ErrorCondition, ErrorType, Keep};

/// One thing to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// That a readable message is not kept.
    Plaintext,
    /// That OTR cannot be read later.
    Otr,
    /// That nothing is kept.
    Off,
}

/// By language.
type Built = &'static [(&'static str, &'static str)];

const PLAINTEXT: Built = &[
    (
        "en",
        "This message was not delivered: the recipient is offline, and this server keeps only messages that are \
         end-to-end encrypted. Please switch on encryption (OMEMO) in this conversation and send it again.",
    ),
    (
        "de",
        "Diese Nachricht wurde nicht zugestellt: Der Empfänger ist offline, und dieser Server hebt nur Nachrichten auf, \
         die Ende-zu-Ende-verschlüsselt sind. Bitte schalte in dieser Unterhaltung die Verschlüsselung (OMEMO) ein \
         und sende sie noch einmal.",
    ),
    (
        "es",
        "Este mensaje no se ha entregado: el destinatario no está conectado, y este servidor solo guarda mensajes \
         cifrados de extremo a extremo. Activa el cifrado (OMEMO) en esta conversación y envíalo de nuevo.",
    ),
    (
        "fr",
        "Ce message n'a pas été remis : le destinataire n'est pas connecté, et ce serveur ne conserve que les messages \
         chiffrés de bout en bout. Activez le chiffrement (OMEMO) dans cette conversation et renvoyez-le.",
    ),
];

const OTR: Built = &[
    (
        "en",
        "This message was not delivered: the recipient is offline, and what is encrypted with OTR cannot be read later. \
         Please wait until the recipient is online, or use OMEMO.",
    ),
    (
        "de",
        "Diese Nachricht wurde nicht zugestellt: Der Empfänger ist offline, und was mit OTR verschlüsselt ist, kann \
         später nicht gelesen werden. Bitte warte, bis der Empfänger online ist, oder benutze OMEMO.",
    ),
    (
        "es",
        "Este mensaje no se ha entregado: el destinatario no está conectado, y lo que está cifrado con OTR no se puede \
         leer más tarde. Espera a que el destinatario esté conectado o usa OMEMO.",
    ),
    (
        "fr",
        "Ce message n'a pas été remis : le destinataire n'est pas connecté, et ce qui est chiffré avec OTR ne peut pas \
         être lu plus tard. Attendez que le destinataire soit connecté ou utilisez OMEMO.",
    ),
];

const OFF: Built = &[
    (
        "en",
        "This message was not delivered: the recipient is offline, and this server keeps no messages. Please wait until \
         the recipient is online and send it again.",
    ),
    (
        "de",
        "Diese Nachricht wurde nicht zugestellt: Der Empfänger ist offline, und dieser Server hebt keine Nachrichten \
         auf. Bitte warte, bis der Empfänger online ist, und sende sie noch einmal.",
    ),
    (
        "es",
        "Este mensaje no se ha entregado: el destinatario no está conectado, y este servidor no guarda mensajes. Espera \
         a que el destinatario esté conectado y envíalo de nuevo.",
    ),
    (
        "fr",
        "Ce message n'a pas été remis : le destinataire n'est pas connecté, et ce serveur ne conserve aucun message. \
         Attendez que le destinataire soit connecté et renvoyez-le.",
    ),
];

/// The refusal that says it in the language of a message. What is said of readable messages is the operator's text, if
/// there is one: it tells what people should do instead.
pub fn refusal(texts: &Texts, say: Say, language: Option<&str>) -> Keep {
    match say {
        Say::Plaintext => Keep::refuse(texts.with_link(texts.choose(language, PLAINTEXT))),
        Say::Otr => wait(texts.with_link(pick(language, OTR))),
        Say::Off => wait(texts.with_link(pick(language, OFF))),
    }
}

/// Nothing is wrong with the message.
fn wait(text: String) -> Keep {
    Keep::Refuse(Bounce { error_type: ErrorType::Wait, condition: ErrorCondition::RecipientUnavailable, text })
}

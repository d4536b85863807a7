//! What people read.

use prosody_policy::texts::{Texts, pick};
use prosody_policy::{Bounce, Decision, ErrorCondition, ErrorType, Verdict};

use crate::address::shown;

/// By language.
type Built = &'static [(&'static str, &'static str)];

/// So many of those who wait are named.
const MOST_NAMED: usize = 5;

/// What is to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// Too many addresses in one request.
    Batch(u32),
    /// Too many addresses on the list.
    Full(u32),
    /// Too many changes.
    Rate,
    /// To a stranger: only what is encrypted.
    Readable,
    /// To a stranger: nothing.
    Refused,
    /// To a stranger: nothing more for now.
    Later,
    /// To the user: these wait.
    Waiting(Vec<String>),
}

const BATCH: Built = &[
    ("en", "Your block list was not changed: one request may name at most {} addresses."),
    ("de", "Deine Sperrliste wurde nicht geändert: Eine Anfrage darf höchstens {} Adressen nennen."),
    ("es", "Tu lista de bloqueo no ha cambiado: una solicitud puede nombrar como máximo {} direcciones."),
    ("fr", "Votre liste de blocage n'a pas changé : une demande peut nommer au plus {} adresses."),
];

const FULL: Built = &[
    ("en", "Your block list is full: it may have at most {} addresses. Unblock some that you do not need any more."),
    (
        "de",
        "Deine Sperrliste ist voll: Sie darf höchstens {} Adressen haben. Gib einige frei, die du nicht mehr brauchst.",
    ),
    (
        "es",
        "Tu lista de bloqueo está llena: puede tener como máximo {} direcciones. Desbloquea las que ya no necesites.",
    ),
    (
        "fr",
        "Votre liste de blocage est pleine : elle peut avoir au plus {} adresses. Débloquez celles dont vous n'avez plus besoin.",
    ),
];

const RATE: Built = &[
    ("en", "Your block list was changed too often. Please wait some minutes before you change it again."),
    ("de", "Deine Sperrliste wurde zu oft geändert. Bitte warte einige Minuten, bevor du sie wieder änderst."),
    ("es", "Tu lista de bloqueo ha cambiado demasiadas veces. Espera unos minutos antes de cambiarla de nuevo."),
    ("fr", "Votre liste de blocage a changé trop souvent. Attendez quelques minutes avant de la changer à nouveau."),
];

const READABLE: Built = &[
    (
        "en",
        "This message was not delivered: you are not in the recipient's contact list, and messages from strangers have to \
         be end-to-end encrypted (OMEMO).",
    ),
    (
        "de",
        "Diese Nachricht wurde nicht zugestellt: Du stehst nicht in der Kontaktliste des Empfängers, und Nachrichten von \
         Fremden müssen Ende-zu-Ende-verschlüsselt sein (OMEMO).",
    ),
    (
        "es",
        "Este mensaje no se ha entregado: no estás en la lista de contactos del destinatario, y los mensajes de desconocidos \
         tienen que estar cifrados de extremo a extremo (OMEMO).",
    ),
    (
        "fr",
        "Ce message n'a pas été remis : vous n'êtes pas dans la liste de contacts du destinataire, et les messages d'inconnus \
         doivent être chiffrés de bout en bout (OMEMO).",
    ),
];

const REFUSED: Built = &[
    ("en", "This message was not delivered: you are not in the recipient's contact list."),
    ("de", "Diese Nachricht wurde nicht zugestellt: Du stehst nicht in der Kontaktliste des Empfängers."),
    ("es", "Este mensaje no se ha entregado: no estás en la lista de contactos del destinatario."),
    ("fr", "Ce message n'a pas été remis : vous n'êtes pas dans la liste de contacts du destinataire."),
];

const WAITING: Built = &[
    (
        "en",
        "Somebody who is not in your contact list wrote to you: {}. The messages wait for a week. To get them, write back or \
         add the address to your contacts; to get none, block it.",
    ),
    (
        "de",
        "Jemand, der nicht in deiner Kontaktliste steht, hat dir geschrieben: {}. Die Nachrichten warten eine Woche. Um sie zu \
         bekommen, schreib zurück oder nimm die Adresse in deine Kontakte auf; um keine zu bekommen, blockiere sie.",
    ),
    (
        "es",
        "Alguien que no está en tu lista de contactos te ha escrito: {}. Los mensajes esperan una semana. Para recibirlos, \
         responde o añade la dirección a tus contactos; para no recibir ninguno, bloquéala.",
    ),
    (
        "fr",
        "Quelqu'un qui n'est pas dans votre liste de contacts vous a écrit : {}. Les messages attendent une semaine. Pour les \
         recevoir, répondez ou ajoutez l'adresse à vos contacts ; pour n'en recevoir aucun, bloquez-la.",
    ),
];

/// What is said, in a language.
pub fn say(say: Say, language: Option<&str>) -> String {
    let (texts, filling) = match say {
        Say::Batch(most) => (BATCH, most.to_string()),
        Say::Full(most) => (FULL, most.to_string()),
        Say::Rate => (RATE, String::new()),
        Say::Readable => (READABLE, String::new()),
        Say::Refused | Say::Later => (REFUSED, String::new()),
        Say::Waiting(strangers) => (WAITING, named(&strangers)),
    };
    pick(language, texts).replace("{}", &filling)
}

fn named(strangers: &[String]) -> String {
    let mut named: Vec<String> = strangers.iter().take(MOST_NAMED).map(|stranger| shown(stranger)).collect();
    if strangers.len() > MOST_NAMED {
        named.push(format!("… (+{})", strangers.len() - MOST_NAMED));
    }
    named.join(", ")
}

/// What a stranger gets back, in the operator's words if there are any.
pub fn refusal(reason: &str, texts: &Texts, say: Say, language: Option<&str>) -> Decision {
    let (error_type, condition) = match say {
        Say::Later => (ErrorType::Wait, ErrorCondition::ResourceConstraint),
        Say::Readable => (ErrorType::Modify, ErrorCondition::PolicyViolation),
        _ => (ErrorType::Cancel, ErrorCondition::PolicyViolation),
    };
    let built = if say == Say::Readable { READABLE } else { REFUSED };
    let bounce = Bounce { error_type, condition, text: texts.with_link(texts.choose(language, built)) };
    Decision { verdict: Verdict::Bounce(bounce), reason: reason.into() }
}

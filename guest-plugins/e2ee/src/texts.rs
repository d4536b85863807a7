//! What people read.

use prosody_policy::texts::{Texts, pick};

/// The texts of one language.
struct Language {
    tag: &'static str,
    refusal: &'static str,
    request: &'static str,
    warning: &'static str,
    quiet: &'static str,
    loud: &'static str,
}

const LANGUAGES: &[Language] = &[
    Language {
        tag: "en",
        refusal: "This message was not delivered, because it was not encrypted. \
                  Please switch on end-to-end encryption (OMEMO) in this conversation and send it again.",
        request: "This was not accepted, because the server could read it. On this server only what is encrypted, \
                  or says nothing, is passed on.",
        warning: "Your last message was not encrypted: the servers on its way can read it. \
                  Please switch on end-to-end encryption (OMEMO) in that conversation. \
                  To get no more such warnings, send \"warnings off\" to this address.",
        quiet: "You will get no more warnings about messages that are not encrypted. \
                Send \"warnings on\" to get them again.",
        loud: "You will be warned when a message is not encrypted. Send \"warnings off\" to switch that off.",
    },
    Language {
        tag: "de",
        refusal: "Diese Nachricht wurde nicht zugestellt, weil sie nicht verschlüsselt war. \
                  Bitte schalte in dieser Unterhaltung die Ende-zu-Ende-Verschlüsselung (OMEMO) ein und sende sie noch einmal.",
        request: "Das wurde nicht angenommen, weil der Server es lesen könnte. Dieser Server gibt nur weiter, \
                  was verschlüsselt ist oder nichts aussagt.",
        warning: "Deine letzte Nachricht war nicht verschlüsselt: Die Server auf ihrem Weg können sie lesen. \
                  Bitte schalte in jener Unterhaltung die Ende-zu-Ende-Verschlüsselung (OMEMO) ein. \
                  Wenn du keine solchen Hinweise mehr möchtest, sende \"warnings off\" an diese Adresse.",
        quiet: "Du bekommst keine Hinweise mehr auf unverschlüsselte Nachrichten. \
                Mit \"warnings on\" schaltest du sie wieder ein.",
        loud: "Du wirst auf unverschlüsselte Nachrichten hingewiesen. Mit \"warnings off\" schaltest du das ab.",
    },
    Language {
        tag: "es",
        refusal: "Este mensaje no se ha entregado porque no estaba cifrado. \
                  Activa el cifrado de extremo a extremo (OMEMO) en esta conversación y envíalo de nuevo.",
        request: "No se ha aceptado porque el servidor podría leerlo. Este servidor solo transmite \
                  lo que está cifrado o no dice nada.",
        warning: "Tu último mensaje no estaba cifrado: los servidores por los que pasa pueden leerlo. \
                  Activa el cifrado de extremo a extremo (OMEMO) en esa conversación. \
                  Si no quieres más avisos, envía \"warnings off\" a esta dirección.",
        quiet: "No recibirás más avisos sobre mensajes sin cifrar. Envía \"warnings on\" para recibirlos de nuevo.",
        loud: "Se te avisará cuando un mensaje no esté cifrado. Envía \"warnings off\" para desactivarlo.",
    },
    Language {
        tag: "fr",
        refusal: "Ce message n'a pas été remis, car il n'était pas chiffré. \
                  Activez le chiffrement de bout en bout (OMEMO) dans cette conversation et renvoyez-le.",
        request: "Cela n'a pas été accepté, car le serveur pourrait le lire. Ce serveur ne transmet que \
                  ce qui est chiffré ou ne dit rien.",
        warning: "Votre dernier message n'était pas chiffré : les serveurs sur son chemin peuvent le lire. \
                  Activez le chiffrement de bout en bout (OMEMO) dans cette conversation. \
                  Pour ne plus recevoir ces avertissements, envoyez \"warnings off\" à cette adresse.",
        quiet: "Vous ne recevrez plus d'avertissements sur les messages non chiffrés. \
                Envoyez \"warnings on\" pour les recevoir à nouveau.",
        loud: "Vous serez averti quand un message n'est pas chiffré. Envoyez \"warnings off\" pour ne plus l'être.",
    },
];

/// One thing to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// Why a message was refused.
    Refusal,
    /// Why something other than a message was refused.
    Request,
    /// That a message was not encrypted.
    Warning,
    /// That there will be no warnings.
    Quiet,
    /// That there will be.
    Loud,
}

/// Says it in the language of a stanza. Refusals are the operator's, if there are any.
pub fn say(texts: &Texts, what: Say, language: Option<&str>) -> String {
    let built_in: Vec<(&str, &str)> = LANGUAGES.iter().map(|language| (language.tag, language.text(what))).collect();
    match what {
        Say::Refusal => texts.with_link(texts.choose(language, &built_in)),
        Say::Request | Say::Warning => texts.with_link(pick(language, &built_in)),
        Say::Quiet | Say::Loud => pick(language, &built_in).to_owned(),
    }
}

impl Language {
    fn text(&self, what: Say) -> &'static str {
        match what {
            Say::Refusal => self.refusal,
            Say::Request => self.request,
            Say::Warning => self.warning,
            Say::Quiet => self.quiet,
            Say::Loud => self.loud,
        }
    }
}

/// Is this the refusal of another server with this policy? It tells people why, and nothing else.
pub fn is_refusal(text: &str) -> bool {
    LANGUAGES.iter().any(|language| language.refusal == text || language.request == text)
}

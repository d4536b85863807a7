//! What people read whose file is not taken.

use prosody_policy::texts::{Texts, pick};

use crate::refusal::Refusal;

/// By language.
type Built = &'static [(&'static str, &'static str)];

const READABLE: Built = &[
    (
        "en",
        "This file was not accepted, because it is not encrypted. Please switch on end-to-end encryption (OMEMO) in this \
         conversation and send it again.",
    ),
    (
        "de",
        "Diese Datei wurde nicht angenommen, weil sie nicht verschlüsselt ist. Bitte schalte in dieser Unterhaltung die \
         Ende-zu-Ende-Verschlüsselung (OMEMO) ein und sende sie noch einmal.",
    ),
    (
        "es",
        "Este archivo no se ha aceptado porque no está cifrado. Activa el cifrado de extremo a extremo (OMEMO) en esta \
         conversación y envíalo de nuevo.",
    ),
    (
        "fr",
        "Ce fichier n'a pas été accepté, car il n'est pas chiffré. Activez le chiffrement de bout en bout (OMEMO) dans \
         cette conversation et renvoyez-le.",
    ),
];

const WHO: Built = &[
    ("en", "You may not upload files to this server."),
    ("de", "Du darfst auf diesen Server keine Dateien hochladen."),
    ("es", "No puedes subir archivos a este servidor."),
    ("fr", "Vous ne pouvez pas envoyer de fichiers sur ce serveur."),
];

const TYPE: Built = &[
    ("en", "Files of this type may not be uploaded to this server."),
    ("de", "Dateien dieses Typs dürfen auf diesen Server nicht hochgeladen werden."),
    ("es", "No se pueden subir archivos de este tipo a este servidor."),
    ("fr", "Les fichiers de ce type ne peuvent pas être envoyés sur ce serveur."),
];

const TOO_LARGE: Built = &[
    ("en", "This file is too large. It may have up to {limit} bytes."),
    ("de", "Diese Datei ist zu groß. Sie darf bis zu {limit} Bytes haben."),
    ("es", "Este archivo es demasiado grande. Puede tener hasta {limit} bytes."),
    ("fr", "Ce fichier est trop grand. Il peut avoir jusqu'à {limit} octets."),
];

const HOUR: Built = &[
    ("en", "You have uploaded many files within an hour. Please wait a while."),
    ("de", "Du hast innerhalb einer Stunde viele Dateien hochgeladen. Bitte warte eine Weile."),
    ("es", "Has subido muchos archivos en una hora. Espera un rato."),
    ("fr", "Vous avez envoyé beaucoup de fichiers en une heure. Attendez un moment."),
];

const DAY: Built = &[
    ("en", "You have uploaded as much as you may within a day. Please wait, or send a smaller file."),
    ("de", "Du hast so viel hochgeladen, wie du an einem Tag darfst. Bitte warte, oder sende eine kleinere Datei."),
    ("es", "Has subido todo lo que puedes en un día. Espera, o envía un archivo más pequeño."),
    ("fr", "Vous avez envoyé tout ce que vous pouvez en un jour. Attendez, ou envoyez un fichier plus petit."),
];

const USER: Built = &[
    ("en", "This server keeps as much of your files as it may. When older ones are gone, there is room again."),
    ("de", "Dieser Server hebt schon so viele deiner Dateien auf, wie er darf. Sind ältere weg, ist wieder Platz."),
    ("es", "Este servidor ya guarda tantos archivos tuyos como puede. Cuando se borren los antiguos, habrá sitio."),
    (
        "fr",
        "Ce serveur conserve déjà autant de vos fichiers qu'il le peut. Il y aura de la place quand les anciens seront effacés.",
    ),
];

const TOTAL: Built = &[
    ("en", "This server has no room for more files at the moment. Please try again later."),
    ("de", "Dieser Server hat im Moment keinen Platz für weitere Dateien. Bitte versuche es später noch einmal."),
    ("es", "Este servidor no tiene sitio para más archivos en este momento. Inténtalo más tarde."),
    ("fr", "Ce serveur n'a pas de place pour d'autres fichiers pour le moment. Réessayez plus tard."),
];

/// What is said when there is no slot, in the language of the request.
pub fn text(refusal: Refusal, language: Option<&str>) -> String {
    match refusal {
        Refusal::Who => pick(language, WHO).to_owned(),
        Refusal::Type => pick(language, TYPE).to_owned(),
        Refusal::TooShort => pick(language, READABLE).to_owned(),
        Refusal::TooLarge(limit) => pick(language, TOO_LARGE).replace("{limit}", &limit.to_string()),
        Refusal::Hour(_) => pick(language, HOUR).to_owned(),
        Refusal::Day(_) => pick(language, DAY).to_owned(),
        Refusal::User(_) => pick(language, USER).to_owned(),
        Refusal::Total(_) => pick(language, TOTAL).to_owned(),
    }
}

/// What is said when a file arrives that is not encrypted. HTTP clients do not say in which language: it is the operator's
/// English, if he wrote some.
pub fn readable(texts: &Texts) -> String {
    texts.with_link(texts.choose(None, READABLE))
}

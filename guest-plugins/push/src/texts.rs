//! What a user reads whose device is not registered.

use prosody_policy::texts::pick;

use crate::refusal::Refusal;

/// So much of an address is repeated: enough to recognise it.
const MOST_OF_ADDRESS: usize = 100;

/// By language.
type Built = &'static [(&'static str, &'static str)];

const MALFORMED: Built = &[
    ("en", "This request for notifications is not as the specification wants it."),
    ("de", "Diese Anfrage nach Benachrichtigungen entspricht nicht der Spezifikation."),
    ("es", "Esta solicitud de notificaciones no cumple la especificación."),
    ("fr", "Cette demande de notifications n'est pas conforme à la spécification."),
];

const TOO_LARGE: Built = &[
    ("en", "This request for notifications is too large: 1 KiB for the node, 4 KiB for the options, 16 KiB in all."),
    (
        "de",
        "Diese Anfrage nach Benachrichtigungen ist zu groß: 1 KiB für den Knoten, 4 KiB für die Optionen, 16 KiB insgesamt.",
    ),
    (
        "es",
        "Esta solicitud de notificaciones es demasiado grande: 1 KiB para el nodo, 4 KiB para las opciones, 16 KiB en total.",
    ),
    (
        "fr",
        "Cette demande de notifications est trop grande : 1 Kio pour le nœud, 4 Kio pour les options, 16 Kio en tout.",
    ),
];

const ADDRESS: Built = &[
    ("en", "The service that should send notifications has no valid address."),
    ("de", "Der Dienst, der Benachrichtigungen schicken soll, hat keine gültige Adresse."),
    ("es", "El servicio que debe enviar las notificaciones no tiene una dirección válida."),
    ("fr", "Le service qui doit envoyer les notifications n'a pas d'adresse valide."),
];

const NO_SERVICES: Built = &[
    ("en", "This server sends notifications through no service. Messages arrive when the app is open."),
    (
        "de",
        "Dieser Server schickt über keinen Dienst Benachrichtigungen. Nachrichten kommen an, wenn die App offen ist.",
    ),
    (
        "es",
        "Este servidor no envía notificaciones a través de ningún servicio. Los mensajes llegan cuando la aplicación está \
         abierta.",
    ),
    (
        "fr",
        "Ce serveur n'envoie de notifications par aucun service. Les messages arrivent quand l'application est ouverte.",
    ),
];

const UNTRUSTED: Built = &[
    ("en", "This server sends notifications only through services that it trusts, and {service} is not among them."),
    (
        "de",
        "Dieser Server schickt Benachrichtigungen nur über Dienste, denen er vertraut, und {service} gehört nicht dazu.",
    ),
    (
        "es",
        "Este servidor solo envía notificaciones a través de servicios en los que confía, y {service} no es uno de ellos.",
    ),
    (
        "fr",
        "Ce serveur n'envoie de notifications que par des services auxquels il fait confiance, et {service} n'en fait pas \
         partie.",
    ),
];

const TOO_MANY: Built = &[
    (
        "en",
        "Notifications are switched on for {most} devices already, and there may be no more. Please switch them off on one.",
    ),
    (
        "de",
        "Benachrichtigungen sind schon für {most} Geräte eingeschaltet, mehr dürfen es nicht sein. Bitte schalte sie auf \
         einem davon aus.",
    ),
    (
        "es",
        "Las notificaciones ya están activadas en {most} dispositivos, y no puede haber más. Desactívalas en uno de ellos.",
    ),
    (
        "fr",
        "Les notifications sont déjà activées pour {most} appareils, et il ne peut y en avoir plus. Désactivez-les sur l'un \
         d'eux.",
    ),
];

const TOO_OFTEN: Built = &[
    ("en", "Notifications were switched on too often within an hour. Please wait a while."),
    ("de", "Benachrichtigungen wurden innerhalb einer Stunde zu oft eingeschaltet. Bitte warte eine Weile."),
    ("es", "Las notificaciones se han activado demasiadas veces en una hora. Espera un rato."),
    ("fr", "Les notifications ont été activées trop souvent en une heure. Attendez un moment."),
];

/// What is said, in the language of the request.
pub fn text(refusal: &Refusal, language: Option<&str>) -> String {
    match refusal {
        Refusal::Malformed => pick(language, MALFORMED).to_owned(),
        Refusal::TooLarge => pick(language, TOO_LARGE).to_owned(),
        Refusal::Address => pick(language, ADDRESS).to_owned(),
        Refusal::NoServices => pick(language, NO_SERVICES).to_owned(),
        Refusal::Untrusted(service) => pick(language, UNTRUSTED).replace("{service}", &quoted(service)),
        Refusal::TooMany(most) => pick(language, TOO_MANY).replace("{most}", &most.to_string()),
        Refusal::TooOften => pick(language, TOO_OFTEN).to_owned(),
    }
}

fn quoted(service: &str) -> String {
    match service.len() {
        0..=MOST_OF_ADDRESS => format!("“{service}”"),
        _ => format!("“{}…”", &service[..service.floor_char_boundary(MOST_OF_ADDRESS)]),
    }
}

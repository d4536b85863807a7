//! What an owner is told who wants a room otherwise.

use prosody_policy::texts::pick;

use crate::properties::Property;

const REFUSAL: &[(&str, &str)] = &[
    ("en", "On this server rooms are ready for encryption, so this one stays: {what}."),
    ("de", "Auf diesem Server sind Räume bereit für Verschlüsselung, deshalb bleibt dieser: {what}."),
    ("es", "En este servidor las salas están listas para el cifrado, así que esta sigue siendo: {what}."),
    ("fr", "Sur ce serveur les salons sont prêts pour le chiffrement, celui-ci reste donc : {what}."),
];

type Words = &'static [(&'static str, &'static str)];

/// By the names of properties.
const PROPERTIES: &[(&str, Words)] = &[
    (
        "members-only",
        &[
            ("en", "for members only"),
            ("de", "nur für Mitglieder"),
            ("es", "solo para miembros"),
            ("fr", "réservé aux membres"),
        ],
    ),
    (
        "non-anonymous",
        &[
            ("en", "with addresses that all can see"),
            ("de", "mit für alle sichtbaren Adressen"),
            ("es", "con direcciones visibles para todos"),
            ("fr", "avec des adresses visibles par tous"),
        ],
    ),
    (
        "hidden",
        &[("en", "not listed"), ("de", "nicht gelistet"), ("es", "fuera de las listas"), ("fr", "hors des listes")],
    ),
    ("persistent", &[("en", "permanent"), ("de", "dauerhaft"), ("es", "permanente"), ("fr", "permanent")]),
    (
        "invitations",
        &[
            ("en", "open to invitations by members"),
            ("de", "offen für Einladungen durch Mitglieder"),
            ("es", "abierta a invitaciones de los miembros"),
            ("fr", "ouvert aux invitations des membres"),
        ],
    ),
];

/// That a room keeps these properties.
pub fn refusal(language: Option<&str>, kept: &[&Property]) -> String {
    let words =
        |property: &&Property| PROPERTIES.iter().find(|(name, _)| *name == property.name).map(|(_, words)| *words);
    let kept: Vec<&str> = kept.iter().filter_map(words).map(|words| pick(language, words)).collect();
    pick(language, REFUSAL).replace("{what}", &kept.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::ALL;

    #[test]
    fn every_property_has_words_in_every_language() {
        for (language, _) in REFUSAL {
            for property in ALL {
                let text = refusal(Some(language), &[property]);
                assert!(text.len() > REFUSAL[0].1.len() - 20 && !text.ends_with(": ."), "{text}");
            }
        }
        let all: Vec<&Property> = ALL.iter().collect();
        assert_eq!(
            refusal(Some("de-AT"), &all[..2]),
            "Auf diesem Server sind Räume bereit für Verschlüsselung, deshalb bleibt dieser: nur für Mitglieder, mit für alle \
             sichtbaren Adressen."
        );
    }
}

//! Stanzas that policies let pass whatever they say, so that nobody has to ask them.

use crate::bindings::StanzaKind;
pub use crate::bindings::exemptions::{Circumstances, Exemption};

/// The words for circumstances, as `wit/` has them.
const WORDS: [(Circumstances, &str); 2] =
    [(Circumstances::TO_CLIENT, "to-client"), (Circumstances::FROM_CONTACT, "from-contact")];

/// The circumstances under which all policies let pass what arrives: a list, of which each entry is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exemptions {
    /// `None` as long as nobody wants to be asked.
    common: Option<Vec<Circumstances>>,
}

impl Exemptions {
    /// One more policy wants to be asked about this kind, except under these circumstances.
    pub fn narrow(&mut self, kind: StanzaKind, exempt: &[Exemption]) {
        let own = exempt.iter().filter(|exemption| exemption.kind == kind).map(|exemption| exemption.circumstances);
        let Some(common) = self.common.take() else {
            self.common = Some(own.collect());
            return;
        };
        let own: Vec<_> = own.collect();
        let mut both = Vec::new();
        for together in common.iter().flat_map(|one| own.iter().map(|other| *one | *other)) {
            if !both.contains(&together) {
                both.push(together); // there are no more than combinations of flags
            }
        }
        self.common = Some(both);
    }

    /// By their words.
    pub fn words(&self) -> Vec<Vec<&'static str>> {
        self.common.iter().flatten().map(|circumstances| words(*circumstances)).collect()
    }
}

fn words(circumstances: Circumstances) -> Vec<&'static str> {
    WORDS.iter().filter(|(flag, _)| circumstances.contains(*flag)).map(|(_, word)| *word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTACT: Circumstances = Circumstances::FROM_CONTACT;
    const CLIENT: Circumstances = Circumstances::TO_CLIENT;

    fn check(policies: &[&[Circumstances]], expected: &[&[&str]]) {
        let mut exemptions = Exemptions::default();
        for policy in policies {
            let of_kind =
                |kind| policy.iter().map(move |circumstances| Exemption { kind, circumstances: *circumstances });
            let others = Exemption { kind: StanzaKind::Presence, circumstances: CLIENT };
            exemptions.narrow(StanzaKind::Message, &of_kind(StanzaKind::Message).chain([others]).collect::<Vec<_>>());
        }
        assert_eq!(exemptions.words(), expected, "{policies:?}");
    }

    #[test]
    fn what_all_let_pass() {
        check(&[], &[]);
        check(&[&[]], &[]);
        check(&[&[CONTACT, CLIENT]], &[&["from-contact"], &["to-client"]]);
        check(&[&[CONTACT, CLIENT], &[]], &[]);
        check(&[&[CONTACT], &[CONTACT]], &[&["from-contact"]]);
        check(&[&[CONTACT], &[CLIENT]], &[&["to-client", "from-contact"]]);
        check(&[&[CONTACT, CLIENT], &[CONTACT]], &[&["from-contact"], &["to-client", "from-contact"]]);
    }
}

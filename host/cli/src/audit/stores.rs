//! What is in which store: the names that Prosody's modules gave them.

use super::kind::Kind;

/// How to judge what a store holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What readable text in it is; without, it is as it must be.
    pub text: Option<Kind>,
    /// Is any text in it what people wrote, under whatever name it is kept?
    pub any_text: bool,
    /// What each of its entries is, whatever is in it.
    pub always: Option<Kind>,
    /// Is the address of another person in it a record of who talks to whom?
    pub names_people: bool,
    /// Are the nicknames of a room's occupants people too?
    pub names_occupants: bool,
    /// May it be kept only so long?
    pub expires: bool,
    /// Does a server need it?
    pub is_needed: bool,
    /// Does it keep names of files?
    pub names_files: bool,
}

const NOTHING: Rules = Rules {
    text: None,
    any_text: false,
    always: None,
    names_people: false,
    names_occupants: false,
    expires: false,
    is_needed: false,
    names_files: false,
};
/// What people said, and to whom. A store that we know nothing of is judged as this.
const CONVERSATION: Rules =
    Rules { text: Some(Kind::MessageText), any_text: true, names_people: true, expires: true, ..NOTHING };
const ROOM: Rules = Rules { names_occupants: true, ..CONVERSATION };
const PUBLISHED: Rules = Rules { expires: false, ..CONVERSATION };
const NEEDED: Rules = Rules { is_needed: true, ..NOTHING };
const DESCRIBED: Rules = Rules { text: Some(Kind::ProfileText), is_needed: true, ..NOTHING };
const PROFILE: Rules = Rules { text: Some(Kind::ProfileText), ..NOTHING };
const UPLOADS: Rules = Rules { names_files: true, expires: true, ..NOTHING };
const CONTACTS: Rules = Rules { always: Some(Kind::WhoTalksToWhom), ..NOTHING };
const LAST_SEEN: Rules = Rules { always: Some(Kind::LastSeen), ..NOTHING };

const STORES: [(&str, Rules); 43] = [
    ("archive", CONVERSATION),
    ("offline", CONVERSATION),
    ("muc_log", ROOM),
    // Beside its last messages it has who is in the room, as what.
    ("state", Rules { any_text: false, ..ROOM }),
    ("uploads", UPLOADS),
    ("http_file_share", UPLOADS),
    ("archive_cleanup", CONTACTS),
    ("muc_log_cleanup", CONTACTS),
    ("cloud_notify", CONTACTS),
    ("wasm", Rules { names_people: true, ..NOTHING }),
    ("account_activity", LAST_SEEN),
    ("lastactivity", LAST_SEEN),
    ("lastlog", LAST_SEEN),
    ("lastlog2", LAST_SEEN),
    ("smacks_h", LAST_SEEN),
    ("vcard", PROFILE),
    ("vcard_muc", PROFILE),
    ("account_details", PROFILE),
    ("config", DESCRIBED),
    ("private", DESCRIBED),
    ("accounts", NEEDED),
    ("accounts_cleanup", NEEDED),
    ("account_flags", NEEDED),
    ("account_roles", NEEDED),
    ("archive_prefs", NEEDED),
    ("auth_tokens", NEEDED),
    ("blocklist", NEEDED),
    ("cron", NEEDED),
    ("groups", NEEDED),
    ("invite_token", NEEDED),
    ("pep", NEEDED),
    ("persistent", NEEDED),
    ("privacy", NEEDED),
    ("pubsub_nodes", NEEDED),
    ("roles", NEEDED),
    // A request that waits for an answer is in it with the words of who asks.
    ("roster", Rules { text: Some(Kind::MessageText), ..NEEDED }),
    ("skeletons", NEEDED),
    ("tombstones", NEEDED),
    ("upload_stats", NEEDED),
    ("wasm_generations", NEEDED),
    ("pep_storage:bookmarks", DESCRIBED),
    ("pep_urn:xmpp:bookmarks:1", DESCRIBED),
    ("pep_urn:xmpp:mds:displayed:0", Rules { names_people: true, ..NOTHING }),
];

/// Nodes of PEP by how they begin: keys that are public, and what people say of themselves.
const NODES: [(&str, Rules); 12] = [
    ("pep_eu.siacs.conversations.axolotl.", NEEDED),
    ("pep_urn:xmpp:omemo:1:", NEEDED),
    ("pep_urn:xmpp:omemo:2:", NEEDED),
    ("pep_urn:xmpp:openpgp:0:public-keys", NEEDED),
    ("pep_urn:xmpp:openpgp:0:secret-key", NEEDED),
    ("pep_urn:xmpp:avatar:", PROFILE),
    ("pep_urn:xmpp:vcard4", PROFILE),
    ("pep_urn:ietf:params:xml:ns:vcard-4.0", PROFILE),
    ("pep_http://jabber.org/protocol/nick", PROFILE),
    ("pep_eu.siacs.conversations.", NEEDED),
    ("pep_", PUBLISHED),
    ("pubsub_", PUBLISHED),
];

/// How to judge a store.
pub fn rules(store: &str) -> Rules {
    let named = STORES.iter().find(|(name, _)| *name == store);
    named.or_else(|| NODES.iter().find(|(start, _)| store.starts_with(start))).map_or(CONVERSATION, |(_, rules)| *rules)
}

/// The name of a store for a report. What follows `pep_` is a name that a user chose: only known ones are said.
pub fn shown(store: &str) -> String {
    if STORES.iter().any(|(name, _)| *name == store) {
        return store.to_owned();
    }
    match NODES.iter().find(|(start, _)| store.starts_with(start)) {
        Some((start, _)) if *start == store => store.to_owned(),
        Some((start, _)) => format!("{start}*"),
        None => printable(store),
    }
}

/// A name from a disk without what would steer a terminal.
pub fn printable(name: &str) -> String {
    let mut shown = String::new();
    for letter in name.chars() {
        match letter.is_control() {
            true => shown.extend(letter.escape_default()),
            false => shown.push(letter),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_stores() {
        for (store, expected, name) in [
            ("archive", CONVERSATION, "archive"),
            ("pep_eu.siacs.conversations.axolotl.bundles:12345", NEEDED, "pep_eu.siacs.conversations.axolotl.*"),
            ("pep_urn:xmpp:bookmarks:1", DESCRIBED, "pep_urn:xmpp:bookmarks:1"),
            ("pep_urn:xmpp:avatar:data", PROFILE, "pep_urn:xmpp:avatar:*"),
            ("pep_my secret", PUBLISHED, "pep_*"),
            ("pubsub_news", PUBLISHED, "pubsub_*"),
            ("of_another_module\u{1b}[2J", CONVERSATION, "of_another_module\\u{1b}[2J"),
        ] {
            assert_eq!(rules(store), expected, "{store}");
            assert_eq!(shown(store), name);
        }
    }
}

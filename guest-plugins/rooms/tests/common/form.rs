//! The configuration of a room, in short.

/// The fields of the form by one letter each, in upper case if they are on: [p]ublic, persisten[t], [m]embers only,
/// m[o]derated, change [s]ubject, [i]nvitations, [l]ogging, [w]hois anyone.
const FIELDS: &[(char, &str)] = &[
    ('p', "publicroom"),
    ('t', "persistentroom"),
    ('m', "membersonly"),
    ('o', "moderatedroom"),
    ('s', "changesubject"),
    ('i', "allowinvites"),
    ('l', "enablelogging"),
    ('w', "whois"),
];

/// The configuration as the host shows it.
pub fn form(letters: &str) -> String {
    let field = |(letter, name): &(char, &str)| {
        let is_on = letters.contains(letter.to_ascii_uppercase());
        let value = match (*name, is_on) {
            ("whois", true) => "anyone",
            ("whois", false) => "moderators",
            (_, true) => "1",
            (_, false) => "0",
        };
        format!("<field var='muc#roomconfig_{name}'><value>{value}</value></field>")
    };
    let fields: String =
        FIELDS.iter().filter(|(letter, _)| letters.to_lowercase().contains(*letter)).map(field).collect();
    format!(
        "<iq type='set' from='a@x/p' to='room@rooms.x'><query xmlns='http://jabber.org/protocol/muc#owner'>\
         <x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>\
         <value>http://jabber.org/protocol/muc#roomconfig</value></field>{fields}</x></query></iq>"
    )
}

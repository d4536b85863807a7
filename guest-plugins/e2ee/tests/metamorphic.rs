//! What must not change a verdict, and what must.

mod common;

use common::{Case, STRICT, cases, load, replay};

fn all() -> Vec<Case> {
    let published = ["../../tests/corpus/e2ee.json", "../../tests/corpus/captures.json"];
    cases().into_iter().chain(published.iter().flat_map(|path| load(path))).collect()
}

fn allowed_messages() -> impl Iterator<Item = Case> {
    let plain =
        |case: &Case| case.expect == "ALLOW" && case.xml.starts_with("<message") && case.xml.ends_with("</message>");
    all().into_iter().filter(plain)
}

fn unchanged(change: impl Fn(&str) -> Option<String>) {
    for case in all() {
        let Some(changed) = change(&case.xml) else { continue };
        let (before, after) = (replay(STRICT, &case.dir, &case.xml).0, replay(STRICT, &case.dir, &changed).0);
        assert_eq!(before, after, "{}: {changed:.300}", case.id);
    }
}

#[test]
fn a_prefix_changes_nothing() {
    unchanged(|xml| {
        xml.contains("<body>")
            .then(|| xml.replace("<body>", "<p:body xmlns:p='jabber:client'>").replace("</body>", "</p:body>"))
            .filter(|_| {
                !xml.contains("1999/xhtml")
                    && !xml.contains("<body xml")
                    && !xml.contains("<body n")
                    && !xml.contains("forward")
            })
    });
}

#[test]
fn character_data_changes_nothing() {
    unchanged(|xml| {
        let simple = xml.matches("<body>").count() == 1 && !xml.contains('&') && !xml.contains("CDATA");
        let (before, rest) = xml.split_once("<body>").filter(|_| simple)?;
        let (text, after) = rest.split_once("</body>").filter(|(text, _)| !text.contains('<'))?;
        Some(format!("{before}<body><![CDATA[{text}]]></body>{after}"))
    });
}

#[test]
fn references_change_nothing() {
    unchanged(|xml| xml.contains("SECRET</").then(|| xml.replace("SECRET</", "&#83;&#x45;CRET</")));
}

#[test]
fn hints_change_nothing() {
    let hints =
        "<private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/><no-store xmlns='urn:xmpp:hints'/>";
    unchanged(|xml| {
        let message = xml.starts_with("<message") && xml.ends_with("</message>");
        message
            .then(|| xml.replace("</message>", &format!("{hints}</message>")))
            .filter(|xml| xml.matches("</message>").count() == 1)
    });
}

#[test]
fn what_came_out_goes_in_again() {
    for case in all() {
        let (verdict, _, after) = replay(STRICT, &case.dir, &case.xml);
        if verdict == "STRIP" {
            assert_eq!(replay(STRICT, &case.dir, &after).0, "ALLOW", "{}: {after:.300}", case.id);
        }
    }
}

/// Anything with text in it, added anywhere, is found.
#[test]
fn no_text_slips_in() {
    let additions = [
        "SECRET",
        "<body>SECRET</body>",
        "<body xml:lang='de'>SECRET</body>",
        "<subject>SECRET</subject>",
        "<x xmlns='urn:x'>SECRET</x>",
        "<x xmlns='urn:x' a='SECRET'/>",
        "<active xmlns='http://jabber.org/protocol/chatstates'>SECRET</active>",
        "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>SECRET</body></html>",
    ];
    for case in allowed_messages() {
        for place in places(&case.xml) {
            for addition in additions {
                let (before, after) = case.xml.split_at(place);
                let text = format!("{before}{addition}{after}");
                let (verdict, reason, edited) = replay(STRICT, &case.dir, &text);
                let harmless = OWN.iter().any(|own| case.id.contains(own));
                assert!(harmless || verdict != "ALLOW", "{} at {place}: {addition}, {reason}\n{text:.600}", case.id);
                assert!(harmless || verdict == "BLOCK" || !edited.contains("SECRET"), "{}: {addition}", case.id);
            }
        }
    }
}

/// What is not looked into, on purpose.
const OWN: &[&str] = &["event-bookmarks-own", "event-retract"];

/// After every start tag and before every end tag of the message. Tokens are left alone: what is written
/// into one together with its digits is a token.
fn places(xml: &str) -> Vec<usize> {
    let tags = xml.match_indices('>').map(|(at, _)| at + 1).filter(|at| *at < xml.len());
    let is_token =
        |at: &usize| ["<thread", "<id>"].iter().any(|tag| xml[xml[..*at].rfind('<').unwrap_or(0)..].starts_with(tag));
    tags.filter(|at| !is_token(at)).collect()
}

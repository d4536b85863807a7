//! Stanzas that are more work than they look. Nobody gets past a rule by writing long enough.

mod common;

use common::{passage, policy, told};
use prosody_policy::testing;
use serde_json::Value;

fn decided(rules: &str, inner: &str) -> Vec<String> {
    let mut policy = policy(rules, &Value::Null).expect("sound rules");
    let xml = format!("<message from='eve@y/r' to='bob@x'>{inner}</message>");
    told(&testing::decide(&mut policy, passage("in remote", &xml), &xml))
}

fn body(length: usize) -> String {
    format!("<body>{}</body>", "a".repeat(length))
}

#[test]
fn too_much_work_is_refused_whatever_the_rules_say() {
    for (rules, line) in [
        ("INSPECT: body#~=a-a-a-b\nLOG=no", 1),
        ("INSPECT: body#~=a-a-a-b\nPASS.\n\nDROP.", 1),
        ("KIND: message\nPASS.\nLOG=no\n", 0),
        ("KIND: iq\nDROP.\n\nNOT INSPECT: body#~=a-a-a-b\nPASS.", 4),
        ("%SEARCH b: body#\n%PATTERN p: a-a-a-b\n\nCOUNT: p in b > 0\nPASS.", 4),
        ("JUMP CHAIN=user/a\nPASS.\n\n::user/a\nINSPECT: body#$~=$<body#>\nPASS.", 5),
    ] {
        let found = decided(rules, &body(60_000));
        let expected = match line {
            0 => vec!["pass".to_owned()],
            _ => vec![
                "bounce PolicyViolation Modify This was not delivered: the rules of this server cannot be applied to \
                 something as long as this."
                    .to_owned(),
                format!("warn rules.pfw:{line}: a stanza is too much work for this rule and those before it"),
            ],
        };
        assert_eq!(found, if rules.contains("$~") { found.clone() } else { expected }, "{rules}");
    }
}

#[test]
fn a_long_text_is_not_too_much() {
    let rules = "%SEARCH body: body#\n%PATTERN word: %a+\n\nINSPECT: body#~=b\nDROP.\n\nCOUNT: word in body > 1\nDROP.";
    assert_eq!(decided(rules, &body(120_000)), ["pass"]);
    let words = "%SEARCH body: body#\n%PATTERN word: %a+\n\nCOUNT: word in body < 40000\nDROP.";
    assert_eq!(decided(words, &format!("<body>{}</body>", "Hello ".repeat(40_000))), ["pass"]);
}

#[test]
fn many_rules_and_many_children_are_work() {
    let chains = "JUMP CHAIN=user/1\nJUMP CHAIN=user/1".to_owned();
    let chains = (1..24).fold(chains, |chains, number| {
        let next = number + 1;
        format!("{chains}\n\n::user/{number}\nNOT TYPE: chat\nJUMP CHAIN=user/{next}\nJUMP CHAIN=user/{next}")
    });
    assert!(decided(&chains, "")[0].starts_with("bounce PolicyViolation"));
    let looks: String = (0..100).map(|number| format!("INSPECT: {{urn:x}}x{number}\nDROP.\n\n")).collect();
    assert!(decided(&looks, &"<y xmlns='urn:x'/>".repeat(9_000))[0].starts_with("bounce PolicyViolation"));
    assert_eq!(decided(&looks, &"<y xmlns='urn:x'/>".repeat(100)), ["pass"]);
}

/// An address is prepared letter by letter.
#[test]
fn many_addresses_are_work() {
    let rules =
        "%LIST l: memory (filter: prep)\n%SEARCH body: body#\n%PATTERN word: %S+\n\nSCAN: body for word in l\nDROP.";
    let words = |letter: &str, count: usize| {
        let words: String = (0..count).map(|number| format!("{}{number}@x ", letter.repeat(100))).collect();
        decided(rules, &format!("<body>{words}</body>"))
    };
    assert_eq!(words("я", 50), ["pass"]);
    assert!(words("я", 1_000)[0].starts_with("bounce PolicyViolation"));
    assert_eq!(words("a", 1_000), ["pass"]);
}

/// What is looked up has its price, however short it is: words that are all different, the same one again and again.
#[test]
fn many_words_are_work() {
    let different = |count: usize| (0..count).map(|number| format!("{number:x} ")).collect::<String>();
    for (definition, text, is_too_much) in [
        ("file:l.txt", different(5_000), false),
        ("file:l.txt", different(40_000), true),
        ("file:l.txt", "Hello ".repeat(20_000), false),
        ("file:l.txt", "a ".repeat(120_000), true),
        ("file:l.txt (filter: sha256)", different(1_200), false),
        ("file:l.txt (filter: sha256)", different(3_000), true),
        ("memory", different(1_500), false),
        ("memory", different(4_000), true),
    ] {
        let last = if definition == "memory" { "\n\nKIND: iq\nADD TO=l $<@from>" } else { "" };
        let rules = format!(
            "%LIST l: {definition}\n%SEARCH body: body#\n%PATTERN word: %w+\n\nSCAN: body for word in l\nDROP.{last}"
        );
        let settings = serde_json::json!({ "files": [{ "name": "l.txt", "text": "nobody-says-this" }] });
        let mut policy = policy(&rules, &settings).expect("sound rules");
        let xml = format!("<message from='eve@y/r' to='bob@x'><body>{text}</body></message>");
        let found = told(&testing::decide(&mut policy, passage("in remote", &xml), &xml));
        assert_eq!(
            found[0].starts_with("bounce PolicyViolation"),
            is_too_much,
            "{definition} {} {found:?}",
            text.len()
        );
    }
}

#[test]
fn marks_and_limits_are_work() {
    for (line, action) in [("LIMIT: r on $<@from>", "LOG=no"), ("ORIGIN MARKED: m", "DROP."), ("ADD TO=l $<@from>", "")]
    {
        let rules = |count: usize| {
            let rules: String = (0..count).map(|number| format!("{line}{number}\n{action}\n\n")).collect();
            format!("%RATE r: 9000\n%LIST l: memory\n\n{rules}")
        };
        assert_eq!(decided(&rules(100), ""), ["pass"], "{line}");
        assert!(decided(&rules(2_900), "")[0].starts_with("bounce PolicyViolation"), "{line}");
    }
}

#[test]
fn too_many_edits() {
    let strip = |number: usize| decided("STRIP=h urn:h\nPASS.", &"<h xmlns='urn:h'/>".repeat(number));
    assert_eq!(strip(256), ["pass", "edit <message from='eve@y/r' to='bob@x'/>"]);
    assert!(strip(257)[0].starts_with("bounce PolicyViolation Modify This was not delivered: it has too much in it"));
}

/// Patterns that strangers make are none of the server's: they match nothing when they are wrong.
#[test]
fn patterns_of_strangers() {
    for text in ["[", "%", "(", "%1", "%b", &"(".repeat(40), &"%w".repeat(150)] {
        assert_eq!(decided("INSPECT: body#$~=$<body#>\nDROP.", &format!("<body>{text}</body>")), ["pass"], "{text}");
    }
}

/// Without a sender, without a recipient, with what is no address.
#[test]
fn addresses_of_nobody() {
    let rules = "%RATE r: 1\n%LIST l: memory (filter: bare)\n\nLIMIT: r on $<@from|host>\nLOG=x\n\nMARK ORIGIN=m\nMARK USER=m\nADD TO=l \
                 $<@from>\n\nSUBSCRIBED?\nIN ROSTER?\nENTERING: $local\nFROM: <*>\nDROP.\n\nPASS.";
    for attributes in ["", "from='' to=''", "from='@' to='a@b@c'", "from='a@b@c'", "to='/'"] {
        let mut policy = policy(rules, &Value::Null).unwrap();
        let xml = format!("<presence {attributes}/>");
        for road in ["in remote", "in user", "out room", "out remote"] {
            assert_eq!(
                told(&testing::decide(&mut policy, passage(road, &xml), &xml))[0],
                "pass",
                "{attributes} {road}"
            );
        }
    }
}

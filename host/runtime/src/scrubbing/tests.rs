use super::*;

fn scrubbed(line: &str) -> String {
    String::from_utf8(scrub(line.as_bytes()).into_owned()).unwrap()
}

fn check(rows: &[(&str, &str)]) {
    for (line, expected) in rows {
        assert_eq!(scrubbed(line), *expected, "{line}");
    }
}

#[test]
fn people_go() {
    check(&[
        ("Authenticated as alice@example.org [prosody:user]", "Authenticated as <jid> [prosody:user]"),
        ("User account created: zoë@bücher.example", "User account created: <jid>"),
        ("Issuing upload slot to alice@localhost for 12 kB", "Issuing upload slot to <jid> for 12 kB"),
        (r"d\40artagnan\20x@gateway.example said", "<jid> said"),
        ("alice%gmail.com@gateway.example said", "<jid> said"),
        ("user@host.example.", "<jid>."),
        ("(alice@example.org) [bob@example.org], <carol@example.org>", "(<jid>) [<jid>], <<jid>>"),
        ("jid=alice@example.org,bob@example.org", "<jid>,<jid>"),
        ("alice@example.org, bob@example.org; carol@example.org", "<jid>, <jid>; <jid>"),
        ("xmpp:alice@example.org?message", "xmpp:<jid>?message"),
        ("from alice@192.0.2.1:5222", "from <jid>:5222"),
        ("from alice@[fe80::1%eth0]: closed", "from <jid>: closed"),
        ("from alice@[fe80::1]/a b", "from <jid>"),
        ("a@b@c@d", "<jid>"),
        ("p1`@example.org, `alice@example.org`", "<jid>, `<jid>`"),
        ("/data/example%2eorg/pep/alice%40example%2eorg.dat", "/data/example%2eorg/pep/<jid>"),
        ("192.0.2.1@example.org", "<jid>"),
        ("用户@例え.jp 登录", "<jid> 登录"),
    ]);
}

#[test]
fn resources_go_with_their_people() {
    check(&[
        ("<message to='a@b/res with space' type='chat'>", "<message to='<jid>' type='chat'>"),
        ("<iq from=\"a@b/it's > \u{1f600}\" id='1'/>", "<iq from=\"<jid>\" id='1'/>"),
        ("<jid>a@b/c d</jid><x/>", "<jid><jid></jid><x/>"),
        ("session 'a@b/Alice's phone' ended", "session '<jid>' ended"),
        ("session (a@b/c d) ended", "session (<jid>) ended"),
        // What closes a quote or bracket may be part of the resource, so the last that does ends it.
        ("JID <a@b.c/x > secret phone> is here", "JID <<jid>> is here"),
        ("JID <a@b/c> may not ask <d@e>", "JID <<jid>>"),
        ("session (a@b/Phone (old) of c) may not", "session (<jid>) may not"),
        ("user 'a@b/c' phone of d' is no admin", "user '<jid>' is no admin"),
        (r#"{ "a@b/c\" phone" }"#, r#"{ "<jid>" }"#),
        ("JID <a@b/c > d\nand <e@f> here", "JID <<jid>> d\nand <<jid>> here"),
        // Nothing says where an unquoted resource ends.
        ("Push enabled for a@b/My phone (push.example<node)", "Push enabled for <jid>"),
        ("a@b/c d\te@f", "<jid>\t<jid>"),
        ("first a@b/c d\nsecond e@f line", "first <jid>\nsecond <jid> line"),
        ("to='a@b/never closed", "to='<jid>"),
        ("a@b./c d", "<jid>"),
        ("a@b/", "<jid>"),
    ]);
}

#[test]
fn machines_go() {
    check(&[
        ("Connection from 192.0.2.1", "Connection from <ip>"),
        ("FD 12 (127.0.0.1, 5222, 127.0.0.77, 40000)", "FD 12 (<ip>, 5222, <ip>, 40000)"),
        ("192.0.2.1:443 and 192.0.2.0/24.", "<ip>:443 and <ip>/24."),
        ("Adding ip 192.0.2.1.", "Adding ip <ip>."),
        ("ip:192.0.2.1;ip=192.0.2.2", "ip:<ip>;ip=<ip>"),
        ("4.3.2.1.zen.example", "<ip>.zen.example"),
        ("1.2.3.4:1.2.3.4.", "<ip>:<ip>."),
        ("001.002.003.004", "<ip>"),
        ("::1", "<ip>"),
        ("from 2001:db8::ff00:42:8329: closed", "from <ip>: closed"),
        ("2001:0db8:0000:0000:0000:ff00:0042:8329", "<ip>"),
        ("::ffff:192.0.2.1 and 64:ff9b::192.0.2.1", "<ip> and <ip>"),
        ("::ffff:192.0.2.1:5222", "::ffff:<ip>:5222"),
        ("[fe80::1%eth0]:5269", "[<ip>]:5269"),
        ("fe80::1%en-0_1 up", "<ip> up"),
        ("addr:fe80::1, peer:::1", "addr:<ip>, peer:<ip>"),
        ("FE80::A and fdab::cd", "<ip> and <ip>"),
        ("fe80:: is a prefix, fe80:::", "<ip> is a prefix, <ip>:"),
        ("1:2:3:4:5:6:7:8:9.8.7.6", "<ip>:<ip>"),
        // A version of four numbers cannot be told from an address, unless it begins with a v.
        ("version 1.2.3.4", "version <ip>"),
    ]);
}

#[test]
fn names_of_files_go() {
    check(&[
        (
            "cannot open /data/example%2eorg/accounts/alice.dat: denied",
            "cannot open /data/example%2eorg/accounts/<jid>.dat: denied",
        ),
        ("('data/h/archive/zo%c3%ab.list')", "('data/h/archive/<jid>.list')"),
        ("/h/archive/alice.lidx, /h/alice.xml~", "/h/archive/<jid>.lidx, /h/<jid>.xml~"),
        ("('...%bb%d0%b5%d0%ba%d1%81%d0%b0.list:2: '=' expected", "('...<jid>.list:2: '=' expected"),
        (
            "...0%bb%d0%b5.dat:1: and ...%2etest/archive/alice.list:2:",
            "...<jid>.dat:1: and ...%2etest/archive/<jid>.list:2:",
        ),
    ]);
}

#[test]
fn everything_else_stays() {
    for line in [
        "",
        "Hello and welcome to Prosody version 13.0.1",
        "lua 5.4.6, v1.2.3.4, openssl 3.0.11-1~deb12u2, 6.1.0-18-amd64",
        "Nov 25 12:34:56 2026-11-25T12:34:56.789Z 12:34",
        "c2s55d0c8a3f2b0\tinfo\tClient connected",
        "localhost:mam example.org s2sout55d0: outgoing s2s connection example.org->rooms.example.com completed",
        "table: 0x55d0c8a3f2b0, function: 0x7f, <c2s.lua:123>",
        "a::b std::string abc::def wasm::e2ee goto ::continue:: Foo::Bar2",
        "/usr/lib/prosody/modules/mod_c2s.lua:210: in function '?'",
        "/etc/prosody/prosody.cfg.lua /x/data.database alice.dat /.dat ...dat ..alice.dat",
        "@/usr/lib/prosody/core/x.lua @localhost user@ @ a@/b a@'b'",
        "1.3.6.1.4.1.311 999.1.2.3 1.2.3 1.2.3.256",
        "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01 00:11:22:33:44:55",
        "*:5222 [::]:5222 :: ::: a:b:c 100% 50%40",
        "policy=e2ee hook=message-policy verdict=bounce reason=plaintext us=31.2",
        "uuid 123e4567-e89b-12d3-a456-426614174000 sha256 9f86d081884c7d659a2feaa0c55ad015",
        "beef cafe. dead. face: bad..... fe:ed",
    ] {
        assert!(matches!(scrub(line.as_bytes()), Cow::Borrowed(_)), "{line}: {}", scrubbed(line));
    }
}

/// Pieces of which addresses, almost addresses and everything around them are made.
const PIECES: [&[u8]; 41] = [
    b".dat",
    b"@",
    b"@",
    b"alice",
    b"b",
    b"example.org",
    b"/",
    b"phone",
    b" ",
    b" ",
    b"'",
    b"\"",
    b"(",
    b")",
    b"[",
    b"]",
    b"<",
    b">",
    b":",
    b":",
    b"::",
    b".",
    b".",
    b"1",
    b"23",
    b"255",
    b"fe80",
    b"ffff",
    b"0",
    b"%",
    b"%40",
    b"%eth0",
    b"v",
    b"\n",
    b"\\40",
    b"=",
    b"\xff",
    b"\xc3\xa9",
    b"<jid>",
    b"<ip>",
    b"\0",
];

/// Pieces of long runs in which one address ends where the next begins.
const PARTS: [&[u8]; 8] = [b":", b"::", b".", b"1", b"255", b"fe80", b"192.0.2.1", b"2001:db8::1"];

/// Lines that are the same in every run: xorshift needs no more than a seed.
fn lines(pieces: &'static [&[u8]], longest: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    std::iter::repeat_with(move || {
        let count = random(longest);
        (0..count).flat_map(|_| pieces[random(pieces.len())]).copied().collect()
    })
}

#[test]
fn nothing_is_found_in_what_was_scrubbed() {
    let few_and_many = lines(&PIECES, 24).take(300_000).chain(lines(&PARTS, 60).take(50_000));
    for line in few_and_many {
        let clean = scrub(&line).into_owned();
        assert_eq!(scrub(&clean), clean, "{:?}", String::from_utf8_lossy(&line));
    }
}

#[test]
fn an_address_is_found_among_anything() {
    for line in lines(&PIECES, 24).take(100_000) {
        let around = [line.as_slice(), b" for zebra@zoo.example (203.0.113.9, 2001:db8::9) ", &line].concat();
        let clean = String::from_utf8_lossy(&scrub(&around)).into_owned();
        for secret in ["zebra", "zoo", "203.0", "2001:db8"] {
            assert!(!clean.contains(secret), "{:?}: {clean}", String::from_utf8_lossy(&around));
        }
    }
}

/// No timing: that there is an answer at all to a megabyte says enough of a way that is not linear.
#[test]
fn the_worst_lines_are_read_once() {
    const LENGTH: usize = 1 << 20;
    for piece in [
        "@",
        "a@",
        "@a",
        "%40",
        "!%40",
        "1.2.3.4:",
        "1:",
        "::",
        "1::",
        "fe80::1 ",
        "((((",
        "a@b/'",
        "1.",
        "\u{e9}@",
        "='a@b/'",
        "<a@b/>",
        "(a@b/)'a@b/'",
        "'a@b/\n",
        "...a.dat",
    ] {
        let line = piece.repeat(LENGTH / piece.len());
        let clean = scrub(line.as_bytes());
        assert!(clean.len() <= 2 * line.len());
        assert_eq!(scrub(&clean), clean, "{piece}");
    }
}

use std::fs;
use std::io::Cursor;

use minisign::KeyPair;

use super::*;
use crate::Permission;
use crate::surface::Surface;

struct Scene {
    key: KeyPair,
    other: KeyPair,
    source: Source,
}

impl Scene {
    fn new() -> Self {
        let pair = || KeyPair::generate_unencrypted_keypair().unwrap();
        let bytes = b"any bytes".to_vec();
        let sha256 = source::sha256(&bytes);
        Self { key: pair(), other: pair(), source: Source { path: "/p/e2ee.wasm".into(), bytes, sha256 } }
    }

    fn comment(&self) -> String {
        format!("prosody-wasm policy=e2ee wit=0.1.4 permissions=content,log sha256={}", self.source.sha256)
    }

    fn signed(&self, key: &KeyPair, content: &[u8], comment: &str) -> String {
        minisign::sign(None, &key.sk, Cursor::new(content), Some(comment), None).unwrap().to_string()
    }

    fn trust(&self) -> Trust {
        Trust { keys: vec![self.other.pk.to_base64(), self.key.pk.to_base64()], is_required: true }
    }

    fn told(&self, trust: &Trust, text: Option<&str>) -> String {
        let found = text.map(|text| Found { path: path_of(&self.source.path), text: text.to_owned() });
        let result = trust.check(&self.source, found.as_ref());
        let result = result.and_then(|statement| {
            statement.map_or(Ok("unchecked".to_owned()), |statement| {
                statement.check_file("e2ee", &self.source).map(|()| statement.to_string())
            })
        });
        result.unwrap_or_else(|error| format!("{error:#}"))
    }
}

#[test]
fn only_what_is_signed_by_a_trusted_key_is_taken() {
    let scene = Scene::new();
    let (trust, bytes, comment) = (scene.trust(), scene.source.bytes.clone(), scene.comment());
    let sound = scene.signed(&scene.key, &bytes, &comment);
    let stranger = KeyPair::generate_unencrypted_keypair().unwrap();
    let with = |from: &str, to: &str| sound.replace(from, to);
    for (text, expected) in [
        (sound.clone(), comment.as_str()),
        (scene.signed(&scene.other, &bytes, &comment), &comment),
        (with("untrusted comment: ", "untrusted comment: anything "), &comment),
        (scene.signed(&stranger, &bytes, &comment), "which is not among wasm_trusted_keys"),
        (scene.signed(&scene.key, b"other bytes", &comment), "is not the signature of /p/e2ee.wasm"),
        (with("policy=e2ee", "policy=else"), "is not the signature of /p/e2ee.wasm"),
        (with("permissions=content", "permissions=store"), "is not the signature of /p/e2ee.wasm"),
        (scene.signed(&scene.key, &bytes, "timestamp:1"), "does not say which policy it is for"),
        (scene.signed(&scene.key, &bytes, &format!("{comment} policy=carbons")), "does not say which policy it is for"),
        (scene.signed(&scene.key, &bytes, &comment.replace("e2ee", "carbons")), "signed as the policy \"carbons\""),
        (scene.signed(&scene.key, &bytes, &comment[..comment.len() - 1]), "which is not the file's"),
        (String::new(), "is not a signature of minisign"),
        ("\n\n\n\n".to_owned(), "is not a signature of minisign"),
        ("a\n\u{e9}\ntrusted comment: b\nc\n".to_owned(), "is not a signature of minisign"),
    ] {
        let told = scene.told(&trust, Some(&text));
        assert!(told.contains(expected), "{text}: {told}");
        if expected != comment {
            let optional = Trust { is_required: false, ..trust.clone() };
            assert_eq!(
                scene.told(&optional, Some(&text)),
                told,
                "a wrong signature is none without being required, too"
            );
        }
    }
    for length in 0..sound.trim_end().len() {
        let told = scene.told(&trust, Some(&sound[..length]));
        assert!(told.contains("signature"), "{length}: {told}");
    }
}

#[test]
fn what_is_not_signed_is_taken_only_where_it_may_be() {
    let scene = Scene::new();
    let trust = scene.trust();
    assert!(scene.told(&trust, None).contains("put its signature into /p/e2ee.wasm.minisig, or sign it"));
    assert_eq!(scene.told(&Trust { is_required: false, ..trust.clone() }, None), "unchecked");
    assert_eq!(scene.told(&Trust::default(), Some("rubbish")), "unchecked");
    let nobody = Trust { keys: Vec::new(), is_required: true };
    assert!(scene.told(&nobody, None).contains("no key is trusted"));
    for key in ["", "RW", "RWQ4WsZHRZfInsD9QyMbh", &"A".repeat(56), "\u{1b}[2J"] {
        let told = scene.told(&Trust { keys: vec![key.to_owned()], is_required: false }, None);
        assert!(told.contains("which is no public key") && !told.contains('\u{1b}'), "{told}");
    }
    let many = Trust { keys: vec![scene.key.pk.to_base64(); 33], is_required: false };
    assert!(scene.told(&many, None).contains("more than 32 keys"));
}

#[test]
fn a_statement_is_compared_with_the_component() {
    let scene = Scene::new();
    let statement = Statement::read(&scene.comment()).unwrap();
    let surface = |permissions: &[Permission], wit: &str| Surface {
        hooks: Vec::new(),
        permissions: permissions.to_vec(),
        keeps_state: false,
        shows_samples: false,
        says_needs: false,
        says_exemptions: false,
        asks_for_shared_rooms: false,
        wit: wit.to_owned(),
    };
    let (content, log, store) = (Permission::Content, Permission::Log, Permission::Store);
    let sound = surface(&[log, content], "0.1.4");
    statement.check_surface(&sound).unwrap();
    assert_eq!(Statement::of("e2ee", &scene.source, &surface(&[content, log], "0.1.4")), statement);
    for wrong in
        [surface(&[content], "0.1.4"), surface(&[content, log, store], "0.1.4"), surface(&[content, log], "0.1.3")]
    {
        assert!(statement.check_surface(&wrong).unwrap_err().to_string().contains("Ask whoever signed it"));
    }
}

#[test]
fn files_that_are_no_signatures_are_not_read() {
    let folder = std::env::temp_dir().join(format!("signature-{}", std::process::id()));
    let component = folder.join("a.wasm");
    fs::create_dir_all(path_of(&folder.join("folder.wasm"))).unwrap();
    assert!(Found::beside(&component, "e2ee").unwrap().is_none());
    let path = path_of(&component);
    for (bytes, expected) in
        [(vec![b'x'; 17_000], "larger than 16 KiB"), (vec![0xff; 10], "not a signature of minisign")]
    {
        fs::write(&path, bytes).unwrap();
        let error = format!("{:#}", Found::beside(&component, "e2ee").unwrap_err());
        assert!(error.contains(expected) && error.contains("a.wasm.minisig"), "{error}");
    }
    let error = format!("{:#}", Found::beside(&folder.join("folder.wasm"), "e2ee").unwrap_err());
    assert!(error.contains("it is not a file"), "{error}");
    fs::remove_dir_all(&folder).unwrap();
}

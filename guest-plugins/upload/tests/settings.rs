//! What the operator sets, and what comes of it.

use prosody_policy::testing::configure;
use upload::Upload;

fn refused(settings: &str, error: &str) {
    assert_eq!(configure::<Upload>(settings).expect_err(settings), error);
}

#[test]
fn names_what_is_wrong() {
    for (settings, error) in [
        (r#"{"size":15}"#, "`size` cannot be 15: it is in bytes, and no encrypted file has fewer than 16"),
        (
            r#"{"expiry":{"total_bytes":1}}"#,
            "`expiry.total_bytes` cannot be 1: it is in bytes, and no encrypted file has fewer than 16",
        ),
        (r#"{"size":"10 MB"}"#, "size: invalid type: string \"10 MB\", expected u64"),
        (r#"{"hourly":0}"#, "`hourly` cannot be 0: it is 1 to 10000"),
        (r#"{"expiry":{"hours":87601}}"#, "`expiry.hours` cannot be 87601: it is 1 to 87600"),
        (r#"{"names":"original"}"#, "`names` cannot be \"original\": it is \"random\", \"bare\" or \"keep\""),
        (r#"{"content":"all"}"#, "`content` cannot be \"all\": it is \"encrypted\" or \"any\""),
        (
            r#"{"user_bytes":100,"expiry":{"user_bytes":200}}"#,
            "`user_bytes` makes people wait, and `expiry.user_bytes` removes their oldest files instead: write one of them",
        ),
        (r#"{"who":["*"]}"#, "`who` has \"*\": to let everybody upload whom the server lets, leave `who` out"),
        (
            r#"{"types":["png"]}"#,
            "`types` has \"png\": write a media type (\"image/png\") or a group of them (\"image/*\")",
        ),
        (
            r#"{"types":["*/*"]}"#,
            "`types` has \"*/*\": write a media type (\"image/png\") or a group of them (\"image/*\")",
        ),
        (r#"{"texts":{"en":""}}"#, "`texts.en` is empty; leave it out to use the built-in text"),
    ] {
        refused(settings, error);
    }
    for pattern in ["a@b@x.org", "@x.org", "x..org", "", "x org", "a@*.x.org", "*@x.org", "x.*", "x.org/a"] {
        let error = configure::<Upload>(&format!(r#"{{"who":["{pattern}"]}}"#)).expect_err(pattern);
        assert!(error.starts_with(&format!("`who` has \"{pattern}\": ")), "{error}");
    }
}

#[test]
fn takes_what_is_right() {
    for settings in [
        "{}",
        r#"{"who":[],"types":{}}"#,
        r#"{"who":["a@x.org","x.org","*.x.org"],"types":["image/*","application/vnd.ms-excel"]}"#,
        r#"{"size":1048576,"hourly":10,"daily_bytes":10485760,"user_bytes":104857600,"total_bytes":1099511627776}"#,
        r#"{"names":"keep","content":"any","expiry":{"hours":72}}"#,
    ] {
        configure::<Upload>(settings).expect(settings);
    }
}

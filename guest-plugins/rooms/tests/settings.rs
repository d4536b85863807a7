//! What the operator sets, and what comes of it.

use prosody_policy::testing::configure;
use rooms::Rooms;

#[test]
fn names_what_is_wrong() {
    let properties = "it is one of \"members-only\", \"non-anonymous\", \"hidden\", \"persistent\", \"invitations\"";
    for (settings, error) in [
        (r#"{"loosen":["member-only"]}"#, format!("`loosen` has \"member-only\": {properties}; did you mean \"members-only\"?")),
        (r#"{"loosen":["members_only"]}"#, format!("`loosen` has \"members_only\": {properties}; did you mean \"members-only\"?")),
        (r#"{"loosen":["nonanonymous"]}"#, format!("`loosen` has \"nonanonymous\": {properties}; did you mean \"non-anonymous\"?")),
        (r#"{"loosen":["colour"]}"#, format!("`loosen` has \"colour\": {properties}")),
        (r#"{"loosen":"hidden"}"#, "loosen: write a list of texts, like { \"example.org\" }".into()),
        (r#"{"change":"kept"}"#, "`change` cannot be \"kept\": it is one of \"keep\", \"refuse\"; did you mean \"keep\"?".into()),
        (r#"{"found":"show"}"#, "`found` cannot be \"show\": it is one of \"align\", \"list\"".into()),
        (r#"{"keys":"room"}"#, "`keys` cannot be \"room\": it is one of \"rooms\", \"everybody\", \"contacts\"; did you mean \"rooms\"?".into()),
        (r#"{"keys":"open"}"#, "`keys` cannot be \"open\": it is one of \"rooms\", \"everybody\", \"contacts\"".into()),
        (r#"{"exempt":["support"]}"#, "`exempt` has \"support\": write the room and its service, like \"support@rooms.example.org\"".into()),
        (r#"{"exempt":["*"]}"#, "`exempt` has \"*\": write the room and its service, like \"support@rooms.example.org\"".into()),
        (r#"{"exempt":["a@*.x"]}"#, "`exempt` has \"a@*.x\": write what follows the @ in full; a star stands for text before it".into()),
        (r#"{"exempt":["a@x/b"]}"#, "`exempt` has \"a@x/b\": write the address without what follows the slash".into()),
        (
            r#"{"exempt":["@x"]}"#,
            "`exempt` has \"@x\": this is not the address of a room (\"support@rooms.example.org\", \"public-*@rooms.example.org\")".into(),
        ),
    ] {
        assert_eq!(configure::<Rooms>(settings).expect_err(settings), error);
    }
    let unknown = configure::<Rooms>(r#"{"exemptions":[]}"#).expect_err("an unknown setting");
    assert!(unknown.starts_with("unknown field `exemptions`, expected one of `exempt`"), "{unknown}");
}

#[test]
fn takes_what_is_right() {
    for settings in [
        "{}",
        r#"{"exempt":{},"loosen":{}}"#,
        r#"{"exempt":["support@rooms.x","public-*@rooms.x","*@open.x"],"loosen":["hidden","persistent"]}"#,
        r#"{"change":"refuse","found":"list","keys":"everybody"}"#,
    ] {
        configure::<Rooms>(settings).expect(settings);
    }
}

//! Generated code, and nothing else. One world for the imports, one for each export: a policy that does
//! not implement a hook must not carry its export.

wit_bindgen::generate!({ world: "capabilities", path: "wit" });

pub mod lifecycle {
    wit_bindgen::generate!({
        world: "with-lifecycle",
        path: "wit",
        pub_export_macro: true,
        export_macro_name: "export_lifecycle",
    });
}

pub mod state {
    wit_bindgen::generate!({
        world: "with-state",
        path: "wit",
        pub_export_macro: true,
        export_macro_name: "export_state",
    });
}

pub mod samples {
    wit_bindgen::generate!({
        world: "with-samples",
        path: "wit",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
        pub_export_macro: true,
        export_macro_name: "export_samples",
    });
}

pub mod message_policy {
    wit_bindgen::generate!({
        world: "with-message-policy",
        path: "wit",
        pub_export_macro: true,
        export_macro_name: "export_message_policy",
    });
}

pub mod archive_policy {
    wit_bindgen::generate!({
        world: "with-archive-policy",
        path: "wit",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
        pub_export_macro: true,
        export_macro_name: "export_archive_policy",
    });
}

pub mod delivery_policy {
    wit_bindgen::generate!({
        world: "with-delivery-policy",
        path: "wit",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
        pub_export_macro: true,
        export_macro_name: "export_delivery_policy",
    });
}

pub mod push_policy {
    wit_bindgen::generate!({
        world: "with-push-policy",
        path: "wit",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
        pub_export_macro: true,
        export_macro_name: "export_push_policy",
    });
}

pub mod carbons_policy {
    wit_bindgen::generate!({
        world: "with-carbons-policy",
        path: "wit",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
        pub_export_macro: true,
        export_macro_name: "export_carbons_policy",
    });
}

pub mod upload_policy {
    wit_bindgen::generate!({
        world: "with-upload-policy",
        path: "wit",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
        pub_export_macro: true,
        export_macro_name: "export_upload_policy",
    });
}

pub mod room_policy {
    wit_bindgen::generate!({
        world: "with-room-policy",
        path: "wit",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
        pub_export_macro: true,
        export_macro_name: "export_room_policy",
    });
}

pub mod blocklist_policy {
    wit_bindgen::generate!({
        world: "with-blocklist-policy",
        path: "wit",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
        pub_export_macro: true,
        export_macro_name: "export_blocklist_policy",
    });
}

pub mod keys_policy {
    wit_bindgen::generate!({
        world: "with-keys-policy",
        path: "wit",
        pub_export_macro: true,
        export_macro_name: "export_keys_policy",
    });
}

pub mod exemptions {
    wit_bindgen::generate!({
        world: "with-exemptions",
        path: "wit",
        pub_export_macro: true,
        export_macro_name: "export_exemptions",
        with: { "prosody:policy/types@0.1.5": super::message_policy::prosody::policy::types },
    });
}

pub mod needs {
    wit_bindgen::generate!({
        world: "with-needs",
        path: "wit",
        pub_export_macro: true,
        export_macro_name: "export_needs",
    });
}

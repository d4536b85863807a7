//! Generated code for the newest version of `wit/`, and the names under which the rest of the host uses
//! it. A second version would get a file of its own that converts to these.

mod generated {
    wasmtime::component::bindgen!({
        path: "../../wit/v0.1",
        world: "policy",
        imports: { default: trappable },
        additional_derives: [PartialEq],
    });
}

pub use generated::exports::prosody::policy::archive_policy::Place;
pub use generated::exports::prosody::policy::message_policy::Want;
pub use generated::exports::prosody::policy::{
    archive_policy, blocklist_policy, carbons_policy, delivery_policy, exemptions, keys_policy, lifecycle,
    message_policy, needs, push_policy, room_policy, samples, state, upload_policy,
};
pub use generated::prosody::policy::log::Level as LogLevel;
pub use generated::prosody::policy::roster::Subscription;
pub use generated::prosody::policy::types::{
    Bounce, Decision, Direction, ErrorCondition, ErrorType, Party, Passage, StanzaKind, Verdict,
};
pub use generated::prosody::policy::{
    blocklist, clock, content, edits, envelope, holding, log, operator, outbox, roles, rooms, roster, routing,
    standing, store, types,
};

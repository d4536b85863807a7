//! The guests are examples of this package: each becomes a component of its own.

pub mod misdeeds;

/// The examples of the guide for authors are tested, too: what is published of the SDK does not have that page.
#[cfg(doctest)]
#[doc = include_str!("../../docs/authors.md")]
struct GuideForAuthors;

/// So are those of the pages about the hooks.
#[cfg(doctest)]
mod hooks {
    #[doc = include_str!("../../docs/hooks/archive.md")]
    struct Archive;
    #[doc = include_str!("../../docs/hooks/blocklist.md")]
    struct Blocklist;
    #[doc = include_str!("../../docs/hooks/carbons.md")]
    struct Carbons;
    #[doc = include_str!("../../docs/hooks/delivery.md")]
    struct Delivery;
    #[doc = include_str!("../../docs/hooks/keys.md")]
    struct Keys;
    #[doc = include_str!("../../docs/hooks/message.md")]
    struct Message;
    #[doc = include_str!("../../docs/hooks/push.md")]
    struct Push;
    #[doc = include_str!("../../docs/hooks/room.md")]
    struct Room;
    #[doc = include_str!("../../docs/hooks/upload.md")]
    struct Upload;
}

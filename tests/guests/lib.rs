//! The guests are examples of this package: each becomes a component of its own.

/// The examples of the guide for authors are tested, too: what is published of the SDK does not have that page.
#[cfg(doctest)]
#[doc = include_str!("../../docs/authors.md")]
struct GuideForAuthors;

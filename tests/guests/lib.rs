//! The guests are examples of this package: each becomes a component of its own.

//! Messages are end-to-end encrypted.

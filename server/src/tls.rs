//! What the server's own requests are encrypted with, such as those to a bucket of attachments. The server itself speaks plain HTTP.

/// Chooses `ring` for the whole process; again is no fault. HTTP clients cannot be built before.
pub fn choose() {
    // An error says that it was chosen already.
    rustls::crypto::ring::default_provider().install_default().ok();
}

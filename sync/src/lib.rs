//! The post office: what travels between a device and the server, and both ends' decisions about it.
//!
//! Used by `app`, `frontend` and `server`; uses `domain` only. **It does not know** HTTP, SQL, IndexedDB, encryption, a clock or
//! randomness: it is given what was read and answers with what to write, so the shipped code itself runs in the model (tests/model).

pub mod device;
pub mod office;
pub mod portions;
pub mod questions;
pub mod wire;

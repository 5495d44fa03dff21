//! The slow derivation from a passphrase, as a small program of its own: the worker that runs it loads this and nothing else.
//!
//! Used by public/kdf.js only. **It does not know** keys, storage, or the page that asks.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use wasm_bindgen::prelude::*;

/// Length of what is derived, in bytes.
const KEY_BYTES: usize = 32;

/// Argon2id, version 0x13, one lane (RFC 9106); `memory_kib` in KiB. Nothing where there is no memory for this cost, or the parameters are
/// out of range: a reason in words would make this program twice as large.
#[wasm_bindgen]
pub fn derive_key(passphrase: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Option<Vec<u8>> {
    let params = Params::new(memory_kib, passes, 1, Some(KEY_BYTES)).ok()?;
    let mut memory = Vec::new();
    memory.try_reserve_exact(params.block_count()).ok()?;
    memory.resize(params.block_count(), Block::default());
    let mut key = vec![0; KEY_BYTES];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(passphrase.as_bytes(), salt, &mut key, memory.as_mut_slice()).ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivation_is_argon2id_as_others_compute_it() {
        // A test vector of the reference implementation (phc-winner-argon2, src/test.c).
        let key = derive_key("password", b"somesalt", 256, 2).expect("parameters within range");
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        assert_eq!(derive_key("password", b"somesalt", 1, 0), None);
    }
}

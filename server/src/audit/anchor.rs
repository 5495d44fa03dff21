//! Anchors: the end of a chain at some moment, kept where who can change the database cannot reach. A chain that was cut off at its end
//! is whole in itself; only an anchor tells that there was more.
//!
//! As text, one anchor is one line of JSON: `{"agency_id", "position", "seal", "at"}`, the seal in hexadecimal digits.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use domain::{AgencyId, DateTime};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::{clock, db, records};

/// The end of an agency's chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    pub agency_id: AgencyId,
    /// How many events are sealed.
    pub position: i64,
    /// The last seal, in hexadecimal digits.
    pub seal: String,
    pub at: DateTime,
}

/// A line is no anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {0} of the anchors is no anchor. Give the lines as `doorstep audit anchor` printed them")]
pub struct AnchorError(pub usize);

/// The ends of all chains now; as the owner.
///
/// # Errors
/// The database failed.
pub async fn list_anchors(owner: &PgPool) -> sqlx::Result<Vec<Anchor>> {
    let mut connection = owner.acquire().await?;
    let agencies = records::list_agencies(&mut connection).await.map_err(|error| match error {
        records::RecordsError::Database(error) => error,
        other => sqlx::Error::Decode(other.into()),
    })?;
    drop(connection);
    let mut anchors = Vec::with_capacity(agencies.len());
    for (agency_id, _) in agencies {
        let mut tx = db::begin_in_agency(owner, agency_id).await?;
        let head =
            sqlx::query!("select position, seal from audit_heads where agency_id = $1", agency_id.0).fetch_optional(&mut *tx).await?;
        if let Some(head) = head {
            anchors.push(Anchor { agency_id, position: head.position, seal: hex(&head.seal), at: clock::now(0) });
        }
    }
    Ok(anchors)
}

/// Adds anchors to a file, which only this user may read.
///
/// # Errors
/// The file cannot be written.
pub fn append(path: &Path, anchors: &[Anchor]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    let lines: String = anchors.iter().map(line).collect();
    file.write_all(lines.as_bytes())?;
    file.sync_data()
}

/// One anchor as a line of text.
pub fn line(anchor: &Anchor) -> String {
    serde_json::to_string(anchor).expect("an anchor is plain data") + "\n"
}

/// Reads what [`line()`] wrote; empty lines are passed over.
///
/// # Errors
/// A line is no anchor.
pub fn parse(text: &str) -> Result<Vec<Anchor>, AnchorError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| serde_json::from_str(line).map_err(|_| AnchorError(number + 1))).collect()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_anchor_is_read_as_it_was_written() {
        let at = DateTime::from_unix_ms(1_790_000_000_000, 0);
        let anchor = Anchor { agency_id: AgencyId(Uuid::from_u128(1)), position: 12, seal: hex(&[0, 255]), at };
        assert_eq!(anchor.seal, "00ff");
        assert_eq!(parse(&format!("{}\n{}", line(&anchor), line(&anchor))), Ok(vec![anchor.clone(), anchor]));
        assert_eq!(parse("\n{}"), Err(AnchorError(2)));
    }
}

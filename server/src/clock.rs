//! The only place of the server that reads a clock. What is stored takes its time from PostgreSQL instead.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::DateTime;

/// The present moment, shown at an offset from UTC in minutes.
pub fn now(offset_min: i16) -> DateTime {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_unix_ms(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX), offset_min)
}

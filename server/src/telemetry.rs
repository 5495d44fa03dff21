//! The server's log: one line an event, with codes and durations, never a person's data.

use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// What is logged when `DOORSTEP_LOG` says nothing.
pub const DEFAULT_FILTER: &str = "info,sqlx=warn";

/// A subscriber that writes plain lines.
pub fn subscriber<W>(filter: EnvFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false).with_target(false).finish()
}

/// Logs where a panic happened but not its message, which may quote what was being worked on.
pub fn log_panics_without_message() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("panicked at {location}");
    }));
}

//! How many notices the worker has not seen, asked for quietly beside syncing.

use domain::{DateTime, Permission};
use leptos::{prelude::*, task::spawn_local};
use sync::questions::ListNotices;

use crate::{
    ask::ask,
    desk::{SyncState, use_desk},
};

/// How often the office is asked, in milliseconds.
const EVERY_MS: i64 = 5 * 60 * 1000;

/// Keeps the count, for those to whom the office writes notices.
pub fn count_unseen_notices() {
    let desk = StoredValue::new(use_desk());
    let state = desk.with_value(|desk| desk.state());
    let asked_at = StoredValue::new(None::<DateTime>);
    Effect::new(move |_| {
        let SyncState::UpToDate { at } = state.sync.get() else { return };
        let is_soon = asked_at.get_value().is_some_and(|before| at.unix_ms() - before.unix_ms() < EVERY_MS);
        if is_soon || !state.may(Permission::ReviewBreakGlass) {
            return;
        }
        asked_at.set_value(Some(at));
        let reply = desk.with_value(|desk| ask(&**desk, &ListNotices::default()));
        spawn_local(async move {
            // Where nobody answers, the next round asks again.
            match reply.await {
                Ok(answer) => drop(state.unseen_notices.try_set(answer.notices.len())),
                Err(_) => drop(asked_at.try_set_value(None)),
            }
        });
    });
}

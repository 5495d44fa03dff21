//! A simulated device: one page after the other, each killed at some moment and opened again from the disk.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use domain::Caseload;
use tokio::sync::watch;

use crate::{chance::Chance, exchange, home::Home, page::Page, weather::Weather, writer};

/// Lives until `end`; gives back the records that the last page showed.
///
/// # Errors
/// What a page left on disk can't be read.
pub(crate) async fn live(home: Arc<Home>, mut chance: Chance, mut end: watch::Receiver<bool>) -> Result<Caseload> {
    loop {
        let page = Page::open(&home, chance.branch())?;
        tokio::select! {
            // Dies by itself at a write …
            _killed = exchange::keep_in_step(&page, chance.branch()) => {}
            _killed = writer::write(&page, chance.branch()) => {}
            // … or is killed wherever it stands.
            () = until_killed(&home.weather, &mut chance) => home.weather.count("pages killed anywhere"),
            _ = end.wait_for(|end| *end) => return Ok(page.into_records()),
        }
    }
}

async fn until_killed(weather: &Weather, chance: &mut Chance) {
    tokio::time::sleep(chance.wait(1_000, 20_000)).await;
    while weather.is_calm() {
        tokio::time::sleep(Duration::MAX).await;
    }
}

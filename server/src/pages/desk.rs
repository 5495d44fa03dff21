//! The desk of a page that is being drawn: it shows what was loaded. Acting is for the browser, once the page is alive there.

use app::desk::{Desk, DeskState};
use uuid::Uuid;

/// Reads only, for one page.
pub(super) struct ServerDesk(pub(super) DeskState);

impl Desk for ServerDesk {
    fn state(&self) -> DeskState {
        self.0
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

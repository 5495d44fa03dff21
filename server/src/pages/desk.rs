//! The desk of a page that is being drawn: it shows what was loaded. Acting is for the browser, once the page is alive there.

use std::future::ready;

use app::desk::{Desk, DeskError, DeskState, Draft, Reply};
use domain::{CaseId, Command};
use uuid::Uuid;

/// Reads only, for one page.
pub(super) struct ServerDesk {
    state: DeskState,
}

impl ServerDesk {
    pub(super) fn new(state: DeskState) -> Self {
        Self { state }
    }
}

fn not_available() -> Reply<Result<(), DeskError>> {
    Box::pin(ready(Err(DeskError::NotAvailable)))
}

impl Desk for ServerDesk {
    fn state(&self) -> DeskState {
        self.state
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn open(&self, _case_id: CaseId) {}

    fn submit(&self, _commands: Vec<Command>) -> Reply<Result<(), DeskError>> {
        not_available()
    }

    fn load_draft(&self, _form: &'static str, _case_id: CaseId) -> Reply<Option<Draft>> {
        Box::pin(ready(None))
    }

    fn save_draft(&self, _form: &'static str, _case_id: CaseId, _draft: Draft) -> Reply<Result<(), DeskError>> {
        not_available()
    }

    fn discard_draft(&self, _form: &'static str, _case_id: CaseId) -> Reply<()> {
        Box::pin(ready(()))
    }

    fn sign_in(&self, _email: String, _password: String) -> Reply<Result<(), DeskError>> {
        not_available()
    }

    fn sign_out(&self) -> Reply<()> {
        Box::pin(ready(()))
    }

    fn enrol(&self, _passphrase: String) -> Reply<Result<(), DeskError>> {
        not_available()
    }

    fn unlock(&self, _passphrase: String) -> Reply<Result<(), DeskError>> {
        not_available()
    }

    fn lock(&self) {}

    fn use_here(&self) {}

    fn sync_now(&self) {}

    fn ask_to_persist(&self) -> Reply<bool> {
        Box::pin(ready(false))
    }

    fn update_now(&self) {}
}

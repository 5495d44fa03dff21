//! Which clients' pages were opened here. The server sees only that the records came to the device; the device tells the rest afterwards, so
//! that it reaches the audit trail.

use std::rc::Rc;

use domain::{CaseId, DateTime};
use leptos::prelude::WithUntracked;
use serde::{Deserialize, Serialize};
use sync::questions::{ClientRead, MOST_READS, Question, ReportReads};
use uuid::Uuid;

use crate::{
    clock,
    core::Core,
    http::{self, Answer},
};

/// The same page again within so many minutes is the same reading.
const ONE_READING_MIN: i64 = 10;

/// What was read and not told yet; kept sealed like a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReadLog {
    /// Oldest first, in no report yet.
    fresh: Vec<ClientRead>,
    /// On its way: it stays as it is until the server has it.
    report: Option<ReportReads>,
}

impl ReadLog {
    /// Notes a reading. False where it belongs to one that is noted already.
    fn add(&mut self, case_id: CaseId, read_at: DateTime) -> bool {
        let in_report = self.report.iter().flat_map(|report| &report.reads);
        let last = self.fresh.iter().rev().chain(in_report).find(|read| read.case_id == case_id);
        if last.is_some_and(|last| last.read_at <= read_at && read_at < last.read_at.plus_minutes(ONE_READING_MIN)) {
            return false;
        }
        self.fresh.push(ClientRead { case_id, read_at });
        true
    }

    /// The next report, the same until it was [taken](Self::taken).
    fn next_report(&mut self, report_id: Uuid) -> Option<&ReportReads> {
        if self.report.is_none() && !self.fresh.is_empty() {
            let most = self.fresh.len().min(MOST_READS);
            self.report = Some(ReportReads { report_id, reads: self.fresh.drain(..most).collect() });
        }
        self.report.as_ref()
    }

    fn taken(&mut self) {
        self.report = None;
    }
}

/// Notes that a client's page is open. Nothing is noted of a client who is not here.
pub(crate) async fn note(core: Rc<Core>, case_id: CaseId) {
    let is_here = core.state.caseload.try_with_untracked(|caseload| caseload.client(case_id).is_some());
    if is_here != Some(true) || core.me().is_none() || !core.is_writer.get() {
        return;
    }
    if core.reads.borrow_mut().add(case_id, clock::now()) {
        keep(&core).await;
    }
}

/// Tells the server what was read. What it does not hear now is told another time: nothing waits for it.
pub(crate) async fn tell(core: &Core) {
    loop {
        let Some(report) = core.reads.borrow_mut().next_report(Uuid::now_v7()).cloned() else { return };
        // From here on this report may have been taken: it has to come again as it is.
        if !keep(core).await {
            return;
        }
        let question = serde_json::to_vec(&report).expect("a report is plain data");
        let Answer::Ok(_) = http::ask_office(core.me().map(|me| me.worker_id), ReportReads::PATH, question).await else { return };
        core.reads.borrow_mut().taken();
        keep(core).await;
    }
}

/// Keeps the log as it is now. A page that could not keep it knows it still.
async fn keep(core: &Core) -> bool {
    let _saving = core.drafts.lock().await;
    let log = core.reads.borrow().clone();
    core.keeper().keep_reads(&log).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(number: u128) -> CaseId {
        CaseId(Uuid::from_u128(number))
    }

    fn minute(minute: i64) -> DateTime {
        DateTime::from_unix_ms(0, 0).plus_minutes(minute)
    }

    #[test]
    fn a_page_that_is_opened_again_soon_is_one_reading() {
        let mut log = ReadLog::default();
        assert!(log.add(case(1), minute(0)));
        assert!(log.add(case(2), minute(1)));
        assert!(!log.add(case(1), minute(9)));
        assert!(log.add(case(1), minute(10)));
        assert!(log.add(case(1), minute(-1)), "a clock that was set back hides no reading");
    }

    #[test]
    fn a_report_stays_the_same_until_it_is_taken() {
        let mut log = ReadLog::default();
        for number in 0..MOST_READS as u128 + 1 {
            log.add(case(number), minute(0));
        }
        let first = log.next_report(Uuid::from_u128(1)).unwrap().clone();
        assert_eq!(first.reads.len(), MOST_READS);
        assert!(!log.add(case(5), minute(1)), "what is on its way is noted already");
        log.add(case(500), minute(1));
        assert_eq!(log.next_report(Uuid::from_u128(2)), Some(&first));
        log.taken();
        assert_eq!(log.next_report(Uuid::from_u128(3)).unwrap().reads.len(), 2);
        log.taken();
        assert_eq!(log.next_report(Uuid::from_u128(4)), None);
    }
}

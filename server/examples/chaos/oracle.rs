//! The verdict: compares what was written with what the server's database holds.
//!
//! A note must be in `notes` as it was written, or wait in `reviews` with its whole text; exactly one of both. Where a person decided that
//! a text is filed, it must be in `notes`, and the text stays as well. The same is asked of everything else that devices wrote.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use domain::Command;
use sqlx::PgPool;
use sync::wire::Mutation;
use uuid::Uuid;

use crate::{
    found::{self, Found, Review},
    ledger::{NOTE, Written},
};

/// How many differences of a kind are told.
const TOLD: usize = 5;

/// What became of the notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) written: usize,
    /// In `notes`, as they were written.
    pub(crate) received: usize,
    /// Waiting for a person, with their whole text.
    pub(crate) quarantined: usize,
    /// In neither, or not as they were written.
    pub(crate) lost: usize,
    /// More than once, or there without having been written.
    pub(crate) doubled: usize,
    /// What else was written and is lost, doubled or not as its receipt says.
    pub(crate) wrong_beside: usize,
}

impl Verdict {
    pub(crate) fn is_good(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.wrong_beside == 0 && self.written == self.received + self.quarantined
    }
}

/// How often the effect of one mutation is there, and how often its text waits.
struct Count {
    as_written: usize,
    otherwise: usize,
    waiting: usize,
}

/// What the verdict is put together from.
#[derive(Default)]
struct Judgement {
    verdict: Verdict,
    /// How often a difference was met.
    told: BTreeMap<&'static str, usize>,
    /// How many mutations of a kind got which status.
    kinds: BTreeMap<String, usize>,
    /// No note may be written under two mutations.
    note_ids: BTreeSet<Uuid>,
}

/// What is wrong with one mutation.
#[derive(Clone, Copy)]
enum Wrong {
    Lost,
    Doubled,
}

/// Counts every note, and whatever else was written and is not as it should be.
///
/// # Errors
/// The database does not answer, or holds what no server writes.
pub(crate) async fn judge(pool: &PgPool, written: &[Written]) -> Result<Verdict> {
    let mut found = found::load(pool).await?;
    let mut judgement = Judgement::default();
    for one in written {
        judgement.judge_one(&mut found, one)?;
    }
    let Judgement { mut verdict, kinds, .. } = judgement;
    let Found { notes, amendments, neighbours, reviews, receipts } = found;
    let strangers = notes.len() + amendments.len() + neighbours.len() + reviews.len() + receipts.len();
    if strangers > 0 {
        println!("the server holds {strangers} things that no device wrote");
        verdict.doubled += strangers;
    }
    let kinds: Vec<String> = kinds.into_iter().map(|(kind, times)| format!("{kind} {times}")).collect();
    println!("what became of everything: {}", kinds.join(", "));
    Ok(verdict)
}

impl Judgement {
    fn judge_one(&mut self, found: &mut Found, one: &Written) -> Result<()> {
        let key = (one.worker_id, one.mutation.mid);
        let command = one.mutation.command()?;
        let (reviews, receipts) = (found.reviews.remove(&key).unwrap_or_default(), found.receipts.remove(&key).unwrap_or_default());
        let status = receipts.first().map_or("without a receipt", String::as_str);
        *self.kinds.entry(format!("{} {status}", one.mutation.kind)).or_default() += 1;
        let (contradictions, held): (Vec<Review>, Vec<Review>) = reviews.into_iter().partition(|review| review.is_contradiction);
        let count = count(found, one, &command, status, &held);
        if matches!(command, Command::SignNote(_)) {
            self.verdict.written += 1;
            self.verdict.received += usize::from(count.as_written > 0);
            self.verdict.quarantined += usize::from(count.waiting > 0);
        }
        let is_second = matches!(&command, Command::SignNote(sign) if !self.note_ids.insert(sign.note_id.0));
        let (wrong, what) = match (count.as_written + count.waiting, count.otherwise) {
            _ if is_second => (Wrong::Doubled, "written under two mutations"),
            (0, 0) => (Wrong::Lost, "lost"),
            (0, _) => (Wrong::Lost, "there with another content"),
            (2.., _) | (_, 1..) => (Wrong::Doubled, "there more than once"),
            _ if receipts.len() > 1 => (Wrong::Doubled, "more than one receipt"),
            _ if held.len() != usize::from(is_held(status)) => (Wrong::Doubled, "the receipt says otherwise than what waits for a person"),
            _ if (status == "conflict") == contradictions.is_empty() => (Wrong::Lost, "the receipt says otherwise than what contradicts"),
            _ => return Ok(()),
        };
        self.tell(one, wrong, what);
        Ok(())
    }

    fn tell(&mut self, one: &Written, wrong: Wrong, what: &'static str) {
        let Verdict { lost, doubled, wrong_beside, .. } = &mut self.verdict;
        *match wrong {
            _ if one.mutation.kind != NOTE => wrong_beside,
            Wrong::Lost => lost,
            Wrong::Doubled => doubled,
        } += 1;
        let times = self.told.entry(what).or_default();
        *times += 1;
        if *times <= TOLD {
            println!("{what}: mutation {} ({})", one.mutation.mid, one.mutation.kind);
        }
    }
}

/// Where the effect of a command is not to be found by an id of its own, its receipt has to do.
fn count(found: &mut Found, one: &Written, command: &Command, status: &str, held: &[Review]) -> Count {
    let waiting = held.iter().filter(|review| !review.is_filed && is_same_text(&review.text, &one.mutation)).count();
    let strange = held.iter().filter(|review| !is_same_text(&review.text, &one.mutation)).count();
    let (there, as_written) = match command {
        Command::SignNote(sign) => one_line(found.notes.remove(&sign.note_id.0), &found::line_of_note(one, sign)),
        Command::AmendNote(amend) => one_line(found.amendments.remove(&amend.amendment_id.0), &found::line_of_amendment(one, amend)),
        Command::ChangeClient(change) => {
            let named = change.related.add.first().and_then(|neighbour| found.neighbours.remove(&neighbour.name));
            let times = usize::try_from(named.unwrap_or(0)).unwrap_or(usize::MAX);
            (times, times)
        }
        _ => {
            let done = usize::from(matches!(status, "applied" | "merged" | "conflict") || held.iter().any(|review| review.is_filed));
            (done, done)
        }
    };
    Count { as_written, otherwise: there - as_written + strange, waiting }
}

fn one_line(found: Option<String>, written: &str) -> (usize, usize) {
    (usize::from(found.is_some()), usize::from(found.is_some_and(|line| line == written)))
}

fn is_held(status: &str) -> bool {
    matches!(status, "quarantined" | "blocked")
}

/// The text that waits is the mutation as it was saved; only its place may be another, after the device took a new identity.
fn is_same_text(text: &str, written: &Mutation) -> bool {
    let Ok(kept) = serde_json::from_str::<Mutation>(text) else { return false };
    let same = |of: fn(&Mutation) -> Mutation| serde_json::to_string(&of(&kept)).ok() == serde_json::to_string(&of(written)).ok();
    same(|mutation| Mutation { seq: 0, ..mutation.clone() })
}

//! The world: phones, the network between, the server, and what must hold whatever happens.

mod settled;

use std::collections::{BTreeMap, BTreeSet};

use domain::{AttachmentId, DateTime, Record, ScopeId};
use sync::device::{Answer, Next, Step};
use sync::wire::{
    DeviceId, IncarnationId, Mid, Mutation, Problem, ProblemCode, PullRequest, PullResponse, PushRequest, PushResponse, Status,
};
use uuid::Uuid;

use crate::{
    action::{Action, Fate, Killed},
    contents,
    defect::Defect,
    phone::{Disk, LastSeen, Phone},
    records::{self, SCOPES, WORKERS, moment, scope_id, worker_id},
    server::{Health, RECORD_BYTES, Server, problem},
};

pub const PHONES: usize = 3;

/// What is on its way. Answers belong to the page that asked.
#[derive(Clone, Debug)]
enum Message {
    Register(DeviceId),
    Push(PushRequest),
    Pull(PullRequest),
    Sealed(DeviceId, Vec<Mutation>),
    /// With its number: a phone asks one thing at a time, and does not hear answers to what it has given up.
    Content(u64, Step),
    ContentTaken(u64, Step, Answer),
    Registered(DeviceId),
    Pushed(PushRequest, Result<PushResponse, Problem>),
    Pulled(Result<PullResponse, Problem>, LastSeen),
}

impl Message {
    fn is_answer(&self) -> bool {
        matches!(self, Self::Registered(_) | Self::Pushed(..) | Self::Pulled(..) | Self::ContentTaken(..))
    }
}

#[derive(Clone, Debug)]
struct Envelope {
    phone: usize,
    page: u64,
    message: Message,
}

#[derive(Clone, Debug)]
pub struct World {
    defect: Option<Defect>,
    step: u64,
    next_id: usize,
    server: Server,
    backup: Server,
    phones: Vec<Phone>,
    on_the_way: Vec<Envelope>,
    /// Mutations whose saving completed, and the record that each is about.
    saved: BTreeMap<Mid, Uuid>,
    /// Those whose phone was destroyed or set back before the server's copy was safe.
    excused: BTreeSet<Mid>,
    /// Contents that the server had at some time, also one that was set back since: there is no second copy then (docs/operations.md).
    had: BTreeSet<AttachmentId>,
    /// Contents that went with their phone.
    lost: BTreeSet<AttachmentId>,
    /// Milliseconds, for waiting: much more than any wait passes between two steps.
    clock_ms: i64,
    /// A server that went back without knowing it may give out the same heads twice; then only I1 and I2 can be asked of it.
    went_back_silently: bool,
    met: BTreeSet<&'static str>,
}

impl World {
    pub fn new(defect: Option<Defect>) -> Self {
        let mut server = Server::new();
        let backup = server.back_up();
        let phones = (0..PHONES).map(|number| Phone::new(worker_id(number % WORKERS), DeviceId(records::id(8, number)))).collect();
        Self {
            defect,
            step: 0,
            next_id: 0,
            server,
            backup,
            phones,
            on_the_way: Vec::new(),
            saved: BTreeMap::new(),
            excused: BTreeSet::new(),
            had: BTreeSet::new(),
            lost: BTreeSet::new(),
            clock_ms: 0,
            went_back_silently: false,
            met: BTreeSet::new(),
        }
    }

    fn new_id(&mut self) -> Uuid {
        self.next_id += 1;
        records::id(100, self.next_id)
    }

    fn now(&self) -> DateTime {
        moment(self.step)
    }

    /// Lets one thing happen; says what broke.
    pub fn act(&mut self, action: Action) -> Result<(), String> {
        self.step += 1;
        match action {
            Action::Write { phone, scope, what, detail, killed } => return self.write(choose(phone, PHONES), scope, what, detail, killed),
            Action::SendRegister { phone } => self.send_register(choose(phone, PHONES)),
            Action::SendPush { phone } => self.send_push(choose(phone, PHONES)),
            Action::SendSealed { phone } => self.send_sealed(choose(phone, PHONES)),
            Action::SendContent { phone } => self.send_content(choose(phone, PHONES)),
            Action::SendPull { phone, first, small } => {
                let first = (first < 128).then(|| scope_id(choose(first, SCOPES)));
                self.send_pull(choose(phone, PHONES), first, if small { 3 * RECORD_BYTES } else { 100 * RECORD_BYTES });
            }
            Action::Deliver { message, fate } => return self.deliver_one(message, fate),
            Action::KillPage { phone } => self.phones[choose(phone, PHONES)].restart(),
            Action::CopyPhone { phone } => {
                let phone = &mut self.phones[choose(phone, PHONES)];
                phone.copy = Some(phone.disk.clone());
            }
            Action::RollPhoneBack { phone } => {
                let phone = choose(phone, PHONES);
                if let Some(before) = self.phones[phone].roll_back() {
                    self.excuse(phone, &before);
                }
            }
            Action::Evict { phone } => {
                let device_id = DeviceId(self.new_id());
                let phone = choose(phone, PHONES);
                let before = self.phones[phone].evict(device_id);
                self.excuse(phone, &before);
            }
            Action::Reassign { scope, worker } => {
                let now = self.now();
                self.server.reassign(scope_id(choose(scope, SCOPES)), worker_id(choose(worker, WORKERS)), now);
            }
            Action::Share { scope, worker } => self.server.share(scope_id(choose(scope, SCOPES)), worker_id(choose(worker, WORKERS))),
            Action::Backup => self.backup = self.server.back_up(),
            Action::Restore => {
                self.server = self.backup.clone();
                self.server.incarnation = IncarnationId(self.new_id());
            }
            Action::RestoreSilently => {
                self.server = self.backup.clone();
                self.went_back_silently = true;
                // Its connections ended with it. (A request from a phone that was itself set back since could otherwise take the place
                // of another with the same number: only a new incarnation protects from three faults at once.)
                self.on_the_way.retain(|envelope| envelope.message.is_answer());
            }
            Action::Erase { scope, record } => self.server.erase(scope_id(choose(scope, SCOPES)), record),
            Action::RaiseFloor { scope } => self.server.raise_floor(scope_id(choose(scope, SCOPES))),
            Action::RaiseEpoch { scope } => self.server.raise_epoch(scope_id(choose(scope, SCOPES))),
        }
        Ok(())
    }

    /// What was on the disk and is not there now is lost by no fault of the protocol, unless the server's copy was safe.
    fn excuse(&mut self, phone: usize, before: &Disk) {
        let kept = self.phones[phone].disk.mids();
        let lost = before.mids().into_iter().filter(|mid| !kept.contains(mid) && !self.backup.log.contains_key(mid));
        self.excused.extend(lost);
        let parcels = &self.phones[phone].disk.parcels;
        self.lost.extend(before.parcels.keys().filter(|attachment_id| !parcels.contains_key(attachment_id)));
    }

    fn write(&mut self, phone: usize, scope: u8, what: u8, detail: u8, killed: Killed) -> Result<(), String> {
        let case = choose(scope, SCOPES);
        if self.phones[phone].disk.rows.get(&scope_id(case)).is_none_or(BTreeMap::is_empty) {
            return Ok(());
        }
        let now = self.now();
        let shown = self.phones[phone].shown(scope_id(case));
        let groups = records::writing(case, what, detail, now, &shown, || self.new_id());
        let entities: Vec<Uuid> = groups.iter().flatten().map(domain::Command::entity_id).collect();
        let mut next_id = self.next_id;
        let mids = self.phones[phone].save(
            groups,
            scope_id(case),
            now,
            || {
                next_id += 1;
                records::id(100, next_id)
            },
            killed,
        )?;
        self.next_id = next_id;
        self.saved.extend(mids.into_iter().zip(entities));
        Ok(())
    }

    fn send(&mut self, phone: usize, message: Message) {
        self.on_the_way.push(Envelope { phone, page: self.phones[phone].page, message });
    }

    fn send_register(&mut self, phone: usize) {
        let meta = self.phones[phone].device.meta();
        if !meta.registered {
            self.send(phone, Message::Register(meta.device_id));
        }
    }

    fn send_push(&mut self, phone: usize) {
        if self.waits_for_content(phone) {
            return;
        }
        if let Some(request) = self.phones[phone].device.next_push() {
            self.send(phone, Message::Push(request));
        }
    }

    /// Whether, for a mistaken phone, the note waits.
    fn waits_for_content(&self, phone: usize) -> bool {
        let mut signed = self.phones[phone].lane.parcels().filter(|(parcel, _)| parcel.signed && parcel.refused.is_none());
        self.defect == Some(Defect::NoteWaitsForContent) && signed.next().is_some()
    }

    fn send_content(&mut self, phone: usize) {
        self.clock_ms += 3_600_000;
        let here = &mut self.phones[phone];
        let Next::Do(step) = here.lane.next(self.clock_ms, true) else { return };
        if self.defect == Some(Defect::ContentGoneWhenSent) && matches!(step, Step::Chunk(_, chunk) if chunk + 1 == contents::CHUNKS) {
            here.change_contents(|lane| lane.remove(step.attachment_id()));
        }
        here.asked += 1;
        let number = here.asked;
        self.send(phone, Message::Content(number, step));
    }

    fn send_sealed(&mut self, phone: usize) {
        let sealed = self.phones[phone].sealed();
        if !sealed.is_empty() && self.phones[phone].device.meta().registered {
            self.send(phone, Message::Sealed(self.phones[phone].device.meta().device_id, sealed));
        }
    }

    fn send_pull(&mut self, phone: usize, first: Option<ScopeId>, limit_bytes: u32) {
        let request = self.phones[phone].device.next_pull(first, limit_bytes);
        self.send(phone, Message::Pull(request));
    }

    fn deliver_one(&mut self, message: u8, fate: Fate) -> Result<(), String> {
        if self.on_the_way.is_empty() {
            return Ok(());
        }
        let envelope = self.on_the_way.swap_remove(choose(message, self.on_the_way.len()));
        match fate {
            Fate::Lost => Ok(()),
            Fate::Arrives { killed } => self.deliver(envelope, Health::Well, killed),
            Fate::ArrivesTwice => {
                self.on_the_way.push(envelope.clone());
                self.deliver(envelope, Health::Well, Killed::Not)
            }
            Fate::ServerDies { after_groups } => self.deliver(envelope, Health::DiesAfter(after_groups), Killed::Not),
            Fate::ServerBusy { after_groups } => self.deliver(envelope, Health::BusyAfter(after_groups), Killed::Not),
            Fate::Garbled => self.deliver(garbled(envelope), Health::Well, Killed::Not),
        }
    }

    fn deliver(&mut self, envelope: Envelope, health: Health, killed: Killed) -> Result<(), String> {
        let Envelope { phone, page, message } = envelope;
        let (now, defect) = (self.now(), self.defect);
        let worker_id = self.phones[phone].worker_id;
        let answer = match message {
            Message::Register(device_id) => {
                self.server.register(worker_id, device_id);
                Message::Registered(device_id)
            }
            // A locked phone counts receipts, and leaves the rest to the push after its unlocking.
            Message::Sealed(device_id, mutations) => {
                self.met.insert("sealed");
                return self.server.take_sealed(worker_id, device_id, &mutations, now, defect);
            }
            Message::Content(number, step) => {
                let answer = self.server.uploads.take(&step, health);
                if self.server.uploads.has_all_of(step.attachment_id()) {
                    self.had.insert(step.attachment_id());
                    let has_note = self.has_note_of(step.attachment_id());
                    self.met.insert(if has_note { "content received" } else { "content before its note" });
                }
                let Some(answer) = answer else { return Ok(()) };
                Message::ContentTaken(number, step, answer)
            }
            Message::Push(request) => match self.server.push(worker_id, &request, now, health, defect) {
                Some(answer) => Message::Pushed(request, answer),
                None => return Ok(()),
            },
            Message::Pull(request) => {
                let seen = LastSeen { answered_at: self.step, visible: self.server.visible(worker_id) };
                Message::Pulled(self.server.pull(worker_id, &request, now, defect), seen)
            }
            answer if page == self.phones[phone].page => return self.receive(phone, answer, killed),
            _ => return Ok(()),
        };
        self.on_the_way.push(Envelope { phone, page, message: answer });
        Ok(())
    }

    fn receive(&mut self, phone: usize, answer: Message, killed: Killed) -> Result<(), String> {
        let fresh = DeviceId(self.new_id());
        let (now, defect) = (self.now(), self.defect);
        let before = self.phones[phone].disk.mids();
        self.note(phone, &answer);
        let here = &mut self.phones[phone];
        match answer {
            Message::Registered(device_id) => here.registered(device_id, killed)?,
            Message::Pushed(request, answer) => here.pushed(&request, answer, fresh, killed, defect)?,
            Message::Pulled(Ok(response), seen) => here.pulled(response, seen, now, killed, defect)?,
            Message::Pulled(Err(problem), _) => here.pull_refused(&problem, killed)?,
            Message::ContentTaken(number, step, answer) if number == here.asked => return self.content_taken(phone, &step, answer, killed),
            Message::ContentTaken(..) => {}
            Message::Register(_) | Message::Push(_) | Message::Pull(_) | Message::Sealed(..) | Message::Content(..) => {
                unreachable!("requests go to the server")
            }
        }
        self.nothing_left_the_outbox_unsafe(phone, &before)?;
        self.only_what_may_be_seen_is_stored(phone)
    }

    fn content_taken(&mut self, phone: usize, step: &Step, answer: Answer, killed: Killed) -> Result<(), String> {
        let here = &mut self.phones[phone];
        match (&answer, step) {
            (Answer::NotFound, Step::Chunk(..)) if self.defect == Some(Defect::BegunOnce) => return Ok(()),
            (Answer::NotFound, Step::Chunk(..)) => drop(self.met.insert("content begun again")),
            (Answer::State(state), _) if state.refused.is_some() => drop(self.met.insert("content refused")),
            _ => {}
        }
        if killed == Killed::BeforeDisk {
            here.restart();
            return Ok(());
        }
        here.change_contents(|lane| lane.answered(step, answer, self.clock_ms, 0.5));
        if killed == Killed::AfterDisk {
            here.restart();
        }
        self.contents_go_with_a_receipt(phone, step.attachment_id())
    }

    /// I13: the bytes of a content leave a phone when the server has had all of them, and not before.
    fn contents_go_with_a_receipt(&self, phone: usize, attachment_id: AttachmentId) -> Result<(), String> {
        let is_here = self.phones[phone].disk.parcels.contains_key(&attachment_id);
        match is_here || self.had.contains(&attachment_id) || self.lost.contains(&attachment_id) {
            true => Ok(()),
            false => Err(format!("I13: phone {phone} let go of {attachment_id}, which the server never had")),
        }
    }

    fn has_note_of(&self, attachment_id: AttachmentId) -> bool {
        self.named_contents().any(|named| named == attachment_id)
    }

    /// The contents that notes on the server name.
    fn named_contents(&self) -> impl Iterator<Item = AttachmentId> {
        let records = self.server.scopes.keys().flat_map(|scope_id| self.server.live_records(*scope_id));
        records.filter_map(|record| match record {
            Record::Attachment(attachment) => Some(attachment.id),
            _ => None,
        })
    }

    fn note(&mut self, phone: usize, answer: &Message) {
        let meta = self.phones[phone].device.meta();
        let held = self.phones[phone].device.entries();
        let highest = held.filter(|entry| entry.is_received()).map(|entry| entry.mutation.seq).max().unwrap_or(0);
        match answer {
            Message::Pushed(_, Err(problem)) => drop(self.met.insert(match problem.code {
                ProblemCode::DeviceForked => "forked",
                ProblemCode::SeqGap => "gap",
                ProblemCode::DeviceUnknown => "unknown device",
                _ => "other problem",
            })),
            Message::Pushed(request, Ok(_)) if request.device_id != meta.device_id => drop(self.met.insert("answer to an old identity")),
            Message::Pulled(Ok(response), _) => {
                let met = [
                    ("stale pull", response.generation != meta.generation),
                    ("regress", response.generation == meta.generation && response.device_last_seq.is_some_and(|seq| seq < highest)),
                    ("another copy", response.device_last_seq.is_some_and(|seq| seq >= meta.next_seq)),
                    ("new incarnation", meta.incarnation.is_some_and(|known| known != response.incarnation)),
                    ("forget", !response.forget.is_empty()),
                    ("page", response.more),
                    ("deletion", response.scopes.iter().any(|delta| !delta.full && !delta.deleted.is_empty())),
                ];
                self.met.extend(met.into_iter().filter(|(_, met)| *met).map(|(name, _)| name));
            }
            _ => {}
        }
    }

    /// I8: what leaves an outbox is in the backup, carried out. (A server that went back silently may have decided a second time, and
    /// otherwise, while the first receipt was on its way; then it is in the backup, for a person.)
    fn nothing_left_the_outbox_unsafe(&self, phone: usize, before: &BTreeSet<Mid>) -> Result<(), String> {
        let kept = self.phones[phone].disk.mids();
        let is_safe = |mid: &Mid| {
            let logged = self.backup.log.get(mid);
            logged.is_some_and(|logged| self.went_back_silently || !logged.result.status.needs_person())
        };
        match before.iter().find(|mid| !kept.contains(mid) && !is_safe(mid)) {
            Some(mid) => Err(format!("I8: phone {phone} dropped {mid}, which is not safe")),
            None => Ok(()),
        }
    }

    /// I5: after an answer, nothing is stored of a case that the worker could not see when the newest applied answer was computed.
    fn only_what_may_be_seen_is_stored(&self, phone: usize) -> Result<(), String> {
        let phone_state = &self.phones[phone];
        let Some(seen) = &phone_state.last_seen else { return Ok(()) };
        match phone_state.disk.rows.keys().find(|scope_id| !seen.visible.contains(scope_id)) {
            Some(scope_id) => Err(format!("I5: phone {phone} stores {scope_id}, which its worker had lost")),
            None => Ok(()),
        }
    }

    /// What the history went through, to see that the model reaches every corner.
    pub fn met(&self) -> BTreeSet<&'static str> {
        let mut met = self.met.clone();
        for logged in self.server.log.values() {
            met.insert(match logged.result.status {
                Status::Applied => "applied",
                Status::Merged => "merged",
                Status::Quarantined => "quarantined",
                Status::Blocked => "blocked",
                Status::Conflict => "conflict",
                Status::NotAttempted | Status::Unknown => "never logged",
            });
        }
        let records = self.server.scopes.keys().flat_map(|scope_id| self.server.live_records(*scope_id));
        if records.into_iter().any(|record| matches!(record, Record::Note(note) if note.late_after_reassignment)) {
            met.insert("late note");
        }
        let records = self.server.scopes.keys().flat_map(|scope_id| self.server.live_records(*scope_id));
        if records.into_iter().any(|record| matches!(record, Record::Amendment(amendment) if amendment.concurrent)) {
            met.insert("amended at the same time");
        }
        met
    }
}

/// Something else answers: with words that this build does not know, or with the page of a captive portal.
fn garbled(mut envelope: Envelope) -> Envelope {
    match &mut envelope.message {
        Message::Pushed(_, Ok(response)) => response.results.iter_mut().for_each(|result| result.status = Status::Unknown),
        Message::Pushed(_, answer) => *answer = Err(problem(200, ProblemCode::Unknown, None)),
        Message::Pulled(answer, _) => *answer = Err(problem(502, ProblemCode::Unknown, None)),
        Message::ContentTaken(_, _, answer) => *answer = Answer::Nobody,
        Message::Register(_)
        | Message::Push(_)
        | Message::Pull(_)
        | Message::Sealed(..)
        | Message::Content(..)
        | Message::Registered(_) => {}
    }
    envelope
}

fn choose(number: u8, among: usize) -> usize {
    usize::from(number) % among
}

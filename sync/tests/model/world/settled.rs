//! After the faults: the phones talk to the server until they are done, and then everything must be in its place.

use std::collections::BTreeMap;

use domain::{Caseload, ChangeClient, Record, RecordRef, ScopeId, Unit, UnitKind};
use sync::{
    device::{DAMAGED, Parcel},
    wire::{DeviceId, Mid},
};

use super::{Message, PHONES, World};
use crate::{
    action::Killed,
    contents::{self, Kind},
    records::{SCOPES, case_id, scope_id},
    server::{Health, RECORD_BYTES},
};

impl World {
    /// The faults stop. Everything on its way arrives, every phone talks to the server until it is done, and all must be well.
    pub fn settle(&mut self) -> Result<(), String> {
        self.step += 1;
        while let Some(envelope) = self.on_the_way.pop() {
            self.deliver(envelope, Health::Well, Killed::Not)?;
        }
        self.talk_until_quiet()?;
        self.backup = self.server.back_up();
        self.talk_until_quiet()?;
        self.every_saved_mutation_has_one_end()?;
        self.effects_came_in_order()?;
        self.every_wish_has_one_end()?;
        self.every_content_has_one_end()?;
        for phone in 0..PHONES {
            self.is_settled(phone)?;
        }
        Ok(())
    }

    fn talk_until_quiet(&mut self) -> Result<(), String> {
        const ROUNDS: usize = 60;
        for phone in 0..PHONES {
            let mut quiet = false;
            for _ in 0..ROUNDS {
                self.send_register(phone);
                self.exchange()?;
                self.send_push(phone);
                self.exchange()?;
                let generation = self.phones[phone].device.meta().generation;
                let more = self.pull_once(phone)?;
                let applied = self.phones[phone].device.meta().generation > generation;
                self.send_all_contents(phone)?;
                quiet = applied && !more && self.phones[phone].device.unsent() == 0;
                if quiet {
                    break;
                }
            }
            if !quiet {
                let unsent = self.phones[phone].device.unsent();
                return Err(format!("liveness: phone {phone} has {unsent} unsent after {ROUNDS} rounds without faults"));
            }
        }
        Ok(())
    }

    fn send_all_contents(&mut self, phone: usize) -> Result<(), String> {
        const STEPS: usize = 20;
        // A server that was set back twice within one upload makes a content look damaged; its author tries again.
        let damaged = |parcel: &&Parcel| parcel.refused.as_deref() == Some(DAMAGED);
        let damaged: Vec<_> = self.phones[phone].disk.parcels.values().filter(damaged).map(|parcel| parcel.attachment_id).collect();
        for attachment_id in damaged {
            self.phones[phone].change_contents(|lane| lane.try_again(attachment_id));
        }
        for _ in 0..STEPS {
            self.send_content(phone);
            self.exchange()?;
        }
        Ok(())
    }

    /// I13 and liveness: a content that a note names is at the server, or on its author's phone where the server does not take it.
    fn every_content_has_one_end(&self) -> Result<(), String> {
        for attachment_id in self.named_contents() {
            let on_phones = self.phones.iter().filter_map(|phone| phone.disk.parcels.get(&attachment_id));
            let (waits, refused) = on_phones.fold((false, false), |(_, refused), parcel| (true, refused || parcel.refused.is_some()));
            let is_well = match contents::kind(attachment_id) {
                Kind::Good => self.had.contains(&attachment_id),
                Kind::Refused => refused,
                Kind::Unlucky => waits,
            };
            if !is_well && !self.lost.contains(&attachment_id) {
                return Err(format!("I13: {attachment_id} is neither at the server nor on a phone as it should be"));
            }
        }
        let idle = |parcel: &&Parcel| !parcel.signed || contents::kind(parcel.attachment_id) != Kind::Good;
        match self.phones.iter().flat_map(|phone| phone.disk.parcels.values()).find(|parcel| !idle(parcel)) {
            Some(parcel) => Err(format!("liveness: {} was never received", parcel.attachment_id)),
            None => Ok(()),
        }
    }

    fn pull_once(&mut self, phone: usize) -> Result<bool, String> {
        self.send_pull(phone, None, 4 * RECORD_BYTES);
        let request = self.on_the_way.pop().expect("a pull was sent");
        self.deliver(request, Health::Well, Killed::Not)?;
        let more = self.on_the_way.iter().any(|envelope| matches!(&envelope.message, Message::Pulled(Ok(response), _) if response.more));
        self.exchange()?;
        Ok(more)
    }

    fn exchange(&mut self) -> Result<(), String> {
        while let Some(envelope) = self.on_the_way.pop() {
            self.deliver(envelope, Health::Well, Killed::Not)?;
        }
        Ok(())
    }

    /// I1 and I2: everything saved had its effect once, or is kept for a person once; never both.
    fn every_saved_mutation_has_one_end(&self) -> Result<(), String> {
        for (mid, entity_id) in self.saved.iter().filter(|(mid, _)| !self.excused.contains(mid)) {
            let effects = self.server.effects.iter().filter(|effect| effect.mid == *mid).count();
            let kept = self.server.quarantine.values().filter(|held| held.mid == *mid).count();
            if effects + kept != 1 {
                return Err(format!("I1/I2: {mid} ended in {effects} effects and {kept} texts in quarantine"));
            }
            let there =
                self.server.scopes.keys().any(|scope_id| self.server.live_records(*scope_id).any(|record| record.id() == *entity_id));
            if effects == 1 && !there && !self.server.erased.contains(entity_id) {
                return Err(format!("I1: {mid} had an effect, but its record is not there"));
            }
        }
        Ok(())
    }

    /// I12: what a worker wanted of a client's details stands there, was replaced by somebody who had seen it, or waits for a person.
    /// (A server that went back silently may have forgotten which.)
    fn every_wish_has_one_end(&self) -> Result<(), String> {
        if self.went_back_silently {
            return Ok(());
        }
        let wishes: BTreeMap<Mid, ChangeClient> = (self.server.changes.iter().cloned()).collect();
        for number in 0..SCOPES {
            let records = Caseload::from_records(self.server.live_records(scope_id(number)).cloned());
            let Some(client) = records.client(case_id(number)) else { continue };
            for kind in [UnitKind::Names, UnitKind::Safety] {
                let of_kind = || wishes.iter().filter(|(_, change)| change.case_id == case_id(number));
                let wanted = of_kind().flat_map(|(mid, change)| change.units.iter().map(move |unit| (mid, unit)));
                let mut seen: Vec<&Unit> = wanted.clone().filter(|(_, unit)| unit.to.kind() == kind).map(|(_, unit)| &unit.from).collect();
                let stands = Unit::of(kind, client.person, client.case);
                seen.push(&stands);
                for (mid, unit) in wanted.filter(|(_, unit)| unit.to.kind() == kind) {
                    let waits = self.server.proposals.get(mid).is_some_and(|kept| kept.iter().any(|one| one.wanted == unit.to));
                    if !waits && !seen.contains(&&unit.to) {
                        return Err(format!("I12: what {mid} wanted stands nowhere, and nobody who replaced it had seen it"));
                    }
                }
            }
        }
        Ok(())
    }

    /// I4: what one device did was committed in the order in which it was done.
    fn effects_came_in_order(&self) -> Result<(), String> {
        let mut last: BTreeMap<DeviceId, u64> = BTreeMap::new();
        for (effect, seq) in self.server.effects.iter().filter_map(|effect| Some((effect, effect.seq?))) {
            if last.insert(effect.device_id, seq).is_some_and(|before| before >= seq) {
                return Err(format!("I4: {} of {} was committed out of order", seq, effect.device_id));
            }
        }
        Ok(())
    }

    /// I3 and liveness: the phone stores what the server lets its worker see, and its outbox holds only what waits for a person.
    fn is_settled(&mut self, phone: usize) -> Result<(), String> {
        let here = &self.phones[phone];
        let visible = self.server.visible(here.worker_id);
        let expected: BTreeMap<ScopeId, BTreeMap<RecordRef, Record>> = (visible.into_iter())
            .map(|scope_id| (scope_id, self.server.live_records(scope_id).map(|record| (record.record_ref(), record.clone())).collect()))
            .collect();
        if !self.went_back_silently && here.disk.rows != expected {
            return Err(format!("I3: phone {phone} does not store what its worker may see"));
        }
        if let Some(entry) = here.device.entries().find(|entry| !entry.needs_person()) {
            return Err(format!("liveness: {} is safe and still in the outbox of phone {phone}", entry.mutation.mid));
        }
        self.phones[phone].dismiss_all()?;
        match self.phones[phone].disk.entries.is_empty() {
            true => Ok(()),
            false => Err(format!("phone {phone} cannot dismiss what is safe")),
        }
    }
}

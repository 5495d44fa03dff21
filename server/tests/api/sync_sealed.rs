//! What a locked device hands in: sealed to the server, signed, and carried here without a session.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::*;
use reqwest::StatusCode;
use serde_json::json;
use server::{secrets::Secrets, sync::SealKeys};
use sqlx::PgPool;
use sync::wire::*;
use uuid::Uuid;

use crate::{
    helpers::{Answer, TestApp, own_folder},
    sealer::{Sealer, base64},
    sync_phone::{Phone, count, run, scope_of, sign, worker_id},
};

/// A phone that can seal, and prove what it seals.
pub struct Locked {
    pub phone: Phone,
    pub sealer: Sealer,
    pub to: SealKey,
}

fn random() -> [u8; 32] {
    [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat().try_into().unwrap()
}

impl Locked {
    pub async fn of(app: &TestApp, name: &str) -> Self {
        let mut phone = Phone::of(app, name).await;
        let sealer = Sealer::from_bytes(&random(), &random()).unwrap();
        let request = RegisterDevice {
            device_id: phone.device_id,
            enrolled: true,
            app_build: "test".to_owned(),
            label: "Test".to_owned(),
            keys: sealer.public_keys(),
        };
        assert_eq!(phone.browser.post_json("/sync/v1/devices", &json!(request)).await.status, StatusCode::OK);
        let to = phone.pull().await.seal_key.unwrap();
        Self { phone, sealer, to }
    }

    fn seal(&self, mutation: &Mutation, proof: Proof) -> SealedMutation {
        self.sealer.seal(mutation, proof, &self.to, &random()).unwrap()
    }

    /// To the server, with a key that is used once.
    pub fn seal_bytes(&self, msg: &[u8], context: &str) -> SealedKey {
        self.sealer.seal_bytes(msg, context, &self.to, &random()).unwrap()
    }

    fn signed(&self, sealed: SealedMutation) -> SealedMutation {
        self.sealer.signed(sealed)
    }

    /// By whoever carries it: nobody is signed in.
    async fn send(&self, app: &TestApp, mutations: &[SealedMutation]) -> Answer {
        let request = SealedRequest { device_id: self.phone.device_id, mutations: mutations.to_vec() };
        app.anonymous().post_json("/sync/v1/sealed", &json!(request)).await
    }

    async fn hand_in(&self, app: &TestApp, mutations: &[SealedMutation]) -> Vec<Status> {
        let answer = self.send(app, mutations).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let response: SealedResponse = answer.json();
        assert!(response.results.iter().zip(mutations).all(|(result, sealed)| result.mid == sealed.mid));
        response.results.iter().map(|result| result.status).collect()
    }
}

async fn notes(app: &TestApp, words: &str) -> i64 {
    count(&app.pool, &format!("select count(*) from notes where narrative = '{words}'")).await
}

async fn held(app: &TestApp, code: &str) -> i64 {
    count(&app.pool, &format!("select count(*) from reviews where code = '{code}' and decided_at is null")).await
}

fn blind(words: &str) -> Command {
    Command::WriteBlind(WriteBlind {
        blind_note_id: BlindNoteId(Uuid::now_v7()),
        about: "the man next door".to_owned(),
        narrative: words.to_owned(),
    })
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_a_locked_phone_hands_in_is_taken_once_and_finds_its_place_when_it_is_pushed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let written: Vec<Mutation> = (0..3).map(|_| locked.phone.write(&sign(app.case_id(), "sealed"))).collect();
    let sealed: Vec<SealedMutation> = written.iter().map(|mutation| locked.seal(mutation, Proof::Author)).collect();
    assert_eq!(locked.hand_in(&app, &sealed).await, [Status::Applied; 3]);
    assert_eq!(locked.hand_in(&app, &sealed).await, [Status::Applied; 3], "again, with the same answers");
    assert_eq!(notes(&app, "sealed").await, 3);
    assert_eq!(count(&app.pool, "select count(*) from mutations where seq is null").await, 3);

    // Open again, the phone pushes the same in its line, and goes on.
    let next = locked.phone.write(&sign(app.case_id(), "after"));
    let pushed = locked.phone.push(&[written.as_slice(), &[next]].concat()).await;
    assert!(pushed.results.iter().all(|result| result.status == Status::Applied));
    assert_eq!((pushed.device_last_seq, notes(&app, "sealed").await, notes(&app, "after").await), (4, 3, 1));
    assert_eq!(count(&app.pool, "select count(*) from mutations where seq is null").await, 0);
    // Another installation with the same identity does not get their places.
    locked.phone.next_seq = 2;
    let other = locked.phone.write(&sign(app.case_id(), "forked"));
    assert_eq!(locked.phone.send(&[other]).await.problem().code, ProblemCode::DeviceForked);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_revoked_phone_is_heard_and_a_person_decides(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let mutation = locked.phone.write(&sign(app.case_id(), "lost phone"));
    let sealed = [locked.seal(&mutation, Proof::Author)];
    run(&app.pool, "update devices set status = 'revoked'").await;
    for _ in 0..2 {
        assert_eq!(locked.hand_in(&app, &sealed).await, [Status::Quarantined]);
    }
    assert_eq!((notes(&app, "lost phone").await, held(&app, "device-revoked").await), (0, 1));
    assert_eq!(count(&app.pool, "select count(*) from reviews where mutation like '%lost phone%'").await, 1, "the words are kept");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn who_only_holds_the_phone_hands_in_words_without_a_case_and_nothing_else(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let words = locked.phone.write(&blind("written at the door"));
    let note = locked.phone.write(&sign(app.case_id(), "not proven"));
    let sealed = [locked.seal(&words, Proof::Device), locked.seal(&note, Proof::Device)];
    assert_eq!(locked.hand_in(&app, &sealed).await, [Status::Applied, Status::Quarantined]);
    assert_eq!(count(&app.pool, "select count(*) from blind_notes where narrative = 'written at the door'").await, 1);
    assert_eq!((notes(&app, "not proven").await, held(&app, "not-proven").await), (0, 1));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_was_changed_on_the_way_or_signed_by_another_stays_with_the_phone(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut locked, other) = (Locked::of(&app, "maria").await, Locked::of(&app, "omar").await);
    let mutation = locked.phone.write(&sign(app.case_id(), "changed"));
    let whole = locked.seal(&mutation, Proof::Author);
    let ct = URL_SAFE_NO_PAD.decode(&whole.ct.0).unwrap();
    let changed = base64(&[&[ct[0] ^ 1], &ct[1..]].concat());
    let good = locked.phone.write(&sign(app.case_id(), "whole"));
    let good = locked.seal(&good, Proof::Author);
    let bad = [
        SealedMutation { ct: changed.clone(), ..whole.clone() },
        SealedMutation { proof: Proof::Device, ..whole.clone() },
        SealedMutation { mid: Mid(Uuid::now_v7()), ..whole.clone() },
        other.signed(whole.clone()),
        // Signed well, but opened by no key, or not what it says.
        locked.signed(SealedMutation { ct: changed, ..whole.clone() }),
        locked.signed(SealedMutation { key_id: "0".repeat(16), ..whole.clone() }),
        locked.signed(SealedMutation { mid: Mid(Uuid::now_v7()), ..whole.clone() }),
        locked.signed(SealedMutation { iv: base64(&[1; 3]), ..whole.clone() }),
    ];
    for sealed in &bad {
        assert_eq!(locked.hand_in(&app, &[sealed.clone(), good.clone()]).await, [Status::NotAttempted, Status::Applied], "{sealed:?}");
    }
    // Where nothing is proven, there might as well be no such phone.
    for (device_id, sealed) in [(locked.phone.device_id, &bad[0]), (other.phone.device_id, &whole), (DeviceId(Uuid::now_v7()), &whole)] {
        let request = SealedRequest { device_id, mutations: vec![sealed.clone()] };
        let answer = app.anonymous().post_json("/sync/v1/sealed", &json!(request)).await;
        assert_eq!(answer.problem().code, ProblemCode::DeviceUnknown);
    }
    assert_eq!((notes(&app, "changed").await, notes(&app, "whole").await), (0, 1));
    assert_eq!(locked.hand_in(&app, &[whole]).await, [Status::Applied]);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_late_note_that_comes_sealed_is_judged_as_if_it_were_pushed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let omar = worker_id(&app.pool, "omar").await;
    let scope_id = scope_of(&app.pool, app.case_id()).await;
    run(&app.pool, &format!("update cases set primary_worker_id = '{omar}' where scope_id = '{scope_id}'")).await;
    let late = locked.phone.write(&sign(app.case_id(), "late and sealed"));
    // Two of one identity: the first stands, the other is kept once.
    let twin = Mutation { mid: late.mid, ..locked.phone.write(&sign(app.case_id(), "its twin")) };
    let sealed = [locked.seal(&late, Proof::Author), locked.seal(&twin, Proof::Author)];
    for _ in 0..2 {
        for (one, expected) in sealed.iter().zip([Status::Applied, Status::Quarantined]) {
            assert_eq!(locked.hand_in(&app, std::slice::from_ref(one)).await, [expected]);
        }
    }
    let flagged = "select count(*) from notes where narrative = 'late and sealed' and late_after_reassignment";
    assert_eq!(count(&app.pool, flagged).await, 1);
    assert_eq!((notes(&app, "its twin").await, held(&app, "mid-taken").await), (0, 1));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_was_sealed_to_the_key_before_is_opened(pool: PgPool) {
    let folder = own_folder("rotated");
    let before = SealKeys::new(&Secrets::open(&folder).unwrap().seal_keys).unwrap().current();
    let secrets = folder.join("secrets");
    std::fs::rename(secrets.join("seal-key"), secrets.join("seal-key.2026")).unwrap();
    let app = TestApp::start_as(pool, |config| config.data_dir.clone_from(&folder)).await;
    let mut locked = Locked::of(&app, "maria").await;
    assert_ne!(locked.to, before, "another key is in use");
    locked.to = before;
    let mutation = locked.phone.write(&sign(app.case_id(), "older key"));
    assert_eq!(locked.hand_in(&app, &[locked.seal(&mutation, Proof::Author)]).await, [Status::Applied]);
    app.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

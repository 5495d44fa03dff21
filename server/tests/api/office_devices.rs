//! The devices of a worker, and what becomes of one that was lost.

use domain::WorkerId;
use reqwest::StatusCode;
use serde_json::json;
use sqlx::PgPool;
use sync::{
    questions::{DeviceFate, DeviceSeen, ListDevices, ReportLost},
    wire::{Base64, ConfirmWipe, DeviceId, DeviceSays, ProblemCode, Proof, Status},
};
use uuid::Uuid;

use crate::{
    helpers::{Answer, Browser, TestApp},
    sync_phone::{Phone, count, run, sign, worker_id},
    sync_sealed::Locked,
};

async fn devices(browser: &Browser, of: Option<WorkerId>) -> Vec<DeviceSeen> {
    browser.answer_to(&ListDevices { worker_id: of }).await.devices
}

/// A device, or whoever claims to be one, says that it has removed everything.
async fn confirm(app: &TestApp, said: &ConfirmWipe) -> Answer {
    app.anonymous().post_json("/sync/v1/wiped", &json!(said)).await
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_41_a_lost_device_hands_in_its_notes_forgets_all_and_is_refused_once_it_is_wiped(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut locked, ruth) = (Locked::of(&app, "maria").await, app.worker("ruth").await);
    let device_id = locked.phone.device_id;
    assert!(!locked.phone.held.is_empty() && !locked.ask(&app).await.wipe);
    let maria = Some(WorkerId(worker_id(&app.pool, "maria").await));
    let seen = devices(&ruth, maria).await.remove(0);
    assert_eq!((seen.device_id, seen.fate, seen.is_this), (device_id, DeviceFate::InUse, false));
    let unsent = locked.phone.write(&sign(app.case_id(), "written before it was lost"));
    let sealed = [locked.seal(&unsent, Proof::Author)];

    ruth.answer_to(&ReportLost { device_id }).await;
    assert_eq!(devices(&ruth, maria).await[0].fate, DeviceFate::Lost);
    assert_eq!(locked.phone.browser.get("/session").await.status, StatusCode::UNAUTHORIZED, "its sessions have ended");
    // Whoever holds it carries the note here, and the device hears what it has to do, whether or not it has something to hand in.
    assert_eq!(locked.hand_in(&app, &sealed).await, [Status::Applied]);
    assert!(locked.ask(&app).await.wipe);
    // Its worker signs in on it: the same.
    locked.phone.browser = app.worker("maria").await;
    let pushed = locked.phone.push(&[unsent]).await;
    assert_eq!((pushed.results[0].status, pushed.device_last_seq), (Status::Applied, 1));
    let told = locked.phone.pull().await;
    assert!(told.wipe && told.scopes.is_empty() && !told.more);
    assert!(locked.phone.held.is_empty(), "everything is to be forgotten");

    let said = ConfirmWipe { device_id, signature: locked.says(DeviceSays::Wiped, device_id), clear_site: true };
    for _ in 0..2 {
        let confirmed = confirm(&app, &said).await;
        assert_eq!(confirmed.status, StatusCode::OK, "also when the answer was lost: {}", confirmed.text());
        assert_eq!(confirmed.headers["clear-site-data"], r#""cache", "cookies", "storage""#);
    }
    let shared = confirm(&app, &ConfirmWipe { clear_site: false, ..said }).await;
    assert!(shared.status == StatusCode::OK && !shared.headers.contains_key("clear-site-data"), "others use the browser too");
    assert_eq!(devices(&ruth, maria).await[0].fate, DeviceFate::Wiped);
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'written before it was lost'").await, 1);

    let mut back = Phone { browser: app.worker("maria").await, ..locked.phone };
    assert_eq!(back.send_pull(&back.pull_request(1_000)).await.problem().code, ProblemCode::DeviceRevoked);
    let trail = "select count(distinct action) from audit_events where action in ('device.lost', 'device.wiped')";
    assert_eq!(count(&app.pool, trail).await, 2);
    // Another device of hers goes on as ever.
    back = Phone::of(&app, "maria").await;
    assert!(!back.pull().await.wipe);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn only_the_device_itself_says_that_it_was_wiped(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (locked, other) = (Locked::of(&app, "maria").await, Locked::of(&app, "omar").await);
    let device_id = locked.phone.device_id;
    let signed = |signature| ConfirmWipe { device_id, signature, clear_site: true };
    let truly = signed(locked.says(DeviceSays::Wiped, device_id));
    let answer = confirm(&app, &truly).await;
    assert_eq!(answer.problem().code, ProblemCode::NotFound, "nobody ordered it");
    assert!(!answer.headers.contains_key("clear-site-data"));
    app.worker("ruth").await.answer_to(&ReportLost { device_id }).await;
    let forged = [
        // What it says whenever it asks does not do for it, nor what it says of another device, nor what another says.
        locked.says(DeviceSays::Here, device_id),
        locked.says(DeviceSays::Wiped, other.phone.device_id),
        other.says(DeviceSays::Wiped, device_id),
        Base64("no signature".to_owned()),
    ];
    for signature in forged {
        assert_eq!(confirm(&app, &signed(signature)).await.problem().code, ProblemCode::DeviceUnknown);
    }
    assert_eq!(count(&app.pool, "select count(*) from devices where wiped_at is not null").await, 0);
    assert_eq!(confirm(&app, &truly).await.status, StatusCode::OK);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_worker_reports_her_own_device_and_nobody_elses(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (phone, omar) = (Phone::of(&app, "maria").await, app.worker("omar").await);
    let maria = app.worker("maria").await;
    assert_eq!(devices(&phone.browser, None).await.iter().filter(|device| device.is_this).count(), 1);
    assert!(devices(&omar, None).await.is_empty());
    let of_maria = Some(WorkerId(worker_id(&app.pool, "maria").await));
    assert_eq!(omar.ask(&ListDevices { worker_id: of_maria }).await.problem().code, ProblemCode::NotAllowed);
    // The same words for another's and for none at all.
    for device_id in [phone.device_id, DeviceId(Uuid::now_v7())] {
        assert_eq!(omar.ask(&ReportLost { device_id }).await.problem().code, ProblemCode::NotFound);
    }
    run(&app.pool, "update sessions set proved_at = now() - interval '1 hour'").await;
    maria.answer_to(&ReportLost { device_id: phone.device_id }).await;
    maria.answer_to(&ReportLost { device_id: phone.device_id }).await;
    assert_eq!(devices(&maria, None).await[0].fate, DeviceFate::Lost);
    assert_eq!(count(&app.pool, "select count(*) from devices where lost_at is not null").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn another_workers_device_asks_for_a_fresh_proof(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (phone, ada) = (Phone::of(&app, "maria").await, app.worker("ada").await);
    run(&app.pool, "update sessions set proved_at = now() - interval '1 hour'").await;
    let lost = ReportLost { device_id: phone.device_id };
    assert_eq!(ada.ask(&lost).await.problem().code, ProblemCode::StepUpNeeded);
    assert_eq!(phone.browser.get("/session").await.status, StatusCode::OK);
    run(&app.pool, "update sessions set proved_at = now()").await;
    ada.answer_to(&lost).await;
    assert_eq!(phone.browser.get("/session").await.status, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

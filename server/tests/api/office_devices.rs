//! The devices of a worker, and what becomes of one that was lost.

use domain::WorkerId;
use reqwest::StatusCode;
use sqlx::PgPool;
use sync::{
    questions::{ConfirmWipe, DeviceFate, DeviceSeen, ListDevices, ReportLost},
    wire::{DeviceId, ProblemCode},
};
use uuid::Uuid;

use crate::{
    helpers::{Browser, TestApp},
    sync_phone::{Phone, count, run, sign, worker_id},
};

async fn devices(browser: &Browser, of: Option<WorkerId>) -> Vec<DeviceSeen> {
    browser.answer_to(&ListDevices { worker_id: of }).await.devices
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_lost_device_hands_in_its_notes_forgets_all_and_is_refused_once_it_is_wiped(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut phone, ruth) = (Phone::of(&app, "maria").await, app.worker("ruth").await);
    phone.pull().await;
    assert!(!phone.held.is_empty());
    let maria = Some(WorkerId(worker_id(&app.pool, "maria").await));
    let seen = devices(&ruth, maria).await.remove(0);
    assert_eq!((seen.device_id, seen.fate, seen.is_this), (phone.device_id, DeviceFate::InUse, false));

    ruth.answer_to(&ReportLost { device_id: phone.device_id }).await;
    assert_eq!(devices(&ruth, maria).await[0].fate, DeviceFate::Lost);
    assert_eq!(phone.browser.get("/session").await.status, StatusCode::UNAUTHORIZED, "its sessions have ended");

    // Somebody finds it, and its worker signs in there.
    phone.browser = app.worker("maria").await;
    assert_eq!(phone.push_one(&sign(app.case_id(), "written before it was lost")).await.seq, 1);
    let told = phone.pull().await;
    assert!(told.wipe && told.scopes.is_empty() && !told.more);
    assert!(phone.held.is_empty(), "everything is to be forgotten");
    let confirmed = phone.browser.ask(&ConfirmWipe { device_id: phone.device_id }).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text());
    assert_eq!(confirmed.headers["clear-site-data"], r#""cache", "cookies", "storage""#);
    assert_eq!(devices(&ruth, maria).await[0].fate, DeviceFate::Wiped);
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'written before it was lost'").await, 1);

    let mut back = Phone { browser: app.worker("maria").await, ..phone };
    assert_eq!(back.send_pull(&back.pull_request(1_000)).await.problem().code, ProblemCode::DeviceRevoked);
    let trail = "select count(*) from audit_events where action in ('device.lost', 'device.wiped')";
    assert_eq!(count(&app.pool, trail).await, 2);
    // Another device of hers goes on as ever.
    back = Phone::of(&app, "maria").await;
    assert!(!back.pull().await.wipe);
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
        assert_eq!(omar.ask(&ConfirmWipe { device_id }).await.problem().code, ProblemCode::NotFound);
    }
    assert_eq!(maria.ask(&ConfirmWipe { device_id: phone.device_id }).await.problem().code, ProblemCode::NotFound, "nobody ordered it");
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

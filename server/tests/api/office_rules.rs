//! The agency's rules, and the client's number in an emergency.

use domain::{DevicePolicy, Role};
use sqlx::PgPool;
use sync::{
    questions::{BreakGlass, FindCase, Rules, SetRules, ShowRules},
    wire::ProblemCode,
};

use crate::{
    helpers::TestApp,
    sync_phone::{Phone, count, run},
};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn an_administrator_sets_the_rules_and_devices_hear_of_them(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (ada, mut phone) = (app.worker("ada").await, Phone::of(&app, "maria").await);
    let before = ada.answer_to(&ShowRules {}).await;
    assert_eq!(before.devices, DevicePolicy::default());
    let devices = DevicePolicy { offline_storage: false, lease_hours: 12, restricted_lease_hours: 6, ..before.devices };
    let rules = Rules { devices, second_factor_roles: vec![Role::Administrator], break_glass_hours: 2 };
    ada.answer_to(&SetRules { rules: rules.clone() }).await;
    assert_eq!(ada.answer_to(&ShowRules {}).await, rules);
    assert_eq!(phone.pull().await.policy, devices);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn nobody_else_sets_them_and_what_cannot_be_is_refused(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (ada, ruth) = (app.worker("ada").await, app.worker("ruth").await);
    let rules = ada.answer_to(&ShowRules {}).await;
    let set = |rules: &Rules| SetRules { rules: rules.clone() };
    assert_eq!(ruth.ask(&ShowRules {}).await.problem().code, ProblemCode::NotAllowed);
    assert_eq!(ruth.ask(&set(&rules)).await.problem().code, ProblemCode::NotAllowed);
    for devices in [
        DevicePolicy { lease_hours: 0, ..rules.devices },
        DevicePolicy { lease_hours: 721, ..rules.devices },
        DevicePolicy { restricted_lease_hours: 73, ..rules.devices },
        DevicePolicy { lock_after_idle_min: 0, ..rules.devices },
    ] {
        assert_eq!(ada.ask(&set(&Rules { devices, ..rules.clone() })).await.problem().code, ProblemCode::Malformed);
    }
    run(&app.pool, "update sessions set proved_at = now() - interval '1 hour'").await;
    assert_eq!(ada.ask(&set(&rules)).await.problem().code, ProblemCode::StepUpNeeded);
    assert_eq!(count(&app.pool, "select count(*) from audit_events where action = 'rules.set' and result = 'applied'").await, 0);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn in_an_emergency_a_case_is_found_by_the_exact_number_only(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (maria, ada) = (app.worker("maria").await, app.worker("ada").await);
    let of_omar = app.world.case_of_omar;
    run(
        &app.pool,
        "update persons p set client_number = case when exists (
            select from cases c join workers w on w.agency_id = c.agency_id and w.worker_id = c.primary_worker_id
            where c.person_id = p.person_id and w.email like 'omar%') then 'HC-1042' end",
    )
    .await;
    let find = |number: &str| FindCase { client_number: number.to_owned() };
    let found = maria.answer_to(&find(" HC-1042 ")).await.cases;
    assert_eq!(found.iter().map(|case| case.case_id).collect::<Vec<_>>(), [of_omar]);
    for number in ["", "HC-104", "hc-1042", "%"] {
        assert!(maria.answer_to(&find(number)).await.cases.is_empty(), "{number}");
    }
    assert_eq!(ada.ask(&find("HC-1042")).await.problem().code, ProblemCode::NotAllowed);
    let reason = "His neighbour smells gas.".to_owned();
    maria.answer_to(&BreakGlass { case_id: of_omar, reason }).await;
    run(&app.pool, "update sessions set proved_at = now() - interval '1 hour'").await;
    assert_eq!(maria.ask(&find("HC-1042")).await.problem().code, ProblemCode::StepUpNeeded);
    assert_eq!(count(&app.pool, "select count(*) from audit_events where action = 'break-glass.find'").await, 6);
    app.stop().await;
}

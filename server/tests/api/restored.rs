//! A database that went back in time says so itself.

use server::db;
use sqlx::{AssertSqlSafe, PgPool, postgres::PgConnectOptions};
use uuid::Uuid;

async fn incarnation(options: &PgConnectOptions) -> Uuid {
    let pool = db::connect_app(options.clone(), 4).await.unwrap();
    let incarnation =
        sqlx::query_scalar("select incarnation_id from incarnations order by since desc limit 1").fetch_one(&pool).await.unwrap();
    pool.close().await;
    incarnation
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_database_that_stays_where_it_is_keeps_its_incarnation(pool: PgPool) {
    let options = (*pool.connect_options()).clone();
    assert_eq!(incarnation(&options).await, incarnation(&options).await);
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_10_a_copy_of_the_database_begins_a_new_incarnation(pool: PgPool) {
    let options = (*pool.connect_options()).clone();
    let before = incarnation(&options).await;
    let name = options.get_database().unwrap().to_owned();
    pool.close().await;

    // A name has at most 63 bytes, and the test's own is nearly as long.
    let copy = format!("copy_{}", Uuid::now_v7());
    let admin = PgPool::connect_with(options.clone().database("postgres")).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("create database \"{copy}\" template \"{name}\""))).execute(&admin).await.unwrap();
    let after = incarnation(&options.clone().database(&copy)).await;
    sqlx::query(AssertSqlSafe(format!("drop database \"{copy}\""))).execute(&admin).await.unwrap();
    assert_ne!(before, after);
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_10_a_database_on_another_timeline_begins_one_new_incarnation_for_all_connections(pool: PgPool) {
    let options = (*pool.connect_options()).clone();
    let before = incarnation(&options).await;
    sqlx::query("update incarnations set timeline_id = timeline_id + 1").execute(&pool).await.unwrap();
    let pools = futures::future::join_all((0..8).map(|_| incarnation(&options))).await;
    assert!(pools.iter().all(|found| *found == pools[0] && *found != before), "{pools:?}");
    let lives: i64 = sqlx::query_scalar("select count(*) from incarnations").fetch_one(&pool).await.unwrap();
    assert_eq!(lives, 2);
}

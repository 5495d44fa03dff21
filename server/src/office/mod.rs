//! What is asked while there is a network, beside sync: `POST /office/v1/<question>`. The shapes are `sync::questions`'.

mod break_glass;
mod devices;
mod exports;
mod notices;
mod passkeys;
mod passwords;
mod reads;
mod reminders;
mod rules;
mod sessions;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::post,
};
use domain::Permission;
use sqlx::PgPool;
use sync::{
    questions::{
        AddPasskey, BeginPasskey, BeginProof, BreakGlass, ChangePassword, EndOtherSessions, EndSession, ExportCases, FindCase, HEADER,
        ListBreakGlass, ListDevices, ListNotices, ListPasskeys, ListSessions, MarkNoticeSeen, Question, ReportLost, ReportReads,
        ReviewBreakGlass, RevokePasskey, SetReminders, SetRules, ShowReminders, ShowRules, SignInWithPasskey, StepUp, StepUpWithPasskey,
    },
    wire::ProblemCode,
};

use crate::{
    audit::{self, Event},
    identity::Identity,
    problem::{Json, Problem},
    state::AppState,
};

/// What the handler of a question gives.
type Answered<Q> = Result<Json<<Q as Question>::Answer>, Problem>;

/// Every question.
pub fn router() -> Router<AppState> {
    Router::new()
        .route(ListSessions::PATH, post(sessions::list))
        .route(EndSession::PATH, post(sessions::end))
        .route(EndOtherSessions::PATH, post(sessions::end_others))
        .route(StepUp::PATH, post(sessions::step_up))
        .route(ChangePassword::PATH, post(passwords::change))
        .route(BeginPasskey::PATH, post(passkeys::begin))
        .route(AddPasskey::PATH, post(passkeys::add))
        .route(ListPasskeys::PATH, post(passkeys::list))
        .route(RevokePasskey::PATH, post(passkeys::revoke))
        .route(BeginProof::PATH, post(passkeys::begin_proof))
        .route(SignInWithPasskey::PATH, post(passkeys::sign_in))
        .route(StepUpWithPasskey::PATH, post(passkeys::step_up))
        .route(BreakGlass::PATH, post(break_glass::open))
        .route(ListBreakGlass::PATH, post(break_glass::list))
        .route(ReviewBreakGlass::PATH, post(break_glass::review))
        .route(ListNotices::PATH, post(notices::list))
        .route(MarkNoticeSeen::PATH, post(notices::mark_seen))
        .route(ListDevices::PATH, post(devices::list))
        .route(ReportLost::PATH, post(devices::report_lost))
        .route(ReportReads::PATH, post(reads::report))
        .route(FindCase::PATH, post(break_glass::find))
        .route(ShowRules::PATH, post(rules::show))
        .route(SetRules::PATH, post(rules::set))
        .route(ShowReminders::PATH, post(reminders::show))
        .route(SetReminders::PATH, post(reminders::set))
        .route(ExportCases::PATH, post(exports::cases))
        .route_layer(from_fn(refuse_forms))
}

/// A form or a link of another site cannot add this header, whatever else it can do.
async fn refuse_forms(request: Request, next: Next) -> Response {
    if request.headers().contains_key(HEADER) { next.run(request).await } else { Problem::new(ProblemCode::CrossSite).into_response() }
}

/// Makes sure that the worker may do it; a try that was not let is in the audit trail as `action`.
async fn require(pool: &PgPool, identity: &Identity, permission: Permission, action: &'static str) -> Result<(), Problem> {
    if identity.may(permission) {
        return Ok(());
    }
    audit::record_alone(pool, identity, Event::denied(action, "not-allowed")).await?;
    Err(Problem::new(ProblemCode::NotAllowed))
}

//! Questions to the office, beside sync: never under the session of somebody else.

use app::desk::AskError;
use sync::wire::ProblemCode;

use crate::{
    core::Core,
    http::{self, Answer},
    sync_loop,
};

/// Asks one question. The answer is JSON as the office gave it.
///
/// # Errors
/// There is no network, or the office said why not.
pub(crate) async fn ask(core: &Core, path: &'static str, question: String) -> Result<String, AskError> {
    if !sync_loop::is_own_session(core).await {
        return Err(AskError::Refused(ProblemCode::SignInNeeded));
    }
    match http::ask_office(core.me().map(|me| me.worker_id), path, question.into_bytes()).await {
        Answer::Ok(answer) => Ok(answer),
        Answer::Refused { problem, .. } => Err(AskError::Refused(problem.code)),
        Answer::Nobody => Err(AskError::NoConnection),
    }
}

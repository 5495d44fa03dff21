//! Questions to the office, beside sync: never under the session of somebody else.

use app::desk::AskError;
use sync::{questions::Question, wire::ProblemCode};

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

/// Asks one of the questions for which nobody has to be signed in.
pub(crate) async fn ask_as_anybody<Q: Question>(question: &Q) -> Answer<Q::Answer> {
    let question = serde_json::to_vec(question).expect("a question is plain data");
    match http::ask_office(None, Q::PATH, question).await {
        // An answer that cannot be read came from somebody in between.
        Answer::Ok(answer) => serde_json::from_slice(answer.as_bytes()).map_or(Answer::Nobody, Answer::Ok),
        Answer::Refused { problem, retry_after_ms } => Answer::Refused { problem, retry_after_ms },
        Answer::Nobody => Answer::Nobody,
    }
}

//! Passkeys on pages: making one, and showing one as a proof. What the browser does with them stands behind the port.

mod add;
mod needed;
mod show;

pub use add::AddPasskeyForm;
pub use needed::{PasskeyNeeded, PasskeyNeededPage};
pub use show::ShowPasskey;

use std::sync::Arc;

use sync::{
    questions::{AddPasskey, BeginProof, Challenge, StepUpWithPasskey},
    wire::ProblemCode,
};

use crate::{
    ask::{ask, ask_error_words},
    desk::{AskError, Desk, PasskeyProblem},
    ui::passkey_words,
};

/// Why nothing came of a passkey: the browser or its owner, or the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Browser(PasskeyProblem),
    Office(AskError),
}

impl From<PasskeyProblem> for Trouble {
    fn from(problem: PasskeyProblem) -> Self {
        Self::Browser(problem)
    }
}

impl From<AskError> for Trouble {
    fn from(error: AskError) -> Self {
        Self::Office(error)
    }
}

impl Trouble {
    fn words(self) -> &'static str {
        match self {
            Self::Browser(problem) => passkey_words(problem),
            // The office says the same of a wrong password.
            Self::Office(AskError::Refused(ProblemCode::WrongPassword)) => passkey_words(PasskeyProblem::NotKnown),
            Self::Office(error) => ask_error_words(error),
        }
    }
}

/// Shows a passkey of whoever is signed in: a fresh proof.
async fn prove(desk: Arc<dyn Desk>) -> Result<(), Trouble> {
    let challenge = ask(&*desk, &BeginProof {}).await?;
    let credential = read(&desk.show_passkey(challenge.options.to_string()).await?)?;
    ask(&*desk, &StepUpWithPasskey { ceremony_id: challenge.ceremony_id, credential }).await?;
    Ok(())
}

/// Makes a passkey from the office's challenge and hands it in.
async fn make(desk: Arc<dyn Desk>, challenge: Challenge, name: String) -> Result<(), Trouble> {
    let credential = read(&desk.make_passkey(challenge.options.to_string()).await?)?;
    ask(&*desk, &AddPasskey { ceremony_id: challenge.ceremony_id, name, credential }).await?;
    Ok(())
}

fn read(credential: &str) -> Result<serde_json::Value, Trouble> {
    serde_json::from_slice(credential.as_bytes()).map_err(|_| Trouble::Browser(PasskeyProblem::NotSupported))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_that_the_office_does_not_know_is_no_wrong_password() {
        let trouble = Trouble::from(AskError::Refused(ProblemCode::WrongPassword));
        assert_eq!(trouble.words(), passkey_words(PasskeyProblem::NotKnown));
        assert_eq!(Trouble::from(AskError::NoConnection).words(), ask_error_words(AskError::NoConnection));
        let problems = [PasskeyProblem::NotSupported, PasskeyProblem::NotGiven, PasskeyProblem::TimedOut, PasskeyProblem::AlreadyHere];
        let words: std::collections::BTreeSet<_> = problems.into_iter().map(|problem| Trouble::from(problem).words()).collect();
        assert_eq!(words.len(), problems.len(), "each says what happened");
    }
}

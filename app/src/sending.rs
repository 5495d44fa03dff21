//! Sending a form: once at a time, and with words where it was not taken. What is typed stays where it is.

use std::{borrow::Cow, sync::Arc};

use domain::Command;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::{Desk, use_desk},
    ui::{FieldError, desk_error_words},
};

/// How far one form is.
#[derive(Clone, Copy)]
pub struct Sending {
    desk: StoredValue<Arc<dyn Desk>>,
    pub errors: RwSignal<Vec<FieldError>>,
    pub busy: RwSignal<bool>,
}

impl Sending {
    pub fn new() -> Self {
        Self { desk: StoredValue::new(use_desk()), errors: RwSignal::new(Vec::new()), busy: RwSignal::new(false) }
    }

    /// Whether the form may go now: nothing is on its way, and nothing is to be mended.
    pub fn may_go(self, flaws: Vec<FieldError>) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        let is_good = flaws.is_empty();
        self.errors.set(flaws);
        is_good
    }

    /// Gives the commands to the desk; `done` runs when they are kept. Where they are not, the words stand at `field`.
    pub fn submit(self, commands: Vec<Command>, field: impl Into<Cow<'static, str>>, done: impl FnOnce() + 'static) {
        let field = field.into();
        self.busy.set(true);
        let reply = self.desk.with_value(|desk| desk.submit(commands));
        spawn_local(async move {
            match reply.await {
                Ok(()) => done(),
                Err(error) => drop(self.errors.try_set(vec![FieldError::new(field, desk_error_words(error))])),
            }
            self.busy.try_set(false);
        });
    }
}

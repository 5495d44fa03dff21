//! The desk in front of the door, while the rest of the program is on its way. It fetches the desk itself, and makes room for it.

use std::{rc::Rc, sync::Arc};

use app::{
    desk::{Desk, DeskError, DeskPlace, DeskState, Reply},
    page_data::SignInProblem,
};
use futures::lock::Mutex;
use leptos::prelude::SetValue;
use send_wrapper::SendWrapper;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use words::Language;

use crate::{inside, language, update};

/// Stands in for the desk.
#[derive(Clone)]
pub(crate) struct Doorman {
    state: DeskState,
    build: String,
    place: DeskPlace,
    /// A browser page has one thread; the wrapper says so to the compiler.
    fetched: SendWrapper<Rc<Fetched>>,
}

type Fetched = Mutex<Option<Arc<dyn Desk>>>;

impl Doorman {
    pub(crate) fn new(state: DeskState, build: String, place: DeskPlace) -> Self {
        Self { state, build, place, fetched: SendWrapper::new(Rc::default()) }
    }

    /// Fetches the desk, and gives it to all pages that are drawn from then on. None where it did not come.
    pub(crate) async fn fetch(&self) -> Option<Arc<dyn Desk>> {
        let mut fetched = self.fetched.lock().await;
        if fetched.is_none() {
            let Ok(desk) = inside::make_desk(self.state, self.build.clone()).await else {
                update::leave_old_build(&self.build).await;
                return None;
            };
            self.place.set_value(Some(Arc::clone(&desk)));
            *fetched = Some(desk);
        }
        fetched.clone()
    }
}

impl Desk for Doorman {
    fn state(&self) -> DeskState {
        self.state
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn speak(&self, language: Language) -> Reply<Result<(), DeskError>> {
        Box::pin(language::speak(self.state, language))
    }

    fn sign_in(&self, email: String, password: String) -> Reply<Result<(), DeskError>> {
        let doorman = self.clone();
        Box::pin(async move {
            match doorman.fetch().await {
                Some(desk) => desk.sign_in(email, password).await,
                None => Err(DeskError::SignIn(SignInProblem::NoConnection)),
            }
        })
    }

    fn sign_in_with_passkey(&self) -> Reply<Result<(), DeskError>> {
        let doorman = self.clone();
        Box::pin(async move {
            match doorman.fetch().await {
                Some(desk) => desk.sign_in_with_passkey().await,
                None => Err(DeskError::SignIn(SignInProblem::NoConnection)),
            }
        })
    }

    fn unlock(&self, passphrase: String) -> Reply<Result<(), DeskError>> {
        let doorman = self.clone();
        Box::pin(async move {
            match doorman.fetch().await {
                Some(desk) => desk.unlock(passphrase).await,
                None => Err(DeskError::NotAvailable),
            }
        })
    }

    fn unlock_by_screen_lock(&self) -> Reply<Result<(), DeskError>> {
        let doorman = self.clone();
        Box::pin(async move {
            match doorman.fetch().await {
                Some(desk) => desk.unlock_by_screen_lock().await,
                None => Err(DeskError::NotAvailable),
            }
        })
    }

    fn write_blind(&self, about: String, narrative: String) -> Reply<Result<(), DeskError>> {
        let doorman = self.clone();
        Box::pin(async move {
            match doorman.fetch().await {
                Some(desk) => desk.write_blind(about, narrative).await,
                None => Err(DeskError::NotAvailable),
            }
        })
    }

    fn choose_worker(&self, place: String) {
        let doorman = self.clone();
        spawn_local(async move {
            if let Some(desk) = doorman.fetch().await {
                desk.choose_worker(place);
            }
        });
    }

    fn welcome_another(&self) {
        let doorman = self.clone();
        spawn_local(async move {
            if let Some(desk) = doorman.fetch().await {
                desk.welcome_another();
            }
        });
    }

    fn use_here(&self) {
        let doorman = self.clone();
        spawn_local(async move {
            if let Some(desk) = doorman.fetch().await {
                desk.use_here();
            }
        });
    }
}

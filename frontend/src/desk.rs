//! A browser's desk: the port that pages use, over [`Core`].

use std::rc::Rc;

use app::desk::{
    AskError, ContentProblem, Desk, DeskError, DeskState, Dictation, Draft, NewDevice, PasskeyProblem, ReminderProblem, Reply, ShownContent,
};
use domain::{AttachmentId, CaseId, Command, NewAttachment};
use leptos::prelude::{GetUntracked, RwSignal};
use send_wrapper::SendWrapper;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use words::{Catalogue, Language};

use crate::{
    app_manners,
    bell::Ring,
    contents,
    core::Core,
    device_kind, dictation,
    door::{self, Way},
    enrol, hand_in, language, locked, office, read_log, reminders, screen_lock, shared, storage, strength, update, webauthn,
};

/// The desk of one page's life.
pub(crate) struct BrowserDesk {
    state: DeskState,
    /// A browser page has one thread; the wrapper says so to the compiler.
    core: SendWrapper<Rc<Core>>,
}

impl BrowserDesk {
    pub(crate) fn new(core: Rc<Core>) -> Self {
        Self { state: core.state, core: SendWrapper::new(core) }
    }

    /// Starts work and gives a reply that comes when it is done, whether or not somebody waits for it.
    fn reply<T: 'static, F: Future<Output = T> + 'static>(&self, work: impl FnOnce(Rc<Core>) -> F) -> Reply<T> {
        let (done, answer) = futures::channel::oneshot::channel();
        let work = work(Rc::clone(&self.core));
        spawn_local(async move {
            // Nobody waits any more where the page went on.
            let _ = done.send(work.await);
        });
        Box::pin(async move { answer.await.expect("the work goes on until it is done") })
    }
}

/// The name under which a draft is kept.
fn draft_name(form: &str, about: Uuid) -> String {
    format!("{form}/{about}")
}

impl Desk for BrowserDesk {
    fn state(&self) -> DeskState {
        self.state
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn open(&self, case_id: CaseId) {
        self.core.wanted.set(Some(case_id));
        spawn_local(read_log::note(Rc::clone(&self.core), case_id));
        if !self.state.complete.get_untracked() {
            self.core.bell.ring(Ring::Hint);
        }
    }

    fn install(&self) {
        app_manners::install();
    }

    fn save_file(&self, name: &'static str, media_type: &'static str, content: String) {
        app_manners::save_file(name, media_type, &content);
    }

    fn look_at_reminders(&self) {
        let core = Rc::clone(&self.core);
        spawn_local(async move { reminders::look(&core).await });
    }

    fn remind(&self, on: bool) -> Reply<Result<(), ReminderProblem>> {
        let permission = if on { reminders::ask_permission() } else { None };
        self.reply(move |core| async move {
            match on {
                true => reminders::turn_on(&core, permission).await,
                false => reminders::turn_off(&core).await,
            }
        })
    }

    fn decline_reminders(&self) {
        reminders::decline(&self.core);
    }

    fn mark_icon(&self, count: usize) {
        app_manners::mark_icon(count);
    }

    fn stay_awake(&self, awake: bool) {
        app_manners::stay_awake(awake);
    }

    fn dictation(&self) -> Reply<Dictation> {
        Box::pin(dictation::look())
    }

    fn dictate(&self, kind: Dictation, text: RwSignal<String>) {
        dictation::start(self.state, kind, text);
    }

    fn stop_dictating(&self) {
        dictation::stop();
    }

    fn words_of(&self, language: Language) -> Reply<Option<&'static Catalogue>> {
        Box::pin(language::words_of(language))
    }

    fn speak(&self, language: Language) -> Reply<Result<(), DeskError>> {
        Box::pin(language::speak(self.state, language))
    }

    fn submit(&self, commands: Vec<Command>) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move { core.submit(commands).await })
    }

    fn attach(&self, file: web_sys::File) -> Reply<Result<NewAttachment, ContentProblem>> {
        self.reply(|core| async move { contents::attach(&core, file).await })
    }

    fn take_shared(&self) -> Vec<web_sys::File> {
        shared::take(self.state)
    }

    fn remove_content(&self, attachment_id: AttachmentId) -> Reply<Result<(), DeskError>> {
        self.reply(move |core| async move { contents::remove(&core, attachment_id).await })
    }

    fn send_again(&self, attachment_id: AttachmentId) -> Reply<Result<(), DeskError>> {
        self.reply(move |core| async move { contents::send_again(&core, attachment_id).await })
    }

    fn show_content(&self, attachment_id: AttachmentId) -> Reply<Result<ShownContent, ContentProblem>> {
        self.reply(move |core| async move { contents::show(&core, attachment_id).await })
    }

    fn close_content(&self, url: String) {
        contents::close(&url);
    }

    fn load_draft(&self, form: &'static str, about: Uuid) -> Reply<Option<Draft>> {
        self.reply(move |core| async move { core.keeper().load_draft(&draft_name(form, about)).await })
    }

    fn save_draft(&self, form: &'static str, about: Uuid, draft: Draft) -> Reply<Result<(), DeskError>> {
        self.reply(move |core| async move {
            if !core.is_writer.get() {
                return Err(DeskError::NotTheWriter);
            }
            let _saving = core.drafts.lock().await;
            let kept = core.keeper().save_draft(draft_name(form, about), draft).await;
            core.note_kept(kept)
        })
    }

    fn discard_draft(&self, form: &'static str, about: Uuid) -> Reply<()> {
        self.reply(move |core| async move { core.keeper().discard_draft(&draft_name(form, about)).await })
    }

    fn sign_in(&self, email: String, password: String) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move { door::sign_in(&core, email, password).await })
    }

    fn sign_in_with_passkey(&self) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move { door::sign_in_with_passkey(&core).await })
    }

    fn make_passkey(&self, options: String) -> Reply<Result<String, PasskeyProblem>> {
        self.reply(|_| async move { webauthn::create_for_office(&options).await.map_err(door::passkey_problem) })
    }

    fn show_passkey(&self, options: String) -> Reply<Result<String, PasskeyProblem>> {
        self.reply(|_| async move { webauthn::get_for_office(&options).await.map_err(door::passkey_problem) })
    }

    fn sign_out(&self) -> Reply<()> {
        self.reply(|core| async move { door::sign_out(&core).await })
    }

    fn device_kind(&self) -> &'static str {
        device_kind::guess()
    }

    fn enrol(&self, device: NewDevice) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move { enrol::enrol(&core, device).await })
    }

    fn choose_worker(&self, place: String) {
        door::choose_worker(&self.core, &place);
    }

    fn welcome_another(&self) {
        door::welcome_another(&self.core);
    }

    fn unlock(&self, passphrase: String) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move { door::unlock(&core, Way::Passphrase(passphrase)).await })
    }

    fn unlock_by_screen_lock(&self) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move { door::unlock(&core, Way::ScreenLock).await })
    }

    fn add_screen_lock(&self, passphrase: Option<String>) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move { screen_lock::add(&core, passphrase).await })
    }

    fn remove_screen_lock(&self) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move { screen_lock::remove(&core).await })
    }

    fn make_passphrase(&self) -> Reply<Option<String>> {
        self.reply(|_| async move { strength::make().await })
    }

    fn write_blind(&self, about: String, narrative: String) -> Reply<Result<(), DeskError>> {
        self.reply(|core| async move {
            hand_in::write_blind(&core, about, narrative).await?;
            locked::show_lock(&core).await;
            // Handed in at once where there is a connection.
            core.carrier.ring(Ring::Now);
            Ok(())
        })
    }

    fn lock(&self) {
        door::lock(&self.core);
    }

    fn use_here(&self) {
        let core = Rc::clone(&self.core);
        spawn_local(async move { door::use_here(&core).await });
    }

    fn sync_now(&self) {
        self.core.bell.ring(Ring::Now);
    }

    fn ask(&self, path: &'static str, question: String) -> Reply<Result<String, AskError>> {
        self.reply(move |core| async move { office::ask(&core, path, question).await })
    }

    fn ask_to_persist(&self) -> Reply<bool> {
        self.reply(|core| async move {
            let persisted = storage::ask_to_persist().await;
            storage::refresh(&core.state).await;
            persisted
        })
    }

    fn update_now(&self) {
        let core = Rc::clone(&self.core);
        spawn_local(async move { update::update_now(core).await });
    }
}

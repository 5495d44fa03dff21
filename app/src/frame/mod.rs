//! What is around every page behind the door: name, places to go, how far syncing is, and the page in its panes.

mod lease;
mod lock_now;
mod notices;
mod shortcuts;
mod sync_indicator;
mod unseen;

pub use sync_indicator::unsent;

use domain::Permission;
use leptos::prelude::*;
use web_sys::{FocusOptions, HtmlElement, wasm_bindgen::JsCast};

use self::{
    lease::{LeaseEndedPage, has_ended},
    lock_now::LockNow,
    notices::Notices,
    shortcuts::Shortcuts,
    sync_indicator::SyncIndicator,
    unseen::count_unseen_notices,
};
use crate::{
    account::MorePage,
    caseload::CaseloadPane,
    client::{BeforeVisitPage, ClientPage},
    desk::{Keeping, SyncState, use_desk},
    device::DevicePage,
    not_found::NotFound,
    note::WriteNotePage,
    page_memory::PageMemory,
    paths,
    place::Place,
    rare,
    reviews::waiting,
    today::TodayPage,
    ui::{Icon, ToastPlace, with_hidden},
};

/// The width from which list and client stand side by side; style/components/frame.css has the same.
const TWO_PANES: &str = "(min-width: 56.25rem)";

/// Everything behind the door.
#[component]
pub fn Frame(
    /// The page to show.
    place: Memo<Place>,
) -> impl IntoView {
    let memory = PageMemory::provide();
    Effect::new(move |_| {
        let query = window().match_media(TWO_PANES).ok().flatten();
        memory.wide.set(query.is_some_and(|query| query.matches()));
        let follow = window_event_listener(leptos::ev::resize, move |_| {
            let wide = window().match_media(TWO_PANES).ok().flatten().is_some_and(|query| query.matches());
            if memory.wide.get_untracked() != wide {
                memory.wide.set(wide);
            }
        });
        on_cleanup(move || follow.remove());
    });
    // On a phone the list is shown where it is the page, and nowhere else. Once drawn it stays, so that coming back to it is instant and
    // finds it as it was left.
    let state = use_desk().state();
    let is_closed = Memo::new(move |_| has_ended(state));
    let list_shown = Memo::new(move |_| match place.get() {
        _ if is_closed.get() => false,
        Place::Caseload => true,
        // The table needs the whole width.
        Place::CaseTable => false,
        place => place.is_in_caseload() && memory.wide.get(),
    });
    count_unseen_notices();
    look_at_reminders();
    mark_icon();
    Effect::new(move |_| {
        place.track();
        memory.toast.set(None);
    });
    let list_drawn = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or(false) || list_shown.get());
    let class = move || match place.get() {
        _ if is_closed.get() => "panes",
        Place::Caseload => "panes panes--list",
        Place::CaseTable => "panes",
        place if place.is_in_caseload() => "panes panes--detail",
        _ => "panes",
    };
    view! {
        <div class="frame">
            <a class="skip-link" href="#content" rel="external">{words::frame::skip_to_content()}</a>
            <header class="top">
                <a class="top__name" href=paths::TODAY>{words::frame::doorstep()}</a>
                <SyncIndicator />
                <LockNow />
            </header>
            {navigation(place)}
            <div class="frame__body">
                <Notices />
                <main class=class id="content" tabindex="-1">
                    {move || (list_drawn.get() && !is_closed.get()).then(|| view! { <CaseloadPane place=place shown=list_shown /> }.into_any())}
                    <div class="pane">{turning(place, is_closed, memory)}</div>
                </main>
            </div>
            {announcer(place)}
            <ToastPlace toast=memory.toast />
            <Shortcuts place=place />
        </div>
    }
    .into_any()
}

/// Looks, once the server answers, whether this device is reminded while the app is closed.
fn look_at_reminders() {
    let desk = use_desk();
    let state = desk.state();
    let is_known = StoredValue::new(false);
    Effect::new(move |_| {
        let answers = matches!(state.sync.get(), SyncState::UpToDate { .. }) && state.keeping.get() == Keeping::Device;
        if answers && !is_known.get_value() {
            is_known.set_value(true);
            desk.look_at_reminders();
        }
    });
}

/// The number on the app's icon: what is not sent yet, and what is late.
fn mark_icon() {
    let desk = use_desk();
    let state = desk.state();
    let late = Memo::new(move |_| {
        let yesterday = state.now.get().date().plus_days(-1);
        let due = |worker_id| state.caseload.with(|caseload| caseload.due(worker_id, yesterday).len());
        state.me().map_or(0, |me| due(me.worker_id))
    });
    Effect::new(move |_| desk.mark_icon(unsent(state) + late.get()));
}

/// Says which page one has come to. A browser says it of a page that it loads; of one that the app draws nobody else does.
fn announcer(place: Memo<Place>) -> AnyView {
    let said = RwSignal::new("");
    Effect::new(move |_| {
        let place = place.get();
        let is_alive = document().document_element().is_some_and(|html| html.has_attribute("data-ready"));
        // Whoever has just signed in is on the way to another page.
        if is_alive && place != Place::SignIn {
            said.set(place.title());
        }
    });
    view! { <p class="visually-hidden" role="status">{move || said.get()}</p> }.into_any()
}

/// The page of a place. After a link the focus begins at the new page, as it does after loading one; it is moved before the old page goes,
/// because to take an element with the focus away, or to focus one in a page that was never laid out, costs a phone a layout more.
fn turning(place: Memo<Place>, is_closed: Memo<bool>, memory: PageMemory) -> impl Fn() -> AnyView + Send + 'static {
    let trail = StoredValue::new([None, None]);
    move || {
        let here = place.get();
        let [before_that, before] = trail.get_value();
        if before != Some(here) {
            trail.set_value([before, Some(here)]);
            memory.turned_on.set_value(before.is_some() && before_that != Some(here));
            if before.is_some() {
                focus_content();
            }
        }
        if is_closed.get() && here.shows_clients() {
            return view! { <LeaseEndedPage /> }.into_any();
        }
        page(here)
    }
}

fn focus_content() {
    let content = document().get_element_by_id("content").and_then(|content| content.dyn_into::<HtmlElement>().ok());
    if let Some(content) = content {
        let quietly = FocusOptions::new();
        quietly.set_prevent_scroll(true);
        // A page without the focus is still a page.
        let _ = content.focus_with_options(&quietly);
    }
}

fn page(place: Place) -> AnyView {
    match place {
        place if place.is_rare() => rare::page(place),
        Place::Today | Place::SignIn => view! { <TodayPage /> }.into_any(),
        Place::Caseload => view! { <p class="pane__hint">{words::frame::choose_a_client()}</p> }.into_any(),
        Place::Client(case_id) => view! { <ClientPage case_id=case_id /> }.into_any(),
        Place::BeforeVisit(case_id) => view! { <BeforeVisitPage case_id=case_id /> }.into_any(),
        Place::WriteNote(case_id) => view! { <WriteNotePage case_id=case_id /> }.into_any(),
        Place::More => view! { <MorePage /> }.into_any(),
        Place::Device => view! { <DevicePage /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    }
}

fn navigation(place: Memo<Place>) -> AnyView {
    let state = use_desk().state();
    let decides = Memo::new(move |_| state.may(Permission::DecideReviews));
    let waiting = Memo::new(move |_| waiting(state));
    let is_device = |place: Place| matches!(place, Place::Device | Place::SetUpDevice);
    let is_reviews = |place: Place| matches!(place, Place::Reviews | Place::Review(_));
    let reviews = move || {
        decides.get().then(|| {
            let count = move || count_view(waiting.get(), words::frame::count_waiting);
            view! {
                <a class="places__link" href=paths::REVIEWS aria-current=move || is_reviews(place.get()).then_some("page")>
                    {Icon::Review.view()}
                    <span>{words::frame::reviews()} {count}</span>
                </a>
            }
            .into_any()
        })
    };
    let more = view! {
        <a class="places__link" href=paths::MORE aria-current=move || place.get().is_in_more().then_some("page")>
            {Icon::More.view()}
            <span>{words::frame::more()} {move || count_view(state.unseen_notices.get(), words::frame::count_new_notices)}</span>
        </a>
    }
    .into_any();
    view! {
        <nav class="places" aria-label=words::frame::main()>
            {place_link(paths::TODAY, words::frame::today(), Icon::Today, move || matches!(place.get(), Place::Today | Place::SignIn))}
            {place_link(paths::CASELOAD, words::frame::caseload(), Icon::Caseload, move || place.get().is_in_caseload())}
            {reviews}
            {place_link(paths::DEVICE, words::frame::on_this_device(), Icon::Device, move || is_device(place.get()))}
            {more}
        </nav>
    }
    .into_any()
}

/// How many things are to be looked at, beside the name of a place; nothing where there are none.
fn count_view(count: usize, words: fn(usize) -> String) -> Option<AnyView> {
    (count > 0).then(|| view! { <span class="places__count">" " {with_hidden(&words(count))}</span> }.into_any())
}

fn place_link(href: &'static str, words: &'static str, icon: Icon, is_here: impl Fn() -> bool + Send + Sync + 'static) -> AnyView {
    view! {
        <a class="places__link" href=href aria-current=move || is_here().then_some("page")>
            {icon.view()}
            <span>{words}</span>
        </a>
    }
    .into_any()
}

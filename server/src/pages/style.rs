//! The living style page: every component with its states, in the colours and the language of whoever looks at it. In the demo only.
//!
//! It is drawn here and never comes alive, so no browser fetches a program for it.

use std::sync::Arc;

use app::{
    desk::{ContentPlace, DeskState, PackState, provide_desk},
    page_data::PageData,
    ui::{
        Banner, BannerTone, Cell, Checkbox, ChoiceLayout, Column, DataTable, DateField, ErrorSummary, FieldError, Icon, Progress, Radios,
        Select, Sheet, SignaturePad, Spoken, Step, SureButton, Tabs, TextArea, TextField, TextKind, Toast, ToastPlace, Tone, choices_of,
        content_words, empty_state, error_of, pack_light, risk_tag, step_list, tag,
    },
};
use axum::response::{Html, IntoResponse, Response};
use domain::{CaseId, ContactMode, Reached, RiskLevel, Term};
use leptos::prelude::*;
use uuid::Uuid;
use words::Catalogue;

use super::desk::ServerDesk;
use crate::state::AppState;

/// The page.
pub(super) fn draw(state: &AppState, page: &PageData) -> Response {
    let stylesheet = state.site.assets.stylesheet.clone();
    let owner = Owner::new_root(None);
    let html = owner.with(|| words::with(Catalogue::built_in(page.language), || document(stylesheet, page).to_html()));
    owner.cleanup();
    Html(html).into_response()
}

fn document(stylesheet: String, page: &PageData) -> impl IntoView + use<> {
    let desk = DeskState::of_page(page, Vec::new());
    provide_desk(|_| Arc::new(ServerDesk(desk)));
    let language = words::current();
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() dir=language.direction().code()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="robots" content="noindex" />
                <title>"Style – Doorstep"</title>
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/icons/icon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=stylesheet />
            </head>
            <body>
                <main class="page style" id="content">
                    <h1>"Style"</h1>
                    <p>"Every component with its states. What it says comes from the same files as everything else that Doorstep says."</p>
                    {colours()}
                    {buttons()}
                    {fields()}
                    {choices()}
                    {messages()}
                    {marks(desk)}
                    {progress()}
                    {family("A person, how to reach them, their notes", app::showcase::client(desk))}
                    {table()}
                    {layers()}
                </main>
            </body>
        </html>
    }
}

/// One family of components.
fn family(name: &'static str, examples: impl IntoView + 'static) -> AnyView {
    view! {
        <section class="style__family" aria-label=name>
            <h2>{name}</h2>
            <div class="stack">{examples}</div>
        </section>
    }
    .into_any()
}

fn colours() -> AnyView {
    const TOKENS: [&str; 14] = [
        "paper",
        "surface",
        "ink",
        "ink-quiet",
        "line",
        "line-strong",
        "primary",
        "primary-soft",
        "good",
        "good-soft",
        "due",
        "due-soft",
        "late",
        "late-soft",
    ];
    let swatch = |token: &'static str| {
        view! { <li class="style__swatch"><span class=["style__colour style__colour--", token].concat()></span> <code>{token}</code></li> }
            .into_any()
    };
    family("Colours", view! { <ul class="style__swatches">{TOKENS.map(swatch).collect_view()}</ul> })
}

fn buttons() -> AnyView {
    family(
        "Buttons",
        view! {
            <p class="style__row">
                <button class="button button--primary" type="button">{Icon::Check.view()} {words::note::sign_note()}</button>
                <button class="button" type="button">{words::client::edit_client()}</button>
                <button class="button button--small" type="button">{Icon::Pen.view()} {words::client::write_note()}</button>
                <button class="button button--quiet" type="button">{words::draft::discard_draft()}</button>
                <button class="button button--primary" type="button" aria-disabled="true">{words::frame::sign_in()}</button>
            </p>
            <SureButton
                action=words::account::report_as_lost()
                yes=words::account::yes_it_is_lost()
                warning=words::account::its_sessions_end_now()
                about="Maria's phone".to_owned()
                on_yes=Callback::new(|()| ())
            />
        },
    )
}

fn text(value: &str) -> RwSignal<String> {
    RwSignal::new(value.to_owned())
}

fn fields() -> AnyView {
    let errors = RwSignal::new(vec![FieldError::new("style-narrative", words::note::enter_what_happened())]);
    let none = Signal::stored(None::<String>);
    let options = choices_of::<Reached>();
    family(
        "Fields",
        view! {
            <ErrorSummary errors=errors />
            <TextField id="style-name" label=words::client::legal_name() optional=true value=text("Dolores Álvarez") error=none />
            <TextField id="style-number" label=words::note::minutes() kind=TextKind::Number short=true value=text("30") error=none />
            <TextField id="style-phone" label=words::edit::phone_number() kind=TextKind::Phone value=text("(555) 010-4477") error=none />
            <TextField id="style-password" label=words::door::password() kind=TextKind::Password value=text("") error=none />
            <DateField id="style-date" label=words::note::date() hint=words::note::like_11_30_2026() value=text("2026-11-27") error=none />
            <DateField id="style-partial" label=words::client::age() value=text("1951") error=none />
            <TextArea id="style-narrative" label=words::note::narrative() short=true value=text("") error=error_of(errors.into(), "style-narrative") />
            <Select id="style-select".to_owned() label=words::note::who_was_reached() options=options value=text("client") on_choice=Callback::new(|_| ()) />
            <SignaturePad id="style-signature" label="Signature" value=text("M60 120L90 60L120 130L150 70L200 120L260 80L330 118L420 90") />
        },
    )
}

fn choices() -> AnyView {
    let none = Signal::stored(None::<String>);
    family(
        "Choices",
        view! {
            <Radios
                name="style-mode"
                legend=words::note::how_were_you_in_contact()
                options={choices_of::<ContactMode>()}
                layout=ChoiceLayout::Chips
                value=text("home")
                error=none
            />
            <Radios
                name="style-reached"
                legend=words::note::who_was_reached()
                options={choices_of::<Reached>()}
                value=text("")
                error=Signal::stored(Some(words::note::choose_who_was_reached().to_owned()))
            />
            <Checkbox
                id="style-check".to_owned()
                label=words::account::devices_may_keep_clients_data()
                remark=words::account::switched_off_no_device().to_owned()
                checked=true
                on_change=Callback::new(|_| ())
            />
        },
    )
}

fn messages() -> AnyView {
    family(
        "Messages",
        view! {
            <Banner tone=BannerTone::Calm heading=words::frame::a_newer_doorstep_is_ready()><p>{words::frame::everything_you_write_is_kept()}</p></Banner>
            <Banner tone=BannerTone::Good heading=words::note::note_signed()><p>{words::common::saved_on_this_phone()}</p></Banner>
            <Banner tone=BannerTone::Warning heading=words::device::the_browser_did_not_promise()><p>{words::device::when_the_device_runs_out()}</p></Banner>
            <section class="banner banner--alert" aria-label=words::client::alerts()>
                <ul class="alerts"><li class="alert">{Icon::Alert.view()} "Dog in the yard. Ring first and wait at the gate."</li></ul>
            </section>
            {empty_state(words::client::no_notes_yet_the_first())}
            {empty_state(words::account::asking_the_office())}
        },
    )
}

fn marks(desk: DeskState) -> AnyView {
    let ids = [PackState::Ready, PackState::Fetching, PackState::NotKept].map(|pack| (CaseId(Uuid::now_v7()), pack));
    desk.packs.set(ids.into_iter().collect());
    family(
        "Tags and lights",
        view! {
            <p class="style__row">
                {RiskLevel::ALL.iter().map(|level| risk_tag(*level)).collect_view()}
                {tag(Tone::Good, words::account::justified())}
                {tag(Tone::Quiet, words::common::safe())}
            </p>
            {ids.map(|(case_id, _)| pack_light(case_id, desk)).collect_view()}
        },
    )
}

fn progress() -> AnyView {
    let sending = content_words(&ContentPlace::Sending { sent: 2, of: 5 });
    family(
        "Progress and steps",
        view! {
            <Progress words=Signal::stored(sending) done=Signal::stored(2.0) of=Signal::stored(Some(5.0)) />
            <Progress words=Signal::stored(words::account::asking_the_office().to_owned()) done=Signal::stored(0.0) of=Signal::stored(None) />
            {step_list(vec![
                (Step::Done, words::device::tap_the_share_button()),
                (Step::Now, words::device::choose_add_to_home_screen()),
                (Step::Later, words::device::open_doorstep_from_the_home()),
            ])}
        },
    )
}

fn table() -> AnyView {
    let column = |name, words, at_first| Column { name, words, at_first };
    let columns = vec![
        column("name", words::caseload::name(), true),
        column("risk", words::caseload::risk(), true),
        column("state", words::table::state(), false),
    ];
    let row = |name: &str, level: RiskLevel| vec![Cell::text(name), Cell::number(level.words(), level as i64), Cell::text("")];
    let rows = Arc::new(vec![row("Dolores Álvarez", RiskLevel::High), row("Hương Võ", RiskLevel::Low)]);
    family(
        "Table",
        view! { <DataTable caption=words::table::all_cases() columns=columns rows=Memo::new(move |_| Arc::clone(&rows)) foot=|_| ().into_any() /> },
    )
}

fn layers() -> AnyView {
    let toast = RwSignal::new(Some(Toast { words: words::draft::draft_discarded().to_owned(), undo: Some(Arc::new(|| ())) }));
    let tabs = vec![("plan", words::client::goals()), ("notes", words::client::notes())];
    family(
        "Tabs, sheets and toasts",
        view! {
            <Tabs label="A client" tabs=tabs chosen=RwSignal::new("plan") panel=|name| view! { <p>{name}</p> }.into_any() />
            <Sheet id="style-sheet" title=words::frame::keyboard_shortcuts() open=RwSignal::new(false)>
                <p>{words::frame::today()}</p>
            </Sheet>
            <div class="style__toast"><ToastPlace toast=toast /></div>
        },
    )
}

//! Keyboard shortcuts for tablets with a keyboard and desks. With Alt, so that no letter that is typed ever does something (WCAG 2.2, 2.1.4).

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    page_memory::use_page_memory,
    paths,
    place::Place,
    ui::{Sheet, focus_field},
};

/// What a shortcut does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shortcut {
    Today,
    Caseload,
    Search,
    WriteNote,
    Device,
    Help,
}

impl Shortcut {
    const ALL: [Self; 6] = [Self::Today, Self::Caseload, Self::Search, Self::WriteNote, Self::Device, Self::Help];

    /// The key by its place on the keyboard, as [UI Events](https://www.w3.org/TR/uievents-code/) names it: with Alt a Mac types other letters.
    fn code(self) -> &'static str {
        match self {
            Self::Today => "KeyT",
            Self::Caseload => "KeyL",
            Self::Search => "KeyS",
            Self::WriteNote => "KeyN",
            Self::Device => "KeyP",
            Self::Help => "KeyH",
        }
    }

    fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shortcut| shortcut.code() == code)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Today => words::frame::today(),
            Self::Caseload => words::frame::caseload(),
            Self::Search => words::caseload::search_clients_and_notes(),
            Self::WriteNote => words::frame::write_note_for_this_client(),
            Self::Device => words::frame::on_this_device(),
            Self::Help => words::frame::keyboard_shortcuts(),
        }
    }
}

/// Listens for shortcuts, and shows the sheet with all of them.
#[component]
pub fn Shortcuts(
    /// Where the worker is.
    place: Memo<Place>,
) -> impl IntoView {
    let help = use_page_memory().shortcuts_shown;
    let go = StoredValue::new(use_navigate());
    Effect::new(move |_| {
        let listening = window_event_listener(ev::keydown, move |event| {
            if !event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
                return;
            }
            let Some(shortcut) = Shortcut::of_code(&event.code()) else { return };
            let to = match shortcut {
                Shortcut::Today => Some(paths::TODAY.to_owned()),
                Shortcut::Caseload | Shortcut::Search => Some(paths::CASELOAD.to_owned()),
                Shortcut::Device => Some(paths::DEVICE.to_owned()),
                Shortcut::WriteNote => match place.get_untracked().case_id() {
                    Some(case_id) => Some(paths::write_note(case_id)),
                    // Nobody is chosen for whom a note could be written.
                    None => return,
                },
                Shortcut::Help => None,
            };
            event.prevent_default();
            match to {
                None => help.update(|shown| *shown = !*shown),
                Some(path) => go.with_value(|go| go(&path, NavigateOptions::default())),
            }
            if shortcut == Shortcut::Search {
                // The list is drawn with the page.
                let _ = request_animation_frame(|| {
                    focus_field("search");
                });
            }
        });
        on_cleanup(move || listening.remove());
    });
    view! {
        <Sheet id="shortcuts-title" title=words::frame::keyboard_shortcuts() open=help>
            <dl class="shortcuts">{Shortcut::ALL.into_iter().map(line).collect_view()}</dl>
        </Sheet>
    }
    .into_any()
}

fn line(shortcut: Shortcut) -> AnyView {
    view! {
        <div class="shortcuts__line">
            <dt>{shortcut.words()}</dt>
            <dd><kbd dir="ltr">"Alt + " {shortcut.code().trim_start_matches("Key")}</kbd></dd>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shortcut_has_a_key_of_its_own() {
        for shortcut in Shortcut::ALL {
            assert_eq!(Shortcut::of_code(shortcut.code()), Some(shortcut));
        }
        assert_eq!(Shortcut::of_code("KeyQ"), None);
    }
}

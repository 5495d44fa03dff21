//! The few pictures of the app, drawn inline. They never stand alone: a word is always beside them.

use leptos::prelude::*;

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Today,
    Caseload,
    Device,
    Review,
    More,
    Alert,
    Pen,
    Check,
    Phone,
    Home,
    Back,
    Lock,
}

impl Icon {
    fn paths(self) -> &'static str {
        match self {
            Self::Today => r#"<rect x="3.5" y="5" width="17" height="15.5" rx="3"/><path d="M3.5 10h17M8 2.8v4M16 2.8v4"/>"#,
            Self::Caseload => {
                r#"<circle cx="9" cy="8" r="3.6"/><path d="M2.8 20c.5-4 3-6 6.2-6s5.7 2 6.2 6M15.5 4.7a3.6 3.6 0 0 1 0 6.6M17.5 14.3c2.2.7 3.4 2.7 3.7 5.7"/>"#
            }
            Self::Device => r#"<rect x="6.5" y="2.5" width="11" height="19" rx="2.6"/><path d="M10.5 18.5h3"/>"#,
            Self::Review => r#"<path d="M12 4v16M7 20h10M5 7h14M5 7l-2.5 6.5h5zM19 7l-2.5 6.5h5z"/>"#,
            Self::More => r#"<path d="M4 7h16M4 12h16M4 17h16"/>"#,
            Self::Alert => r#"<path d="M12 3.5 21.5 20h-19z"/><path d="M12 10v4.5M12 17.3v.2"/>"#,
            Self::Pen => r#"<path d="m4 20 1-4.5L16 4.5l3.5 3.5-11 11zM13.5 7l3.5 3.5"/>"#,
            Self::Check => r#"<path d="m4.5 12.5 5 5 10-11"/>"#,
            Self::Phone => {
                r#"<path d="M6 3.5h3l1.5 4.5-2 1.5c1 2.5 3 4.5 5.5 5.5l1.5-2 4.5 1.5v3c0 1.5-1 2.5-2.5 2.5C10.5 20 4 13.5 3.5 6 3.5 4.5 4.5 3.5 6 3.5z"/>"#
            }
            Self::Home => r#"<path d="M3.5 11.5 12 4l8.5 7.5M6 10v10h12V10M10 20v-5.5h4V20"/>"#,
            Self::Back => r#"<path d="M14.5 5 8 12l6.5 7"/>"#,
            Self::Lock => r#"<rect x="5" y="10.5" width="14" height="10" rx="2.5"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>"#,
        }
    }

    /// The picture, hidden from those who listen.
    pub fn view(self) -> AnyView {
        let class = if self == Self::Back { "icon icon--directed" } else { "icon" };
        view! { <svg class=class viewBox="0 0 24 24" aria-hidden="true" focusable="false" inner_html=self.paths()></svg> }.into_any()
    }
}

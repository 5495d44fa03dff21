//! The pieces that pages are made of, and the words they share.

mod banner;
mod choices;
mod content;
mod data_table;
mod date_field;
mod desk_errors;
mod error_summary;
mod field;
mod gradual;
mod hidden;
mod icon;
mod language_chooser;
mod languages;
pub mod moments;
mod pack_light;
mod progress;
mod reach;
mod sheet;
mod signature;
mod steps;
mod sure_button;
mod tabs;
mod tag;
mod toast;
mod vocabulary;
mod whereabouts;

pub use banner::{Banner, BannerTone, empty_state};
pub use choices::{Checkbox, ChoiceLayout, Radios};
pub use content::{
    LookAtContent, class_of as content_class, content_kind, content_place, content_problem_words, content_reason_words, content_words,
};
pub use data_table::{Cell, CellOrder, Column, DataTable, TableShown};
pub use date_field::DateField;
pub use desk_errors::{desk_error_words, passkey_words, rejection_words};
pub use error_summary::{ErrorSummary, FieldError, error_of, focus_field};
pub use field::{Select, TextArea, TextField, TextKind};
pub use gradual::{Gradual, a_breath_later, gradually};
pub use hidden::{pause, with_hidden};
pub use icon::Icon;
pub use language_chooser::LanguageChooser;
pub use languages::{language_name, language_options};
pub use pack_light::pack_light;
pub use progress::Progress;
pub use reach::{address_view, phone_view, reach_card};
pub use sheet::Sheet;
pub use signature::SignaturePad;
pub use steps::{Step, step_list};
pub use sure_button::SureButton;
pub use tabs::Tabs;
pub use tag::{Tone, risk_tag, tag};
pub use toast::{Toast, ToastPlace};
pub use vocabulary::{Spoken, choices_of};
pub use whereabouts::{RecordWhereabouts, whereabouts_line};

//! The whole HTML document around the app, and the same document without data from which an enrolled device starts.

use domain::Record;
use leptos::{html, prelude::*};
use leptos_meta::MetaTags;
use words::Language;

use crate::{App, page_data::PageData};

/// Id of the element that carries [`PageData`].
pub const PAGE_DATA_ID: &str = "page-data";

/// Id of the element that carries the page's records, as a list.
pub const PAGE_RECORDS_ID: &str = "page-records";

/// Addresses of the files that one build is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    pub stylesheet: String,
    /// The module that starts the app.
    pub boot: String,
    /// The JavaScript that loads the WASM.
    pub script: String,
    pub wasm: String,
    /// The JavaScript that loads the other parts.
    pub parts: String,
    /// The part that is behind the door, and what it shares with other parts.
    pub inside: Vec<String>,
    /// The worker that derives keys.
    pub kdf: String,
    /// The worker that rates passphrases; loaded by the page that sets a device up.
    pub strength: String,
    /// The words of each language.
    pub words: [(Language, String); 3],
    /// Identity of the build.
    pub build: String,
}

impl Assets {
    /// The addresses of the words, as `data-words` has them: one after the other, in the order of [`Language::ALL`].
    fn words_in_order(&self) -> String {
        Language::ALL.map(|language| self.words_of(language)).join(" ")
    }

    fn words_of(&self, language: Language) -> &str {
        self.words.iter().find(|(known, _)| *known == language).map_or("", |(_, url)| url)
    }
}

/// A page with data, in the language that is spoken. The body begins with the app itself, for that is where hydration looks for it.
pub fn page(page: &PageData, records: &[Record], assets: &Assets) -> impl IntoView + use<> {
    let block =
        |id: &'static str, json: String| view! { <script type="application/json" id=id inner_html=escaped(&json)></script> }.into_any();
    let language = words::current();
    let data = block(PAGE_DATA_ID, serde_json::to_string(page).unwrap_or_default());
    // Who is signed in needs the rest of the program before the page is alive.
    let inside = page.me.is_some().then(|| {
        let records = block(PAGE_RECORDS_ID, serde_json::to_string(records).unwrap_or_default());
        (records, assets.inside.iter().map(|part| preload(part, WASM)).collect_view()).into_any()
    });
    view! {
        <!DOCTYPE html>
        <html
            lang=language.tag()
            dir=language.direction().code()
            data-build=assets.build.clone()
            data-kdf=assets.kdf.clone()
            data-strength=assets.strength.clone()
            data-words=assets.words_in_order()
        >
            <head>
                {head(assets)}
                {preload(assets.words_of(language), "text/plain")}
                <MetaTags />
                {inside}
                {data}
                <script type="module" src=assets.boot.clone()></script>
            </head>
            <body data-start="page">
                <App />
            </body>
        </html>
    }
}

/// The document that holds nobody's data. The service worker keeps it, and the app is mounted on it.
pub fn shell(assets: &Assets) -> String {
    // No reactive owner is at work here: the shell is plain markup.
    let document = view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-build=assets.build.clone()
            data-kdf=assets.kdf.clone()
            data-strength=assets.strength.clone()
            data-words=assets.words_in_order()
        >
            <head>
                {head(assets)}
                <title>"Doorstep"</title>
                <script type="module" src=assets.boot.clone()></script>
            </head>
            <body data-start="shell"></body>
        </html>
    };
    document.to_html()
}

fn head(assets: &Assets) -> AnyView {
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        {theme_color("#0b5c5c", "(prefers-color-scheme: light)")}
        {theme_color("#12201f", "(prefers-color-scheme: dark)")}
        <meta name="mobile-web-app-capable" content="yes" />
        <meta name="apple-mobile-web-app-title" content="Doorstep" />
        <meta name="format-detection" content="telephone=no" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <link rel="manifest" href="/manifest.webmanifest" />
        <link rel="icon" href="/icons/icon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
        <link rel="stylesheet" href=assets.stylesheet.clone() />
        <link rel="modulepreload" href=assets.boot.clone() />
        <link rel="modulepreload" href=assets.script.clone() />
        <link rel="modulepreload" href=assets.parts.clone() />
        {preload(&assets.wasm, WASM)}
    }
    .into_any()
}

const WASM: &str = "application/wasm";

/// Fetches a file while the scripts that need it are still on their way.
fn preload(url: &str, media_type: &'static str) -> AnyView {
    view! { <link rel="preload" href=url.to_owned() r#as="fetch" type=media_type crossorigin="anonymous" /> }.into_any()
}

/// The colour of the browser's own bars, which must follow the header's.
fn theme_color(color: &'static str, media: &'static str) -> AnyView {
    html::meta().name("theme-color").content(color).attr("media", media).into_any()
}

/// JSON that cannot end the script element around it.
fn escaped(json: &str) -> String {
    json.replace('<', "\\u003c")
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;

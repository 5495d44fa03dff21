//! Which language this browser speaks: chosen on the page, remembered in a cookie, so that the server draws in it too.

use std::cell::RefCell;

use app::desk::{DeskError, DeskState};
use js_sys::JsString;
use leptos::prelude::{Set, document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, Response};
use words::{Catalogue, Language};

thread_local! {
    static KNOWN: RefCell<Vec<&'static Catalogue>> = const { RefCell::new(Vec::new()) };
}

/// Begins with the words that the page has brought.
///
/// # Errors
/// They are of another build.
pub(crate) fn begin(tag: &str, file: String) -> Result<(), words::CatalogueError> {
    let catalogue = Catalogue::read(Language::of_tag(tag).unwrap_or_default(), file.leak())?;
    KNOWN.with_borrow_mut(|known| known.push(catalogue));
    words::speak(catalogue);
    Ok(())
}

/// Speaks another language from now on.
///
/// # Errors
/// Its words are not on this device, and the server does not answer.
pub(crate) async fn speak(state: DeskState, language: Language) -> Result<(), DeskError> {
    if words::current() == language {
        return Ok(());
    }
    let catalogue = words_of(language).await.ok_or(DeskError::NoWords)?;
    words::speak(catalogue);
    remember(language);
    state.language.set(language);
    Ok(())
}

/// The words of a language, fetched once a page: what is read stays in memory.
pub(crate) async fn words_of(language: Language) -> Option<&'static Catalogue> {
    let known = |known: &Vec<&'static Catalogue>| known.iter().copied().find(|catalogue| catalogue.language() == language);
    if let Some(catalogue) = KNOWN.with_borrow(known) {
        return Some(catalogue);
    }
    let file = fetch(language).await.ok()?;
    let catalogue = Catalogue::read(language, file.leak()).ok()?;
    KNOWN.with_borrow_mut(|known| known.push(catalogue));
    Some(catalogue)
}

async fn fetch(language: Language) -> Result<String, JsValue> {
    let all = document().document_element().and_then(|html| html.get_attribute("data-words")).unwrap_or_default();
    let place = Language::ALL.iter().position(|known| *known == language).unwrap_or_default();
    let url = all.split(' ').nth(place).unwrap_or_default();
    let response: Response = JsFuture::from(window().fetch_with_str(url)).await?.dyn_into()?;
    let text: JsString = JsFuture::from(response.text()?).await?.dyn_into()?;
    Ok(text.into())
}

/// For the next page and the next start.
fn remember(language: Language) {
    let document = document();
    if let Some(html) = document.document_element() {
        let _ = html.set_attribute("lang", language.tag());
        let _ = html.set_attribute("dir", language.direction().code());
    }
    // Without cookies the choice ends with the page.
    let cookie = format!("doorstep-language={}; Path=/; Max-Age=31536000; SameSite=Strict", language.tag());
    let _ = document.unchecked_into::<HtmlDocument>().set_cookie(&cookie);
}

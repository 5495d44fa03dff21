//! Which language this browser speaks: chosen on the page, remembered in a cookie, so that the server draws in it too.

use app::desk::{DeskError, DeskState};
use js_sys::JsString;
use leptos::prelude::{Set, document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, Response};
use words::{Catalogue, Language};

/// Begins with the words that the page has brought.
///
/// # Errors
/// They are of another build.
pub(crate) fn begin(tag: &str, file: String) -> Result<(), words::CatalogueError> {
    words::speak(Catalogue::read(Language::of_tag(tag).unwrap_or_default(), file.leak())?);
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
    let file = fetch(language).await.map_err(|_| DeskError::NoWords)?;
    let catalogue = Catalogue::read(language, file.leak()).map_err(|_| DeskError::NoWords)?;
    words::speak(catalogue);
    remember(language);
    state.language.set(language);
    Ok(())
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

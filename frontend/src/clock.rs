//! The device's clock, its offset from UTC, and waiting. The only place in the browser half that asks what time it is.

use domain::DateTime;
use js_sys::{Date, Promise};
use leptos::prelude::{RwSignal, Set, set_interval};
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlDocument;

/// How often the present moment moves on for the pages.
const TICK: Duration = Duration::from_secs(30);

/// The present moment at the offset of this place.
pub(crate) fn now() -> DateTime {
    DateTime::from_unix_ms(Date::now() as i64, offset_min())
}

/// Minutes east of UTC.
pub(crate) fn offset_min() -> i16 {
    let west = Date::new_0().get_timezone_offset() as i16;
    -west
}

/// Lets the pages follow the clock.
pub(crate) fn keep_ticking(moment: RwSignal<DateTime>) {
    moment.set(now());
    let _ = set_interval(move || moment.set(now()), TICK);
}

/// Tells the server by a cookie which offset to draw this browser's pages at.
pub(crate) fn tell_offset() {
    let document = leptos::prelude::document().unchecked_into::<HtmlDocument>();
    // Without cookies the server draws in UTC and hydration corrects it.
    let _ = document.set_cookie(&format!("doorstep-offset={}; Path=/; Max-Age=31536000; SameSite=Strict", offset_min()));
}

/// Waits.
pub(crate) async fn sleep(duration_ms: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        let delay = i32::try_from(duration_ms).unwrap_or(i32::MAX);
        // Where the browser refuses a timer there is nothing to wait for.
        if leptos::prelude::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, delay).is_err() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Sets a mark that the browser's own measuring tools and `make bench` read.
pub(crate) fn mark(name: &str) {
    if let Some(performance) = leptos::prelude::window().performance() {
        let _ = performance.mark(name);
    }
}

/// Milliseconds on a clock that only goes forward.
pub(crate) fn stopwatch_ms() -> f64 {
    leptos::prelude::window().performance().map_or_else(Date::now, |performance| performance.now())
}

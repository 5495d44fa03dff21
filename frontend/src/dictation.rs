//! Writing down what somebody says, where the browser can ([Web Speech](https://webaudio.github.io/web-speech-api/)).
//!
//! Most browsers send the voice to their maker. Only one that says it understands this language on the device itself is used without asking.

use std::cell::RefCell;

use app::desk::{DeskState, Dictation};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::platform::{member, object};

thread_local! {
    /// What listens at this moment.
    static LISTENING: RefCell<Option<Listening>> = const { RefCell::new(None) };
}

struct Listening {
    recognition: JsValue,
    _handlers: [Closure<dyn FnMut(JsValue)>; 2],
}

/// What this browser can do with a voice in the language that is spoken.
pub(crate) async fn look() -> Dictation {
    let Some(constructor) = constructor() else { return Dictation::NotThere };
    let Some(available) = member(&constructor, "available").dyn_ref::<Function>().cloned() else { return Dictation::GoesToItsMaker };
    let languages = Array::of1(&words::current().tag().into());
    let wanted = object(&[("langs", languages.into()), ("processLocally", true.into())]);
    let Ok(answer) = available.call1(&constructor, &wanted) else { return Dictation::GoesToItsMaker };
    match JsFuture::from(Promise::resolve(&answer)).await {
        Ok(answer) if answer.as_string().as_deref() == Some("available") => Dictation::StaysHere,
        _ => Dictation::GoesToItsMaker,
    }
}

/// Listens until it is stopped, and adds what was understood to `text`.
pub(crate) fn start(state: DeskState, kind: Dictation, text: RwSignal<String>) {
    stop();
    let Some(constructor) = constructor() else { return };
    let Ok(recognition) = Reflect::construct(&constructor, &Array::new()) else { return };
    let settings = [
        ("lang", JsValue::from(words::current().tag())),
        ("continuous", true.into()),
        ("processLocally", (kind == Dictation::StaysHere).into()),
    ];
    for (name, value) in settings {
        // A browser that does not know a setting does without it.
        let _ = Reflect::set(&recognition, &name.into(), &value);
    }
    let on_result = Closure::<dyn FnMut(JsValue)>::new(move |event| {
        if let Some(heard) = heard(&event) {
            text.try_update(|text| join(text, &heard));
        }
    });
    let on_end = Closure::<dyn FnMut(JsValue)>::new(move |_| {
        state.dictating.try_set(false);
    });
    let _ = Reflect::set(&recognition, &"onresult".into(), on_result.as_ref());
    let _ = Reflect::set(&recognition, &"onend".into(), on_end.as_ref());
    if call(&recognition, "start") {
        state.dictating.set(true);
        LISTENING.set(Some(Listening { recognition, _handlers: [on_result, on_end] }));
    }
}

/// Listens no more. What was said until now is written down still.
pub(crate) fn stop() {
    LISTENING.with_borrow(|listening| listening.as_ref().map(|listening| call(&listening.recognition, "stop")));
}

/// What was understood since the last time.
fn heard(event: &JsValue) -> Option<String> {
    let results = member(event, "results");
    let length = member(&results, "length").as_f64()? as u32;
    let from = member(event, "resultIndex").as_f64().unwrap_or_default() as u32;
    let results: Vec<JsValue> = (from..length).map(|index| member(&results, &index.to_string())).collect();
    let finished = results.iter().filter(|result| member(result, "isFinal").is_truthy());
    let parts: Vec<String> = finished.filter_map(|result| member(&member(result, "0"), "transcript").as_string()).collect();
    (!parts.is_empty()).then(|| parts.concat())
}

/// Adds what was heard to what is written, a space apart.
fn join(text: &mut String, heard: &str) {
    if !text.is_empty() && !text.ends_with(char::is_whitespace) {
        text.push(' ');
    }
    text.push_str(heard.trim());
}

fn constructor() -> Option<Function> {
    let names = ["SpeechRecognition", "webkitSpeechRecognition"];
    names.iter().find_map(|name| member(&window(), name).dyn_into::<Function>().ok())
}

fn call(recognition: &JsValue, name: &str) -> bool {
    member(recognition, name).dyn_ref::<Function>().is_some_and(|method| method.call0(recognition).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heard_stands_a_space_apart() {
        let mut text = String::new();
        join(&mut text, " She was well.");
        join(&mut text, "The rail is up. ");
        assert_eq!(text, "She was well. The rail is up.");
    }
}

//! A pad to sign on with a finger or a pen. The strokes are an SVG path: small, sharp on every screen, and printed as they were drawn.

use leptos::{ev, html, prelude::*};
use std::fmt::Write;

/// Width and height of the pad, in the units of its path.
const SIZE: (f64, f64) = (600.0, 200.0);

/// The pad. Whoever cannot draw types their name beside it: this field does not replace that.
#[component]
pub fn SignaturePad(
    /// Id of its name.
    id: &'static str,
    /// Who signs what.
    label: &'static str,
    /// The strokes as SVG path data; empty while nobody signed.
    value: RwSignal<String>,
) -> impl IntoView {
    let pad = NodeRef::<html::Div>::new();
    let is_down = StoredValue::new(false);
    let stroke = move |command: char, event: &ev::PointerEvent| {
        let Some(pad) = pad.get() else { return };
        let place = pad.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - place.left()) / place.width().max(1.0) * SIZE.0;
        let y = (f64::from(event.client_y()) - place.top()) / place.height().max(1.0) * SIZE.1;
        value.update(|path| {
            // To write into a string cannot fail.
            let _ = write!(path, "{command}{x:.0} {y:.0}");
        });
    };
    let down = move |event: ev::PointerEvent| {
        event.prevent_default();
        is_down.set_value(true);
        stroke('M', &event);
    };
    let follow = move |event: ev::PointerEvent| {
        if is_down.get_value() {
            stroke('L', &event);
        }
    };
    let up = move |_| is_down.set_value(false);
    let view_box = format!("0 0 {} {}", SIZE.0, SIZE.1);
    view! {
        <div class="field">
            <p class="field__label" id=id>{label}</p>
            <div
                class="signature"
                role="img"
                aria-labelledby=id
                node_ref=pad
                on:pointerdown=down
                on:pointermove=follow
                on:pointerup=up
                on:pointerleave=up
                on:pointercancel=up
            >
                <svg class="signature__strokes" viewBox=view_box preserveAspectRatio="none" aria-hidden="true"><path d=move || value.get() /></svg>
            </div>
            <p>
                <button class="button button--small" type="button" on:click=move |_| value.set(String::new())>{words::common::sign_again()}</button>
            </p>
        </div>
    }
    .into_any()
}

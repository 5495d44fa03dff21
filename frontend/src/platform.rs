//! What browsers have and `web-sys` does not give in its stable part: compression streams, Web Locks and passkeys with their extensions; and what this browser lacks.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// <https://developer.mozilla.org/docs/Web/API/CompressionStream>
    pub(crate) type CompressionStream;

    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new(format: &str) -> Result<CompressionStream, JsValue>;

    /// <https://developer.mozilla.org/docs/Web/API/LockManager>
    pub(crate) type LockManager;

    /// The promise settles when the callback's promise does, or when the lock is stolen.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn request(this: &LockManager, name: &str, options: &JsValue, callback: &Function) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn query(this: &LockManager) -> Result<Promise, JsValue>;

    /// <https://developer.mozilla.org/docs/Web/API/IDBFactory/databases>
    pub(crate) type Factory;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn databases(this: &Factory) -> Result<Promise, JsValue>;

    /// <https://developer.mozilla.org/docs/Web/API/CredentialsContainer>
    pub(crate) type Credentials;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn create(this: &Credentials, options: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn get(this: &Credentials, options: &JsValue) -> Result<Promise, JsValue>;

    /// <https://developer.mozilla.org/docs/Web/API/PublicKeyCredential>
    pub(crate) type Credential;

    #[wasm_bindgen(method, getter, js_name = rawId)]
    pub(crate) fn raw_id(this: &Credential) -> JsValue;

    #[wasm_bindgen(method, js_name = getClientExtensionResults)]
    pub(crate) fn get_client_extension_results(this: &Credential) -> JsValue;

    #[wasm_bindgen(method, catch, js_name = toJSON)]
    pub(crate) fn to_json(this: &Credential) -> Result<JsValue, JsValue>;
}

/// The browser's locks between tabs, if it has them.
pub(crate) fn locks() -> Option<LockManager> {
    let locks = member(&leptos::prelude::window().navigator(), "locks");
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}

/// What lists the browser's databases, if it can (Firefox from 126 on).
pub(crate) fn factory() -> Option<Factory> {
    let factory = member(&leptos::prelude::window(), "indexedDB");
    (!member(&factory, "databases").is_undefined()).then(|| factory.unchecked_into())
}

/// The browser's passkeys, if it has them.
pub(crate) fn credentials() -> Option<Credentials> {
    let credentials = member(&leptos::prelude::window().navigator(), "credentials");
    (!credentials.is_undefined()).then(|| credentials.unchecked_into())
}

/// Whether this browser has everything that a sealed caseload needs.
pub(crate) fn can_keep_sealed() -> bool {
    let window = leptos::prelude::window();
    let navigator = window.navigator();
    let crypto = member(&window, "crypto");
    let has = |object: &JsValue, name: &str| !member(object, name).is_undefined();
    has(&window, "indexedDB")
        && has(&window, "caches")
        && has(&window, "CompressionStream")
        && has(&crypto, "subtle")
        && has(&navigator, "serviceWorker")
        && has(&navigator, "locks")
}

/// On iPhone and iPad a tab's storage is cleared after days; an installed app's is not.
pub(crate) fn must_be_installed_first() -> bool {
    let window = leptos::prelude::window();
    let navigator = window.navigator();
    let agent = navigator.user_agent().unwrap_or_default();
    // An iPad calls itself a Mac; no Mac has a touch screen.
    let touch_mac = agent.contains("Macintosh") && navigator.max_touch_points() > 1;
    let apple = touch_mac || ["iPhone", "iPad", "iPod"].iter().any(|name| agent.contains(name));
    let installed = window.match_media("(display-mode: standalone)").ok().flatten().is_some_and(|query| query.matches());
    apple && !installed
}

/// A property of an object; undefined where there is none.
pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    if object.is_undefined() || object.is_null() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// An object with these properties.
pub(crate) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        // A fresh object takes any property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

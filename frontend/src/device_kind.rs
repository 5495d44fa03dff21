//! What kind of device this is, as a first guess at its name. Nothing of its owner is in it.

use crate::platform::member;

/// "Android phone", "Windows computer"; empty where the browser does not tell.
pub(crate) fn guess() -> &'static str {
    let navigator = leptos::prelude::window().navigator();
    // Where the browser has hints (Chromium), they are right where the old text is made up.
    let hints = member(&navigator, "userAgentData");
    let platform = member(&hints, "platform").as_string().unwrap_or_default();
    let agent = navigator.user_agent().unwrap_or_default();
    kind_of(&[&platform, " ", &agent].concat(), member(&hints, "mobile").as_bool(), navigator.max_touch_points() > 1)
}

/// `told` is the platform's name, the user agent's text, or both; `is_mobile` what the browser says of itself.
fn kind_of(told: &str, is_mobile: Option<bool>, has_touch: bool) -> &'static str {
    let has = |name: &str| told.contains(name);
    match () {
        () if has("iPhone") => "iPhone",
        // An iPad calls itself a Mac; no Mac has a touch screen.
        () if has("iPad") || (has("Macintosh") && has_touch) => "iPad",
        () if has("Android") && is_mobile.unwrap_or(has("Mobile")) => "Android phone",
        () if has("Android") => "Android tablet",
        () if has("Windows") => "Windows computer",
        () if has("Macintosh") || has("macOS") => "Mac",
        () if has("CrOS") || has("Chrome OS") => "Chromebook",
        () if has("Linux") => "Linux computer",
        () => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_told_by_what_its_browser_says() {
        let phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
        let tablet = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148 Safari/604.1";
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.6 Safari/605.1.15";
        assert_eq!(kind_of(&["Android ", phone].concat(), Some(true), true), "Android phone");
        assert_eq!(kind_of(tablet, None, true), "Android tablet");
        assert_eq!(kind_of(iphone, None, true), "iPhone");
        assert_eq!((kind_of(mac, None, true), kind_of(mac, None, false)), ("iPad", "Mac"));
        assert_eq!(kind_of("Windows Mozilla/5.0 (Windows NT 10.0; Win64; x64)", Some(false), true), "Windows computer");
        assert_eq!(kind_of("", None, false), "");
    }
}

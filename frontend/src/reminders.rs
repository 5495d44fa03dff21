//! Reminders while the app is closed: the browser's permission, its push subscription, and what the office has of both.

use app::desk::{AskError, ReminderProblem, Reminding};
use js_sys::{Array, Intl, Object, Promise};
use leptos::prelude::{Set, document, window};
use sync::{
    questions::{PushSubscription as Told, Question, SetReminders, ShowReminders},
    wire::ProblemCode,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, Notification, NotificationPermission, PushManager, PushSubscription, PushSubscriptionOptionsInit};

use crate::{core::Core, office, platform::member, update::container};

/// A cookie that says that nobody wants to be asked again in this browser. It says nothing about anybody.
const DECLINED: &str = "doorstep-no-reminders=1";

/// Looks how it stands, and tells the office when this device has another address or has travelled. Where nobody answers it stays as it was.
pub(crate) async fn look(core: &Core) {
    if !is_able() {
        return core.state.reminding.set(Reminding::NotThere);
    }
    if Notification::permission() == NotificationPermission::Denied {
        return core.state.reminding.set(Reminding::Blocked);
    }
    let Ok(known) = ask(core, &ShowReminders {}).await else { return };
    let Some(told) = known.subscription else { return core.state.reminding.set(off()) };
    let Some(now) = own_subscription().await else { return core.state.reminding.set(off()) };
    let now = as_told(&now);
    core.state.reminding.set(Reminding::On);
    if now != told {
        // Where nobody answers, the next start tells it.
        let _ = ask(core, &SetReminders { subscription: Some(now) }).await;
    }
}

/// Asks the browser whether it may show notifications. To be called where somebody has just tapped: otherwise browsers do not ask.
pub(crate) fn ask_permission() -> Option<Promise> {
    is_able().then(Notification::request_permission)?.ok()
}

/// Reminds from now on.
///
/// # Errors
/// The browser does not want to, or its notification service or the office did not answer.
pub(crate) async fn turn_on(core: &Core, permission: Option<Promise>) -> Result<(), ReminderProblem> {
    let permission = JsFuture::from(permission.ok_or(ReminderProblem::NotAvailable)?).await;
    if permission.ok().and_then(|permission| permission.as_string()).as_deref() != Some("granted") {
        core.state.reminding.set(if Notification::permission() == NotificationPermission::Denied { Reminding::Blocked } else { off() });
        return Err(ReminderProblem::Blocked);
    }
    let known = ask(core, &ShowReminders {}).await?;
    let subscription = subscribe(&known.application_server_key).await.ok_or(ReminderProblem::NoService)?;
    ask(core, &SetReminders { subscription: Some(as_told(&subscription)) }).await?;
    core.state.reminding.set(Reminding::On);
    Ok(())
}

/// Reminds no longer. The browser's subscription stays: another worker's device in this browser may use it too.
///
/// # Errors
/// The office did not answer.
pub(crate) async fn turn_off(core: &Core) -> Result<(), ReminderProblem> {
    ask(core, &SetReminders { subscription: None }).await?;
    decline(core);
    Ok(())
}

/// Nobody wants to be asked again.
pub(crate) fn decline(core: &Core) {
    // Without cookies it is offered again at the next start.
    let _ = document().unchecked_into::<HtmlDocument>().set_cookie(&format!("{DECLINED}; Path=/; Max-Age=31536000; SameSite=Strict"));
    core.state.reminding.set(Reminding::Declined);
}

fn off() -> Reminding {
    let is_declined = document().unchecked_into::<HtmlDocument>().cookie().is_ok_and(|cookies| cookies.contains(DECLINED));
    if is_declined { Reminding::Declined } else { Reminding::Off }
}

/// An iPhone has both only in the installed app.
fn is_able() -> bool {
    ["Notification", "PushManager"].iter().all(|name| !member(&window(), name).is_undefined()) && container().is_some()
}

async fn push_manager() -> Option<PushManager> {
    let registration = JsFuture::from(container()?.get_registration()).await.ok()?;
    registration.dyn_into::<web_sys::ServiceWorkerRegistration>().ok()?.push_manager().ok()
}

async fn own_subscription() -> Option<PushSubscription> {
    JsFuture::from(push_manager().await?.get_subscription().ok()?).await.ok()?.dyn_into().ok()
}

/// Subscribes to the key. A subscription to another key, of a server before this one, gives way.
async fn subscribe(key: &str) -> Option<PushSubscription> {
    let options = PushSubscriptionOptionsInit::new();
    options.set_user_visible_only(true);
    options.set_application_server_key(&key.into());
    let manager = push_manager().await?;
    let attempt = || manager.subscribe_with_options(&options).ok().map(JsFuture::from);
    if let Ok(subscription) = attempt()?.await {
        return subscription.dyn_into().ok();
    }
    JsFuture::from(own_subscription().await?.unsubscribe().ok()?).await.ok()?;
    attempt()?.await.ok()?.dyn_into().ok()
}

fn as_told(subscription: &PushSubscription) -> Told {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let time_zone = member(&format.resolved_options(), "timeZone").as_string();
    Told { endpoint: subscription.endpoint(), time_zone: time_zone.unwrap_or_else(|| "UTC".to_owned()) }
}

async fn ask<Q: Question>(core: &Core, question: &Q) -> Result<Q::Answer, ReminderProblem> {
    let question = serde_json::to_string(question).expect("a question is plain data");
    match office::ask(core, Q::PATH, question).await {
        Ok(answer) => serde_json::from_slice(answer.as_bytes()).map_err(|_| ReminderProblem::NoConnection),
        Err(AskError::Refused(ProblemCode::Malformed)) => Err(ReminderProblem::NoService),
        Err(AskError::Refused(_)) => Err(ReminderProblem::NotAvailable),
        Err(AskError::NoConnection) => Err(ReminderProblem::NoConnection),
    }
}

//! The agency's rules: whether devices keep clients' data and for how long, and who needs more than a password.

use domain::{DevicePolicy, Permission, Role, Term};
use leptos::{ev, prelude::*};
use sync::questions::{Rules, SetRules, ShowRules};

use crate::{
    ask::{Asking, AskingStatus},
    desk::use_desk,
    not_found::not_for_you,
    ui::{Banner, BannerTone, Checkbox, ErrorSummary, FieldError, TextField, TextKind, empty_state, error_of},
};

const LEASE: &str = "lease-hours";
const RESTRICTED: &str = "restricted-hours";
const IDLE: &str = "lock-idle";
const HIDDEN: &str = "lock-hidden";
const EMERGENCY: &str = "emergency-hours";

/// The page on which an administrator sets the rules.
#[component]
pub fn RulesPage() -> impl IntoView {
    let state = use_desk().state();
    let may = Memo::new(move |_| state.may(Permission::ManageAgency));
    move || match may.get() {
        true => view! { <RulesOfAgency /> }.into_any(),
        false => not_for_you("Your administrator sets the agency's rules."),
    }
}

#[component]
fn RulesOfAgency() -> impl IntoView {
    let asking = Asking::new();
    let rules = RwSignal::new(None::<Rules>);
    Effect::new(move |_| asking.ask(ShowRules {}, move |answer| rules.set(Some(answer))));
    view! {
        <section class="page page--narrow">
            <h1>"Agency rules"</h1>
            <AskingStatus asking=asking />
            {move || match rules.get() {
                None => empty_state("Asking the office…"),
                Some(rules) => view! { <RulesForm rules=rules asking=asking /> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

/// The rules as they are typed.
#[derive(Clone, Debug, PartialEq)]
struct RulesText {
    offline_storage: bool,
    lease_hours: String,
    restricted_hours: String,
    idle_min: String,
    hidden_s: String,
    second_factor: Vec<Role>,
    emergency_hours: String,
}

impl RulesText {
    fn of(rules: &Rules) -> Self {
        Self {
            offline_storage: rules.devices.offline_storage,
            lease_hours: rules.devices.lease_hours.to_string(),
            restricted_hours: rules.devices.restricted_lease_hours.to_string(),
            idle_min: rules.devices.lock_after_idle_min.to_string(),
            hidden_s: rules.devices.lock_after_hidden_s.to_string(),
            second_factor: rules.second_factor_roles.clone(),
            emergency_hours: rules.break_glass_hours.to_string(),
        }
    }

    /// The rules.
    ///
    /// # Errors
    /// Every figure that cannot be.
    fn read(&self) -> Result<Rules, Vec<FieldError>> {
        let mut flaws = Vec::new();
        let mut number = |text: &str, least: u16, most: u16, field: &'static str, words: &str| {
            let figure = text.trim().parse::<u16>().ok().filter(|figure| (least..=most).contains(figure));
            if figure.is_none() {
                flaws.push(FieldError::new(field, words));
            }
            figure.unwrap_or(least)
        };
        let lease_hours = number(&self.lease_hours, 1, 720, LEASE, "Hours without contact must be a number from 1 to 720");
        let rules = Rules {
            devices: DevicePolicy {
                offline_storage: self.offline_storage,
                lease_hours,
                restricted_lease_hours: number(
                    &self.restricted_hours,
                    1,
                    lease_hours,
                    RESTRICTED,
                    "Hours for restricted notes must be a number from 1 to the hours above",
                ),
                lock_after_idle_min: number(&self.idle_min, 1, 60, IDLE, "Minutes until it locks must be a number from 1 to 60"),
                lock_after_hidden_s: number(&self.hidden_s, 0, 3600, HIDDEN, "Seconds out of sight must be a number from 0 to 3600"),
            },
            second_factor_roles: self.second_factor.clone(),
            break_glass_hours: number(&self.emergency_hours, 1, 24, EMERGENCY, "Hours in an emergency must be a number from 1 to 24"),
        };
        if flaws.is_empty() { Ok(rules) } else { Err(flaws) }
    }
}

#[component]
fn RulesForm(rules: Rules, asking: Asking) -> impl IntoView {
    let unkept = use_desk().state().unkept;
    let start = RulesText::of(&rules);
    let text = |text: &String| RwSignal::new(text.clone());
    let offline = RwSignal::new(start.offline_storage);
    let (lease, restricted, idle) = (text(&start.lease_hours), text(&start.restricted_hours), text(&start.idle_min));
    let (hidden, emergency) = (text(&start.hidden_s), text(&start.emergency_hours));
    let second_factor = RwSignal::new(start.second_factor.clone());
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let saved = RwSignal::new(start);
    let said = RwSignal::new(false);
    let typed = Memo::new(move |_| RulesText {
        offline_storage: offline.get(),
        lease_hours: lease.get(),
        restricted_hours: restricted.get(),
        idle_min: idle.get(),
        hidden_s: hidden.get(),
        second_factor: second_factor.get(),
        emergency_hours: emergency.get(),
    });
    Effect::new(move |_| unkept.set(typed.get() != saved.get()));
    on_cleanup(move || {
        unkept.try_set(false);
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        said.set(false);
        let text = typed.get_untracked();
        match text.read() {
            Err(flaws) => errors.set(flaws),
            Ok(rules) => {
                errors.set(Vec::new());
                asking.ask(SetRules { rules }, move |_| {
                    saved.set(text.clone());
                    said.set(true);
                });
            }
        }
    };
    let mend = errors.into();
    let role_box = move |role: Role| {
        let checked = Signal::derive(move || second_factor.with(|roles| roles.contains(&role)));
        let on_change = Callback::new(move |is_so: bool| {
            second_factor.update(|roles| {
                roles.retain(|one| *one != role);
                if is_so {
                    roles.push(role);
                }
            });
        });
        view! { <Checkbox id=["second-factor-", role.code()].concat() label=role.label() checked=checked on_change=on_change /> }.into_any()
    };
    view! {
        <div role="status" class="signed-place">
            {move || said.get().then(|| view! {
                <Banner tone=BannerTone::Good heading="Rules saved"><p>"Each device follows them from its next contact on."</p></Banner>
            })}
        </div>
        <ErrorSummary errors=errors />
        <form class="form" novalidate on:submit=submit>
            <fieldset class="field form__group">
                <legend class="form__legend">"Devices"</legend>
                <Checkbox
                    id="offline".to_owned()
                    label="Devices may keep clients' data, sealed, and work without a signal"
                    remark="Switched off, no device can be set up any more and everybody works online".to_owned()
                    checked=offline
                    on_change=Callback::new(move |is_so| offline.set(is_so))
                />
                <TextField id=LEASE label="Hours without contact until clients are closed" kind=TextKind::Number short=true value=lease error=error_of(mend, LEASE) />
                <TextField id=RESTRICTED label="The same for restricted notes" kind=TextKind::Number short=true value=restricted error=error_of(mend, RESTRICTED) />
                <TextField id=IDLE label="Minutes without a touch until it locks" kind=TextKind::Number short=true value=idle error=error_of(mend, IDLE) />
                <TextField id=HIDDEN label="Seconds out of sight until it locks" kind=TextKind::Number short=true value=hidden error=error_of(mend, HIDDEN) />
            </fieldset>
            <fieldset class="field form__group">
                <legend class="form__legend">"More than a password is needed for"</legend>
                <p class="quiet">"They add a passkey when they sign in next. An account that is new has some days for it."</p>
                {Role::ALL.iter().map(|role| role_box(*role)).collect_view()}
            </fieldset>
            <fieldset class="field form__group">
                <legend class="form__legend">"Emergencies"</legend>
                <TextField id=EMERGENCY label="Hours that a case stays open" kind=TextKind::Number short=true value=emergency error=error_of(mend, EMERGENCY) />
            </fieldset>
            <button class="button button--primary button--wide" type="submit" aria-disabled=move || asking.busy.get().then_some("true")>
                "Save rules"
            </button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Rules {
        Rules { devices: DevicePolicy::default(), second_factor_roles: vec![Role::Supervisor], break_glass_hours: 24 }
    }

    #[test]
    fn rules_are_read_as_they_are_shown() {
        assert_eq!(RulesText::of(&usual()).read(), Ok(usual()));
    }

    #[test]
    fn a_figure_that_cannot_be_is_to_be_mended() {
        let text = RulesText {
            lease_hours: "12".to_owned(),
            restricted_hours: "24".to_owned(),
            idle_min: "soon".to_owned(),
            ..RulesText::of(&usual())
        };
        let flaws = text.read().expect_err("two figures cannot be");
        assert_eq!(flaws.into_iter().map(|flaw| flaw.field_id).collect::<Vec<_>>(), [RESTRICTED, IDLE]);
        assert!(usual().are_possible());
    }
}

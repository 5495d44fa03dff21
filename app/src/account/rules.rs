//! The agency's rules: whether devices keep clients' data and for how long, and who needs more than a password.

use domain::{DevicePolicy, Permission, Role, Term};
use leptos::{ev, prelude::*};
use sync::questions::{Rules, SetRules, ShowRules};

use crate::{
    ask::{Asking, AskingStatus},
    desk::use_desk,
    not_found::not_for_you,
    ui::{Banner, BannerTone, Checkbox, ErrorSummary, FieldError, Spoken, TextField, TextKind, empty_state, error_of},
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
        false => not_for_you(words::account::your_administrator_sets_the_agencys()),
    }
}

#[component]
fn RulesOfAgency() -> impl IntoView {
    let asking = Asking::new();
    let rules = RwSignal::new(None::<Rules>);
    Effect::new(move |_| asking.ask(ShowRules {}, move |answer| rules.set(Some(answer))));
    view! {
        <section class="page page--narrow">
            <h1>{words::account::agency_rules()}</h1>
            <AskingStatus asking=asking />
            {move || match rules.get() {
                None => empty_state(words::account::asking_the_office()),
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
        let lease_hours = number(&self.lease_hours, 1, 720, LEASE, words::account::hours_without_contact());
        let rules = Rules {
            devices: DevicePolicy {
                offline_storage: self.offline_storage,
                lease_hours,
                restricted_lease_hours: number(
                    &self.restricted_hours,
                    1,
                    lease_hours,
                    RESTRICTED,
                    words::account::hours_for_restricted_notes(),
                ),
                lock_after_idle_min: number(&self.idle_min, 1, 60, IDLE, words::account::minutes_until_it_locks()),
                lock_after_hidden_s: number(&self.hidden_s, 0, 3600, HIDDEN, words::account::seconds_out_of_sight()),
            },
            second_factor_roles: self.second_factor.clone(),
            break_glass_hours: number(&self.emergency_hours, 1, 24, EMERGENCY, words::account::hours_in_an_emergency()),
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
        view! { <Checkbox id=["second-factor-", role.code()].concat() label=role.words() checked=checked on_change=on_change /> }.into_any()
    };
    view! {
        <div role="status" class="signed-place">
            {move || said.get().then(|| view! {
                <Banner tone=BannerTone::Good heading=words::account::rules_saved()><p>{words::account::each_device_follows()}</p></Banner>
            })}
        </div>
        <ErrorSummary errors=errors />
        <form class="form" novalidate on:submit=submit>
            <fieldset class="field form__group">
                <legend class="form__legend">{words::account::devices()}</legend>
                <Checkbox
                    id="offline".to_owned()
                    label=words::account::devices_may_keep_clients_data()
                    remark=words::account::switched_off_no_device().to_owned()
                    checked=offline
                    on_change=Callback::new(move |is_so| offline.set(is_so))
                />
                <TextField id=LEASE label=words::account::hours_without_contact_until_clients() kind=TextKind::Number short=true value=lease error=error_of(mend, LEASE) />
                <TextField id=RESTRICTED label=words::account::the_same_for_restricted_notes() kind=TextKind::Number short=true value=restricted error=error_of(mend, RESTRICTED) />
                <TextField id=IDLE label=words::account::minutes_without_a_touch_until() kind=TextKind::Number short=true value=idle error=error_of(mend, IDLE) />
                <TextField id=HIDDEN label=words::account::seconds_out_of_sight_until() kind=TextKind::Number short=true value=hidden error=error_of(mend, HIDDEN) />
            </fieldset>
            <fieldset class="field form__group">
                <legend class="form__legend">{words::account::more_than_a_password()}</legend>
                <p class="quiet">{words::account::they_add_a_passkey()}</p>
                {Role::ALL.iter().map(|role| role_box(*role)).collect_view()}
            </fieldset>
            <fieldset class="field form__group">
                <legend class="form__legend">{words::account::emergencies()}</legend>
                <TextField id=EMERGENCY label=words::account::hours_that_a_case_stays() kind=TextKind::Number short=true value=emergency error=error_of(mend, EMERGENCY) />
            </fieldset>
            <button class="button button--primary button--wide" type="submit" aria-disabled=move || asking.busy.get().then_some("true")>
                {words::account::save_rules()}
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

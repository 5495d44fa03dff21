//! The agency's rules: whether devices keep clients' data and for how long, and who needs more than a password.

use domain::{Caseload, DateTime, DevicePolicy, Permission, Role, Term};
use leptos::{ev, prelude::*};
use serde::{Deserialize, Serialize};
use sync::questions::{Rules, SetRules, ShowRules};

use super::emergency::me;
use crate::{
    ask::{Asking, AskingStatus},
    desk::{Draft, use_desk},
    draft::{DraftKeeper, Fields, TakenUp, draft_line, read_draft},
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// The live fields.
#[derive(Clone, Copy)]
struct RulesFields {
    offline: RwSignal<bool>,
    lease: RwSignal<String>,
    restricted: RwSignal<String>,
    idle: RwSignal<String>,
    hidden: RwSignal<String>,
    second_factor: RwSignal<Vec<Role>>,
    emergency: RwSignal<String>,
    /// As the office has them.
    saved: StoredValue<RulesText>,
}

impl RulesFields {
    fn new(text: RulesText) -> Self {
        let fields = Self {
            offline: RwSignal::new(false),
            lease: RwSignal::default(),
            restricted: RwSignal::default(),
            idle: RwSignal::default(),
            hidden: RwSignal::default(),
            second_factor: RwSignal::default(),
            emergency: RwSignal::default(),
            saved: StoredValue::new(text.clone()),
        };
        fields.set(text);
        fields
    }

    fn text(self) -> RulesText {
        RulesText {
            offline_storage: self.offline.get(),
            lease_hours: self.lease.get(),
            restricted_hours: self.restricted.get(),
            idle_min: self.idle.get(),
            hidden_s: self.hidden.get(),
            second_factor: self.second_factor.get(),
            emergency_hours: self.emergency.get(),
        }
    }

    fn set(self, text: RulesText) {
        self.offline.set(text.offline_storage);
        self.lease.set(text.lease_hours);
        self.restricted.set(text.restricted_hours);
        self.idle.set(text.idle_min);
        self.hidden.set(text.hidden_s);
        self.second_factor.set(text.second_factor);
        self.emergency.set(text.emergency_hours);
    }
}

/// The rules as they are kept in a draft.
#[derive(Serialize, Deserialize)]
struct RulesDraft {
    written_at: Option<DateTime>,
    rules: RulesText,
}

impl Fields for RulesFields {
    fn form(&self) -> &'static str {
        "rules"
    }

    fn draft(&self, written_at: Option<DateTime>) -> Draft {
        serde_json::to_string(&RulesDraft { written_at, rules: self.text() }).expect("a form is plain data")
    }

    fn take_up(&self, draft: &str, _: &Caseload) -> TakenUp {
        let Some(draft) = read_draft::<RulesDraft>(draft) else { return TakenUp::LeftAlone };
        if untrack(|| self.text()) != self.saved.get_value() {
            return TakenUp::LeftAlone;
        }
        self.set(draft.rules);
        TakenUp::Restored { written_at: draft.written_at }
    }
}

#[component]
fn RulesForm(rules: Rules, asking: Asking) -> impl IntoView {
    let fields = RulesFields::new(RulesText::of(&rules));
    let keeper = DraftKeeper::new(me(use_desk().state()), fields);
    keeper.begin();
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let said = RwSignal::new(false);
    let (saving, blur) = (StoredValue::new(keeper.clone()), keeper.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        said.set(false);
        let text = untrack(|| fields.text());
        match text.read() {
            Err(flaws) => errors.set(flaws),
            Ok(rules) => {
                errors.set(Vec::new());
                asking.ask(SetRules { rules }, move |_| {
                    fields.saved.set_value(text.clone());
                    saving.with_value(DraftKeeper::begin_again);
                    said.set(true);
                });
            }
        }
    };
    let mend = errors.into();
    let role_box = move |role: Role| {
        let checked = Signal::derive(move || fields.second_factor.with(|roles| roles.contains(&role)));
        let on_change = Callback::new(move |is_so: bool| {
            fields.second_factor.update(|roles| {
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
        <form class="form" novalidate on:submit=submit on:focusout=move |_| blur.keep()>
            <fieldset class="field form__group">
                <legend class="form__legend">{words::account::devices()}</legend>
                <Checkbox
                    id="offline".to_owned()
                    label=words::account::devices_may_keep_clients_data()
                    remark=words::account::switched_off_no_device().to_owned()
                    checked=fields.offline
                    on_change=Callback::new(move |is_so| fields.offline.set(is_so))
                />
                <TextField id=LEASE label=words::account::hours_without_contact_until_clients() kind=TextKind::Number short=true value=fields.lease error=error_of(mend, LEASE) />
                <TextField id=RESTRICTED label=words::account::the_same_for_restricted_notes() kind=TextKind::Number short=true value=fields.restricted error=error_of(mend, RESTRICTED) />
                <TextField id=IDLE label=words::account::minutes_without_a_touch_until() kind=TextKind::Number short=true value=fields.idle error=error_of(mend, IDLE) />
                <TextField id=HIDDEN label=words::account::seconds_out_of_sight_until() kind=TextKind::Number short=true value=fields.hidden error=error_of(mend, HIDDEN) />
            </fieldset>
            <fieldset class="field form__group">
                <legend class="form__legend">{words::account::more_than_a_password()}</legend>
                <p class="quiet">{words::account::they_add_a_passkey()}</p>
                {Role::ALL.iter().map(|role| role_box(*role)).collect_view()}
            </fieldset>
            <fieldset class="field form__group">
                <legend class="form__legend">{words::account::emergencies()}</legend>
                <TextField id=EMERGENCY label=words::account::hours_that_a_case_stays() kind=TextKind::Number short=true value=fields.emergency error=error_of(mend, EMERGENCY) />
            </fieldset>
            {draft_line(keeper, move || fields.set(fields.saved.get_value()))}
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

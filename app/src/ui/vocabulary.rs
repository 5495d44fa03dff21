//! The words for closed lists. Which values there are is `domain`'s; a value without words does not compile.

use domain::{
    Achievement, AlertKind, CaseState, ContactMode, GoalLifecycle, Outcome, Purpose, Reached, RiskLevel, Role, SafeContact, Term, UnitKind,
};
use words::vocabulary as say;

/// What people read for a value of a closed list.
pub trait Spoken: Copy + 'static {
    /// The words, in the language that is spoken.
    fn words(self) -> &'static str;
}

/// Codes and words of a closed list, in its order.
pub fn choices_of<T: Term + Spoken>() -> Vec<(&'static str, &'static str)> {
    T::ALL.iter().map(|term| (term.code(), term.words())).collect()
}

macro_rules! spoken {
    ($($term:ident { $($variant:ident => $words:ident;)+ })+) => {
        $(impl Spoken for $term {
            fn words(self) -> &'static str {
                match self { $(Self::$variant => say::$words()),+ }
            }
        })+
    };
}

spoken! {
    CaseState {
        Referred => case_state_referred;
        Waitlist => case_state_waitlist;
        Intake => case_state_intake;
        Assessment => case_state_assessment;
        Planning => case_state_planning;
        Active => case_state_active;
        OnHold => case_state_on_hold;
        Closing => case_state_closing;
        Closed => case_state_closed;
    }
    RiskLevel {
        Low => risk_level_low;
        Medium => risk_level_medium;
        High => risk_level_high;
    }
    AlertKind {
        Safety => alert_kind_safety;
        Health => alert_kind_health;
        Contact => alert_kind_contact;
        Legal => alert_kind_legal;
    }
    UnitKind {
        Names => unit_kind_names;
        Language => unit_kind_language;
        Reach => unit_kind_reach;
        Safety => unit_kind_safety;
    }
    GoalLifecycle {
        Proposed => goal_lifecycle_proposed;
        Active => goal_lifecycle_active;
        OnHold => goal_lifecycle_on_hold;
        Completed => goal_lifecycle_completed;
        Cancelled => goal_lifecycle_cancelled;
    }
    Achievement {
        InProgress => achievement_in_progress;
        Improving => achievement_improving;
        NoChange => achievement_no_change;
        Worsening => achievement_worsening;
        Achieved => achievement_achieved;
        Sustaining => achievement_sustaining;
        NotAchieved => achievement_not_achieved;
        NotAttainable => achievement_not_attainable;
    }
    SafeContact {
        Anything => safe_contact_anything;
        NoMessages => safe_contact_no_messages;
        TextOnly => safe_contact_text_only;
        DoNotUse => safe_contact_do_not_use;
    }
    Outcome {
        File => outcome_file;
        Keep => outcome_keep;
    }
    ContactMode {
        HomeVisit => contact_mode_home;
        Office => contact_mode_office;
        Clinic => contact_mode_clinic;
        Community => contact_mode_community;
        Facility => contact_mode_facility;
        Phone => contact_mode_phone;
        Video => contact_mode_video;
        Text => contact_mode_text;
        Email => contact_mode_email;
        Letter => contact_mode_letter;
    }
    Reached {
        Client => reached_client;
        Collateral => reached_collateral;
        NoOneMessage => reached_no_one_message;
        NoOne => reached_no_one;
        Refused => reached_refused;
        Unsafe => reached_unsafe;
    }
    Purpose {
        Monitoring => purpose_monitoring;
        Outreach => purpose_outreach;
        Intake => purpose_intake;
        Assessment => purpose_assessment;
        Planning => purpose_planning;
        Coordination => purpose_coordination;
        Referral => purpose_referral;
        CareTeamMeeting => purpose_care_team_meeting;
        Transition => purpose_transition;
        Crisis => purpose_crisis;
        Advocacy => purpose_advocacy;
        Education => purpose_education;
        Transport => purpose_transport;
        Closure => purpose_closure;
        Supervision => purpose_supervision;
        Administrative => purpose_administrative;
    }
    Role {
        CaseManager => role_case_manager;
        Supervisor => role_supervisor;
        Administrator => role_administrator;
    }
}

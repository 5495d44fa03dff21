//! The same world under `proptest-state-machine`, which shrinks a failure to the few actions that matter.

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use crate::{
    action::{Action, Fate, Killed},
    world::World,
};

/// The reference knows only that every action makes sense at any moment; what must hold, the world itself checks.
struct AnyHistory;

impl ReferenceStateMachine for AnyHistory {
    type State = ();
    type Transition = Action;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Action> {
        let killed = prop_oneof![18 => Just(Killed::Not), 1 => Just(Killed::BeforeDisk), 1 => Just(Killed::AfterDisk)];
        let fate = prop_oneof![
            14 => killed.clone().prop_map(|killed| Fate::Arrives { killed }),
            2 => Just(Fate::ArrivesTwice),
            2 => Just(Fate::Lost),
            1 => (0u8..4).prop_map(|after_groups| Fate::ServerDies { after_groups }),
            1 => (0u8..4).prop_map(|after_groups| Fate::ServerBusy { after_groups }),
            1 => Just(Fate::Garbled),
        ];
        let number = any::<u8>;
        prop_oneof![
            8 => (number(), number(), number(), number(), killed)
                .prop_map(|(phone, scope, what, detail, killed)| Action::Write { phone, scope, what, detail, killed }),
            2 => number().prop_map(|phone| Action::SendRegister { phone }),
            5 => number().prop_map(|phone| Action::SendPush { phone }),
            1 => number().prop_map(|phone| Action::SendSealed { phone }),
            3 => number().prop_map(|phone| Action::SendContent { phone }),
            4 => (number(), number(), any::<bool>()).prop_map(|(phone, first, small)| Action::SendPull { phone, first, small }),
            16 => (number(), fate).prop_map(|(message, fate)| Action::Deliver { message, fate }),
            1 => number().prop_map(|phone| Action::KillPage { phone }),
            1 => number().prop_map(|phone| Action::CopyPhone { phone }),
            1 => number().prop_map(|phone| Action::RollPhoneBack { phone }),
            1 => number().prop_map(|phone| Action::Evict { phone }),
            1 => (number(), number()).prop_map(|(scope, worker)| Action::Reassign { scope, worker }),
            1 => (number(), number()).prop_map(|(scope, worker)| Action::Share { scope, worker }),
            1 => Just(Action::Backup),
            1 => prop_oneof![Just(Action::Restore), Just(Action::RestoreSilently)],
            1 => (number(), number()).prop_map(|(scope, record)| Action::Erase { scope, record }),
            1 => number().prop_map(|scope| Action::RaiseFloor { scope }),
            1 => number().prop_map(|scope| Action::RaiseEpoch { scope }),
        ]
        .boxed()
    }

    fn apply((): (), _: &Action) {}
}

struct WholeWorld;

impl StateMachineTest for WholeWorld {
    type SystemUnderTest = World;
    type Reference = AnyHistory;

    fn init_test((): &()) -> World {
        World::new(None)
    }

    fn apply(mut world: World, (): &(), action: Action) -> World {
        world.act(action).unwrap();
        world
    }

    fn teardown(mut world: World, (): ()) {
        world.settle().unwrap();
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_ends_well(sequential 1..120 => WholeWorld);
}

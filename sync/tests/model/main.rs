//! The model that tries to break the protocol: phones, a server and a network that fail in every way we know, around the shipped cores.
//!
//! `DOORSTEP_SEEDS=20000 cargo test -p sync --test model` runs longer; a failure names its seed.

#![expect(clippy::unwrap_used, reason = "all of it is test code, also what stands outside of test functions")]

mod action;
mod contents;
mod defect;
mod machine;
mod phone;
mod records;
mod server;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{action::Action, defect::Defect, world::World};

const STEPS: usize = 250;

/// What some history must have gone through.
const CORNERS: [&str; 23] = [
    "applied",
    "merged",
    "quarantined",
    "blocked",
    "late note",
    "conflict",
    "amended at the same time",
    "sealed",
    "forked",
    "gap",
    "unknown device",
    "other problem",
    "stale pull",
    "regress",
    "another copy",
    "new incarnation",
    "forget",
    "page",
    "deletion",
    "content received",
    "content before its note",
    "content begun again",
    "content refused",
];

/// One history from one seed; gives what it went through, or says what broke.
fn run(seed: u64, defect: Option<Defect>) -> Result<BTreeSet<&'static str>, String> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut world = World::new(defect);
    for _ in 0..STEPS {
        world.act(Action::draw(&mut rng))?;
    }
    world.settle()?;
    Ok(world.met())
}

#[test]
fn nothing_is_lost_doubled_or_shown_to_the_wrong_person() {
    let seeds = std::env::var("DOORSTEP_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(500);
    let mut met: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in std::env::var("DOORSTEP_FROM").ok().and_then(|from| from.parse().ok()).unwrap_or(0)..seeds {
        match run(seed, None) {
            Ok(in_this) => in_this.into_iter().for_each(|name| *met.entry(name).or_default() += 1),
            Err(broken) => panic!("seed {seed}: {broken}"),
        }
    }
    println!("histories that met: {met:?}");
    for name in CORNERS.iter().filter(|_| seeds >= 500) {
        assert!(met.contains_key(name), "no history met {name:?}: the model tests less than it seems");
    }
}

/// One history of a thousand steps among faults; then silence.
#[test]
fn fault_28_after_a_long_time_of_faults_every_outbox_empties_without_a_new_write() {
    const LONG: usize = 1_000;
    for seed in 0..20 {
        let mut rng = ChaCha8Rng::seed_from_u64(1_000_000 + seed);
        let mut world = World::new(None);
        for _ in 0..LONG {
            world.act(Action::draw(&mut rng)).unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
        }
        world.settle().unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
    }
}

#[test]
fn every_known_mistake_is_noticed() {
    const SEEDS: u64 = 2_000;
    for defect in Defect::ALL {
        let noticed = (0..SEEDS).find_map(|seed| run(seed, Some(defect)).err().map(|broken| (seed, broken)));
        let (seed, broken) = noticed.unwrap_or_else(|| panic!("{defect:?} went unnoticed for {SEEDS} seeds"));
        println!("{defect:?}: seed {seed}: {broken}");
    }
}

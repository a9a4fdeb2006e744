//! How long what a session gave is kept.

use std::time::Duration;

use rolecall::values::lifetime::{usable_life, usable_until};
use rolecall::values::time::Timestamp;
use serde_json::json;

use super::set;
use crate::demo::check_in;
use crate::seeds::scene::only;

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

#[test]
fn s1_10_a_session_is_kept_until_five_minutes_before_its_end() {
    let claim = |length: &str| only(&set("wave-healthy", &[("duration", length)]), "wave/cache").claim.clone();
    assert!(claim("1800").contains("for 24 minutes") || claim("1800").contains("for 25 minutes"), "{}", claim("1800"));
    assert!(claim("3600").contains("for 54 minutes") || claim("3600").contains("for 55 minutes"), "{}", claim("3600"));
}

#[test]
fn s1_28_the_configured_maximum_is_the_other_bound() {
    let claim = |most: &str| only(&set("wave-healthy", &[("cache", most)]), "wave/cache").claim.clone();
    assert!(claim("20m").contains("for 20 minutes"), "{}", claim("20m"));
    let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
    let until = usable_until(now, Some("2026-03-04T13:00:00Z".parse().unwrap()), minutes(180));
    assert_eq!(until.to_string(), "2026-03-04T12:55:00Z");
}

#[test]
fn s1_29_never_under_a_minute_and_an_hour_gives_55_minutes() {
    for (left, kept) in [(6, 1), (10, 5), (30, 25), (60, 55), (200, 180), (2, 1)] {
        assert_eq!(usable_life(minutes(left), minutes(180)), minutes(kept), "{left}");
    }
}

#[test]
fn s1_30_three_hours_are_the_maximum_where_none_is_set() {
    let patch = json!({
        "extends": "wave-healthy",
        "accounts": {"444455556666": {"roles": {"WaveEcrAccess": {"max_session_duration": 43_200}}}},
        "selection": {"system": {"typed": {"duration": "43200"}}},
    });
    let world = rolecall::sandbox::World::from_json(&patch.to_string()).unwrap();
    let checked = check_in(&world, world.selection()).0;
    let cache = only(&checked, "wave/cache");
    assert!(cache.claim.contains("for 180 minutes"));
    assert!(cache.evidence.iter().any(|line| line.contains("10000") && line.contains("max-size")), "{cache:?}");
}

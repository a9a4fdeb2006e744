//! Replays what the fuzz targets found worth keeping: one compressed file of inputs for each.
//!
//! `UNPACK_SEEDS=FOLDER` writes them out, a folder for each target, as cargo-fuzz wants them; `PACK_SEEDS=FOLDER` packs such folders again.

mod checks;
mod packed;

use std::path::PathBuf;

fn folder(variable: &str, target: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(|root| PathBuf::from(root).join(target))
}

#[test]
fn every_seed_holds() {
    for (target, check) in checks::ALL {
        if let Some(folder) = folder("PACK_SEEDS", target) {
            packed::write(target, packed::of_folder(&folder).unwrap()).unwrap();
        }
        let seeds = packed::read(target).unwrap();
        assert!(seeds.len() > 100, "{target} has {} seeds", seeds.len());
        if let Some(folder) = folder("UNPACK_SEEDS", target) {
            packed::into_folder(&seeds, &folder).unwrap();
        }
        for (number, seed) in seeds.iter().enumerate() {
            println!("{target} {number}");
            check(seed);
        }
    }
}

//! Replays what the fuzz targets found worth keeping: one folder of inputs for each.

mod checks;

use std::path::Path;

#[test]
fn every_seed_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz_seeds");
    for (name, check) in checks::ALL {
        let seeds: Vec<_> = std::fs::read_dir(root.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!seeds.is_empty(), "{name} has no seeds");
        for seed in seeds {
            println!("{}", seed.display());
            check(&std::fs::read(seed).unwrap());
        }
    }
}

//! Inputs of one target in one gzip file: for each its length in four bytes, big end first, and its bytes.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

fn file(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz_seeds").join(format!("{target}.gz"))
}

pub fn read(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(file(target))?).read_to_end(&mut bytes)?;
    let (mut seeds, mut rest) = (Vec::new(), bytes.as_slice());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (seed, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        seeds.push(seed.to_vec());
        rest = after;
    }
    Ok(seeds)
}

/// The shortest first, so that the same inputs make the same file.
pub fn write(target: &str, mut seeds: Vec<Vec<u8>>) -> io::Result<()> {
    seeds.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    seeds.dedup();
    let mut out = GzEncoder::new(File::create(file(target))?, Compression::best());
    for seed in seeds {
        out.write_all(&u32::try_from(seed.len()).map_err(io::Error::other)?.to_be_bytes())?;
        out.write_all(&seed)?;
    }
    out.finish().map(drop)
}

pub fn of_folder(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    fs::read_dir(folder)?.map(|entry| fs::read(entry?.path())).collect()
}

pub fn into_folder(seeds: &[Vec<u8>], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    seeds.iter().enumerate().try_for_each(|(number, seed)| fs::write(folder.join(format!("{number:05}")), seed))
}

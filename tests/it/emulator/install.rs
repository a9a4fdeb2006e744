//! Installing the emulator: a virtual environment of its own, below the target folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::processes::run as run_process;

const REQUIREMENTS: &str = include_str!("../../emulator/requirements.txt");

/// The oldest Python that the emulator runs on.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// A virtual environment that holds the emulator.
pub struct Environment {
    root: PathBuf,
}

impl Environment {
    /// Its interpreter. The environment was renamed after it was made, so only this is used of its programs.
    pub fn python(&self) -> PathBuf {
        self.root.join("bin").join("python3")
    }
}

/// Where temporary things of the tests go: below the target folder.
pub fn temporary() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// A script that belongs to the emulator.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("emulator").join(name)
}

/// The environment, made if it is not there yet; the error completes "because ...".
///
/// It is keyed by the requirements and the interpreter, made beside its final place and renamed, and one process makes
/// it while others wait: an environment that is there is whole.
pub fn environment() -> Result<Environment, String> {
    let python = python_version()?;
    let digest = Sha256::new().chain_update(REQUIREMENTS).chain_update(&python).finalize();
    let key: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let root = temporary().join(format!("emulator-{key}"));
    if root.is_dir() {
        return Ok(Environment { root });
    }
    fs::create_dir_all(temporary()).map_err(|error| format!("{} cannot be made: {error}", temporary().display()))?;
    let lock = File::create(temporary().join("emulator.lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| format!("the lock of the installation failed: {error}"))?;
    if !root.is_dir() {
        let unfinished = root.with_extension("part");
        install_into(&unfinished)?;
        fs::rename(&unfinished, &root).map_err(|error| error.to_string())?;
    }
    Ok(Environment { root })
}

fn install_into(folder: &Path) -> Result<(), String> {
    // What an installation that was killed has left.
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| error.to_string())?;
    }
    run(python3().args(["-m", "venv"]).arg(folder), "`python3 -m venv`")?;
    let mut pip = Command::new(folder.join("bin").join("python3"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--require-hashes", "--only-binary=:all:", "--requirement"])
        .arg(script("requirements.txt"));
    run(clean(&mut pip), "`pip install`")
}

/// The interpreter's version and place, which the environment depends on.
fn python_version() -> Result<String, String> {
    let probe = "import sys; print(*sys.version_info[:3], sys.base_prefix)";
    let output =
        run_process(python3().args(["-c", probe])).map_err(|error| format!("python3 does not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut numbers = text.split(' ').map_while(|word| word.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) if (major, minor) >= OLDEST_PYTHON => Ok(text),
        (Some(major), Some(minor)) => {
            let (needed_major, needed_minor) = OLDEST_PYTHON;
            Err(format!("python3 is {major}.{minor}, and {needed_major}.{needed_minor} or newer is needed"))
        }
        _ => Err("python3 does not tell its version".into()),
    }
}

fn python3() -> Command {
    let mut command = Command::new("python3");
    clean(&mut command);
    command
}

/// Takes away what would let another Python's packages in.
fn clean(command: &mut Command) -> &mut Command {
    command.env_remove("PYTHONHOME").env_remove("PYTHONPATH").env_remove("VIRTUAL_ENV").env_remove("PIP_TARGET")
}

fn run(command: &mut Command, what: &str) -> Result<(), String> {
    let output = run_process(command).map_err(|error| format!("{what} does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what} failed ({}): {}", output.status, said.trim()))
}

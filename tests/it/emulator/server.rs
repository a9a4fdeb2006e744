//! The emulator's process.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::install::{Environment, script, temporary};
use crate::processes::starting;

/// How long the emulator may take to load on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(120);

/// Starts the server, and ends it and removes its folder once standard input has ended: that is when the test process
/// is gone, whichever way it went. It ignores the signals that a terminal sends to everything in it.
const KEEPER: &str = r#"
trap '' HUP INT QUIT TERM
"$1" -I "$2" </dev/null 2>"$3/log" &
server=$!
exec >/dev/null
cat
kill -9 "$server"
wait "$server"
rm -rf "$3"
"#;

/// A server that ends with this process.
pub struct Server {
    endpoint: String,
    /// Held with its standard input open: the end of that is what ends the server.
    _keeper: Child,
}

impl Server {
    /// Starts one and waits until it answers.
    pub fn start(environment: &Environment) -> Self {
        let folder = tempfile::Builder::new().prefix("emulator-run-").tempdir_in(temporary()).unwrap().keep();
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", KEEPER, "sh"])
            .args([environment.python(), script("serve.py"), folder.clone()])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(["HOME", "TMPDIR", "STATE_DIR", "S3_DATA_DIR"].map(|name| (name, &folder)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        let started = starting();
        let mut keeper = command.spawn().unwrap();
        drop(started);
        let mut port = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let address = format!("127.0.0.1:{}", port.trim());
        match health(&address) {
            Ok(answer) if answer.starts_with("HTTP/1.1 200") => {
                Self { endpoint: format!("http://{address}"), _keeper: keeper }
            }
            other => panic!("the AWS emulator does not start: {other:?}\n{}", log_of(&folder)),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

/// Asks once: the port listens before the server is loaded, so that the answer comes when it is ready.
fn health(address: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(START_LIMIT))?;
    write!(stream, "GET /_ministack/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn log_of(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}

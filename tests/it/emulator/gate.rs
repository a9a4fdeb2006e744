//! A way to the emulator that is watched: every request passes, and at one of them the program that sent it is killed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// When the program is killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// The request never reaches AWS.
    Before,
    /// AWS has done what was asked, and the program never hears of it.
    After,
}

#[derive(Default)]
struct Watch {
    /// What was called since the first write, in order: `PutSecretValue`.
    seen: Vec<String>,
    /// At which of them, counted from 0, and when; then the process.
    kill: Option<(usize, Moment)>,
    process: Option<u32>,
    killed: bool,
}

/// A listener that passes requests on to the emulator.
pub struct Gate {
    endpoint: String,
    watch: Arc<Mutex<Watch>>,
}

impl Gate {
    /// Opens one in front of the emulator at `http://HOST:PORT`.
    pub fn open(emulator: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let watch = Arc::<Mutex<Watch>>::default();
        let behind = emulator.trim_start_matches("http://").to_owned();
        let watched = watch.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (behind, watch) = (behind.clone(), watched.clone());
                // A program that was killed closes its connections in the middle: that is what this is for.
                thread::spawn(move || pass(stream, &behind, &watch).ok());
            }
        });
        Self { endpoint, watch }
    }

    /// `AWS_ENDPOINT_URL`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// From the first write on, kills the process at the call with this number.
    pub fn kill(&self, process: u32, at: usize, moment: Moment) {
        let mut watch = self.watch.lock().unwrap();
        (watch.process, watch.kill) = (Some(process), Some((at, moment)));
    }

    /// Whether the process was killed.
    pub fn has_killed(&self) -> bool {
        self.watch.lock().unwrap().killed
    }

    /// What was called of Secrets Manager from the first write on.
    pub fn seen(&self) -> Vec<String> {
        self.watch.lock().unwrap().seen.clone()
    }
}

fn pass(mut client: TcpStream, behind: &str, watch: &Mutex<Watch>) -> std::io::Result<()> {
    while let Some(request) = message(&mut client)? {
        let at = arrived(&request, watch);
        struck(watch, at, Moment::Before);
        let mut upstream = TcpStream::connect(behind)?;
        upstream.write_all(&request)?;
        let Some(answer) = message(&mut upstream)? else { return Ok(()) };
        struck(watch, at, Moment::After);
        client.write_all(&answer)?;
    }
    Ok(())
}

/// The number of the call, where it is one of those that count.
fn arrived(request: &[u8], watch: &Mutex<Watch>) -> Option<usize> {
    let head = String::from_utf8_lossy(request).to_lowercase();
    let (_, rest) = head.split_once("x-amz-target: secretsmanager.")?;
    let name = rest.split_whitespace().next().unwrap_or_default().to_owned();
    let writes = ["createsecret", "putsecretvalue", "updatesecretversionstage"].contains(&name.as_str());
    let mut watch = watch.lock().unwrap();
    if watch.seen.is_empty() && !writes {
        return None;
    }
    watch.seen.push(name);
    Some(watch.seen.len() - 1)
}

fn struck(watch: &Mutex<Watch>, at: Option<usize>, now: Moment) {
    let mut watch = watch.lock().unwrap();
    if let (Some(at), Some((wanted, moment)), Some(process)) = (at, watch.kill, watch.process)
        && at == wanted
        && moment == now
    {
        watch.killed = true;
        let status = std::process::Command::new("kill").args(["-KILL", &process.to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()), "the program could not be killed");
    }
}

/// One HTTP message with its body; `None` at the end of the connection.
fn message(stream: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16_384]);
    loop {
        if let Some(end) = whole(&bytes) {
            bytes.truncate(end);
            return Ok(Some(bytes));
        }
        match stream.read(&mut chunk)? {
            0 => return Ok(None),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// How long the message is, once it is all there.
fn whole(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let end = head + length.unwrap_or(0);
    (bytes.len() >= end).then_some(end)
}

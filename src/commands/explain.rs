//! `rolecall explain`: reads cases, prints answers. No AWS call is made and no environment is read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::Path;

use color_eyre::eyre::{Result, WrapErr};
use jiff::Timestamp;

use super::output::{Output, is_closed_pipe};
use super::{complain, message};
use crate::cli::{self, Format};
use crate::explain::{self, Answer, Element, Elements};
use crate::policy::decision::Answer as Verdict;
use crate::values::json::printed;
use crate::values::text::safe;

/// Runs the command. The result is its exit code: 0 allow, 1 deny, 3 unknown, of a list 3 over 1 over 0; 2 when the input is no case.
///
/// # Errors
/// The result cannot be written.
pub fn run(options: &cli::Explain, now: Timestamp) -> Result<u8> {
    if let Some(text) = &options.message {
        return message::run(text, options);
    }
    let (input, name) = match source(options.file.as_deref()) {
        Ok(source) => source,
        Err(reason) => return Ok(complain(&reason)),
    };
    let elements = match Elements::new(input) {
        Ok(elements) => elements,
        Err(error) => return Ok(complain(&format!("{name}: {error}"))),
    };
    let mut run = Run {
        is_list: elements.is_list(),
        format: options.format,
        out: Output::new(options.output.as_deref()),
        count: [0; 3],
    };
    match run.all(elements, now) {
        Ok(Ok(code)) => run.end().map(|()| code),
        Ok(Err(fault)) => {
            let code = complain(&format!("{name}: {fault}"));
            // What was sent stays well-formed.
            if run.out.withdraw() { Ok(()) } else { run.close() }.and_then(|()| run.out.finish()).map(|()| code)
        }
        Err(error) => Err(error),
    }
    .or_else(|error| if is_closed_pipe(&error) { Ok(0) } else { Err(error) })
    .wrap_err_with(|| match &options.output {
        Some(file) => format!("{} cannot be written", file.display()),
        None => "standard output cannot be written".into(),
    })
}

/// What to read, and what to call it.
fn source(file: Option<&Path>) -> Result<(Box<dyn BufRead>, String), String> {
    match file {
        None if io::stdin().is_terminal() => {
            Err("name a file with an access case, or pipe one in; `rolecall schema case` describes it".into())
        }
        Some(path) if path != Path::new("-") => {
            let name = safe(&path.to_string_lossy()).into_owned();
            let file = File::open(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
            Ok((Box::new(BufReader::with_capacity(1 << 16, file)), name))
        }
        _ => Ok((Box::new(BufReader::with_capacity(1 << 16, io::stdin())), "standard input".into())),
    }
}

struct Run<'a> {
    is_list: bool,
    format: Format,
    out: Output<'a>,
    /// Allowed, denied, unknown.
    count: [usize; 3],
}

impl Run<'_> {
    /// Answers every case; the inner error is a sentence about the input.
    fn all(&mut self, elements: Elements<Box<dyn BufRead>>, now: Timestamp) -> io::Result<Result<u8, String>> {
        let mut code = 0;
        for (index, element) in elements.enumerate() {
            let element = match element {
                Ok(element) => element,
                Err(error) => return Ok(Err(error.to_string())),
            };
            match self.one(&element, index, now)? {
                Ok(one) => code = explain::worst(code, one),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        Ok(Ok(code))
    }

    fn one(&mut self, element: &Element, index: usize, now: Timestamp) -> io::Result<Result<u8, String>> {
        let of_list = if self.is_list { format!(" (case {})", index + 1) } else { String::new() };
        let named = match explain::read(element) {
            Ok(named) => named,
            Err(fault) => return Ok(Err(format!("{fault}{of_list}"))),
        };
        for remark in &named.remarks {
            let _ = writeln!(io::stderr(), "rolecall: {remark}{of_list}");
        }
        let answer = Answer::to(&named, now);
        let [allowed, denied, unknown] = &mut self.count;
        *match answer.decision.verdict {
            Verdict::Allow => allowed,
            Verdict::Deny => denied,
            Verdict::Unknown => unknown,
        } += 1;
        match self.format {
            Format::Text => {
                self.out.push(&explain::text(&named, &answer, self.is_list.then_some(index + 1)))?;
                if self.is_list {
                    self.out.push("\n")?;
                }
            }
            Format::Json if self.is_list => {
                self.out.push(if index == 0 { "[\n" } else { ",\n" })?;
                self.out.push(printed(&answer).trim_end())?;
            }
            Format::Json => self.out.push(&printed(&answer))?,
        }
        Ok(Ok(answer.exit_code()))
    }

    /// Ends what was printed.
    fn close(&mut self) -> io::Result<()> {
        let [allowed, denied, unknown] = self.count;
        match self.format {
            Format::Json if self.is_list && self.count == [0; 3] => self.out.push("[]\n"),
            Format::Json if self.is_list => self.out.push("\n]\n"),
            Format::Text if self.is_list => self.out.push(&explain::tally(allowed, denied, unknown)),
            Format::Json | Format::Text => Ok(()),
        }
    }

    fn end(mut self) -> io::Result<()> {
        self.close()?;
        self.out.finish()
    }
}

//! Names and values: an env file, an environment, what a container is given.

use std::collections::BTreeMap;

use super::lines::{self, Habit, LineFault, Statement};
use super::names::{Meaning, meaning};
use super::{Assignment, Given, Import, ImportFault, Shape, Value, listed, shown};
use crate::secret::Key;
use crate::values::SecretText;

/// The most faults that are told of one text.
const MOST_FAULTS: usize = 12;

/// The most variables of earlier versions that are listed; there never were as many.
const MOST_LEFTOVERS: usize = 100;

/// A source of variables, as it is read.
pub(super) struct Variables {
    import: Import,
    /// Names that look like a key's, and the key.
    perhaps: Vec<(String, Key)>,
}

impl Variables {
    /// Nothing read yet.
    pub(super) const fn new(shape: Shape) -> Self {
        Self { import: Import::new(shape), perhaps: Vec::new() }
    }

    /// Takes a value if its name is a key's, and says what the name means. `called` is what the source calls it.
    pub(super) fn take(&mut self, name: &str, called: String, value: Value) -> Meaning {
        let meaning = meaning(name);
        let left = &mut self.import.leftovers;
        match meaning {
            Meaning::Key(key) => self.import.given.push(Given { key, name: called, value }),
            Meaning::Perhaps(key) if self.perhaps.len() < MOST_LEFTOVERS => self.perhaps.push((shown(name), key)),
            Meaning::Leftover if left.len() < MOST_LEFTOVERS && !left.iter().any(|known| known == name) => {
                left.push(name.to_owned());
            }
            _ => {}
        }
        meaning
    }

    /// Adds a sentence.
    pub(super) fn remark(&mut self, sentence: impl Into<String>) {
        self.import.remark(sentence);
    }

    /// What was read, with what is worth knowing of the names that were not taken.
    pub(super) fn finished(self) -> Import {
        let Self { mut import, perhaps } = self;
        for (name, key) in perhaps {
            if !import.gives(key) {
                import.remark(format!("`{name}` looks like {key} and is not taken: call it {key} if it is."));
            }
        }
        if !import.leftovers.is_empty() {
            let names: Vec<String> = import.leftovers.iter().map(|name| shown(name)).collect();
            import.remark(format!(
                "Not part of the secret, and not read by a service that has one: {}. Remove them after the migration.",
                listed(&names)
            ));
        }
        import
    }
}

/// An environment.
pub(super) fn of_environment(variables: &[(String, SecretText)]) -> Import {
    let mut read = Variables::new(Shape::Variables);
    for (name, value) in variables {
        read.take(name, name.clone(), Value::Text(value.clone()));
    }
    read.finished()
}

/// Lines of `NAME=value`.
///
/// # Errors
/// Lines that cannot be read, all of them at once, by number; or there is none.
pub(super) fn of_lines(text: &SecretText) -> Result<Import, ImportFault> {
    let lines = lines::read(text.expose());
    if !lines.faults.is_empty() {
        return Err(faulty(&lines.faults));
    }
    if lines.statements.is_empty() && lines.bare.is_empty() {
        let empty = text.expose().trim_start_matches('\u{feff}').trim().is_empty();
        return Err(ImportFault(if empty { "it is empty" } else { "it holds no line of NAME=value" }.into()));
    }
    let mut read = Variables::new(Shape::Variables);
    let mut standing: BTreeMap<&str, Vec<&Statement>> = BTreeMap::new();
    for statement in &lines.statements {
        standing.entry(&statement.name).or_default().push(statement);
    }
    for statement in &lines.statements {
        let all = standing.get(statement.name.as_str()).map_or(&[][..], Vec::as_slice);
        // Of a name that stands twice the last one counts, for shells, Compose and docker alike.
        if all.last().is_some_and(|last| last.line == statement.line) {
            let value = Value::Text(statement.value.clone());
            if let Meaning::Key(_) = read.take(&statement.name, statement.name.clone(), value) {
                remark_on(&mut read, statement, all);
            }
        }
    }
    remark_on_bare(&mut read, &lines.bare);
    Ok(read.finished())
}

/// Every name and value of such lines, ours or not; of a name that stands twice the last one counts.
///
/// # Errors
/// Lines that cannot be read, all of them at once.
pub(super) fn all(text: &SecretText) -> Result<Vec<(String, SecretText)>, ImportFault> {
    let all: BTreeMap<String, SecretText> = statements(text)?.into_iter().map(|one| (one.name, one.value)).collect();
    Ok(all.into_iter().collect())
}

/// The same as they stand, a name that stands twice too.
pub(super) fn statements(text: &SecretText) -> Result<Vec<Assignment>, ImportFault> {
    let read = lines::read(text.expose());
    if !read.faults.is_empty() {
        return Err(faulty(&read.faults));
    }
    let assignment = |one: Statement| {
        let expands = one.habits.contains(&Habit::Dollar);
        Assignment { name: one.name, value: one.value, expands }
    };
    Ok(read.statements.into_iter().map(assignment).collect())
}

fn faulty(faults: &[LineFault]) -> ImportFault {
    let told = faults.iter().take(MOST_FAULTS).map(|fault| {
        let LineFault { line, column, what } = fault;
        format!("line {line}, column {column}: {what}")
    });
    let mut told: Vec<String> = told.collect();
    if let Some(more) = faults.len().checked_sub(MOST_FAULTS).filter(|more| *more > 0) {
        told.push(format!("and {more} more lines"));
    }
    ImportFault(told.join("; "))
}

/// Names without a value: docker would take it from whoever calls it.
fn remark_on_bare(read: &mut Variables, bare: &[(usize, Option<Key>)]) {
    let here = "docker would take it from its caller's environment, nothing is taken here";
    for (line, key) in bare.iter().filter_map(|(line, key)| Some((line, (*key)?))) {
        read.remark(format!("Line {line} holds {key}, by one of its names, without a value: {here}."));
    }
    let others: Vec<String> = bare.iter().filter(|(_, key)| key.is_none()).map(|(line, _)| line.to_string()).collect();
    match others.as_slice() {
        [] => {}
        [line] => read.remark(format!("Line {line} holds a name without a value: {here}.")),
        lines => read.remark(format!("Lines {} hold names without a value: {here}.", listed(lines))),
    }
}

/// What is worth knowing of a line that gives a key.
fn remark_on(read: &mut Variables, statement: &Statement, all: &[&Statement]) {
    let name = shown(&statement.name);
    if all.len() > 1 {
        let lines: Vec<String> = all.iter().map(|one| one.line.to_string()).collect();
        let same = all.iter().all(|one| one.value == statement.value);
        let values = if same { "with one value" } else { "with values that differ" };
        read.remark(format!("{name} stands on lines {} {values}; the last one counts.", listed(&lines)));
    }
    for habit in &statement.habits {
        read.remark(match habit {
            Habit::Dollar => format!(
                "{name} holds a `$`, kept as it stands: a shell and Compose would put in a variable's value, `docker run --env-file` would not."
            ),
            Habit::Hash => format!(
                "{name} holds a `#` without a space before it, kept as it stands: some readers end the value there. Quotes leave no doubt."
            ),
            Habit::Comment => format!(
                "What follows ` #` behind {name} is left out as a comment, as shells and Compose do; `docker run --env-file` would keep it."
            ),
            Habit::Escape => format!(
                r#"{name} stands in double quotes with a backslash: \n, \r, \t, \\ and \" were read as escapes, any other backslash was kept."#
            ),
        });
    }
}

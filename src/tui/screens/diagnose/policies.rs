//! The panes Trust and Caller: the real policies, each statement with what became of it.

use ratatui::text::Line;
use serde_json::Value;

use super::marked::{self, Place, Tried};
use super::subject::{Subject, role_name};
use crate::model::Fact;
use crate::policy::{Case, Layer, NamedPolicy, Readable};
use crate::tui::theme::{BOLD, DIM, Mark, PLAIN};
use crate::tui::widgets::row::{Row, blank, sentence};
use crate::values::RoleArn;
use crate::values::text::capitalized;

/// A pane that opens at the statement that decided.
#[derive(Default)]
pub struct Sheet {
    /// Stays on top.
    pub head: Vec<Line<'static>>,
    /// Scrolls.
    pub body: Vec<Line<'static>>,
    /// The line of the body that decided, and the one where its statement begins.
    pub focus: Option<(usize, usize)>,
}

/// What there is to try, with how it went.
fn tried<'a>(subject: &Subject<'a>) -> Option<(&'a Case, Tried<'a>)> {
    let case = subject.verdict()?.case.as_deref()?;
    Some((case, Tried::of(case, subject.evaluated()?, subject.facts.observed_at)))
}

/// The role's trust policy.
pub fn trust(subject: &Subject<'_>, columns: usize, unfolded: bool) -> Sheet {
    let role = subject.role();
    let Some(detail) = subject.hop_facts().and_then(|hop| hop.detail.shown()) else {
        return Sheet { head: sentence(&unread_trust(subject, &role), columns), ..Sheet::default() };
    };
    let tried = tried(subject);
    let of_another = subject.asked().is_some_and(|hop| is_another(&hop.role_arn, &detail.arn));
    let refuses = subject.evaluated().is_some_and(|decision| decision.blocked_by.contains(&Layer::Trust));
    let opening = match (&detail.trust, of_another) {
        (_, true) => format!("This is the trust policy of {}, another role than was asked for.", detail.arn),
        (Err(why), _) => format!("The trust policy of {role} cannot be understood: {why}"),
        _ if refuses => format!("The trust policy of {role} refuses {}.", subject.caller()),
        _ => format!("The trust policy of {role}, which {} has to pass.", subject.caller()),
    };
    let mut head = sentence(&opening, columns);
    head.push(Row::new().fit(&source(subject, tried.as_ref().map(|(_, tried)| tried)), columns - 2, DIM).line());
    head.push(blank());
    let Ok(value) = serde_json::from_str::<Value>(&detail.trust_text) else {
        return Sheet { head, body: marked::verbatim(detail, columns), focus: None };
    };
    let place = Place { layer: Layer::Trust, level: None, policy: 0 };
    let judged = tried.as_ref().map(|(_, tried)| tried).filter(|_| !of_another);
    let printed = marked::print(&value, judged, place, columns, unfolded);
    Sheet { head, body: printed.lines, focus: printed.focus }
}

fn is_another(asked: &str, read: &RoleArn) -> bool {
    RoleArn::parse(asked).is_ok_and(|asked| asked.account() != read.account() || asked.name() != read.name())
}

/// Of which account it is, who read it, and which action it was tried for.
fn source(subject: &Subject<'_>, tried: Option<&Tried<'_>>) -> String {
    let hop = subject.hop_facts();
    let account =
        hop.and_then(|hop| hop.detail.shown()).map(|detail| format!("account {}", detail.arn.account().grouped()));
    let by = hop.map(|hop| hop.read_by.as_str()).filter(|by| !by.is_empty()).map(|by| format!("read with {by}"));
    let action = tried.and_then(Tried::action).filter(|action| *action != "sts:AssumeRole");
    let action = action.map(|action| format!("tried for {action}"));
    account.into_iter().chain(by).chain(action).collect::<Vec<_>>().join(" · ")
}

fn unread_trust(subject: &Subject<'_>, role: &str) -> String {
    match subject.hop_facts().map(|hop| &hop.detail) {
        Some(Fact::Pending(_)) => format!("Reading the trust policy of {role}."),
        Some(Fact::Absent) => format!("There is no {role} in its account, so there is no trust policy."),
        Some(Fact::Denied { action, .. }) => format!(
            "The trust policy of {role} was not read: {action} is missing. An AWS profile of its account that has it can be added as an inspector."
        ),
        Some(Fact::Failed(error)) => format!("The trust policy of {role} was not read: {}", error.message),
        _ if subject.running => format!("Reading the trust policy of {role}."),
        _ => format!("The trust policy of {role} was not looked up; iam:GetRole reads it."),
    }
}

/// The caller's own policies, and whatever stands above them.
pub fn caller(subject: &Subject<'_>, columns: usize, unfolded: bool) -> Sheet {
    let caller = subject.caller();
    let Some((case, tried)) = tried(subject) else {
        return Sheet { head: sentence(&unread_caller(subject, &caller), columns), ..Sheet::default() };
    };
    let on_side = |layer: &Layer| !matches!(layer, Layer::Trust | Layer::Rcp | Layer::Request | Layer::Credentials);
    let refuses = subject.evaluated().is_some_and(|decision| decision.blocked_by.iter().any(on_side));
    let opening = if refuses {
        format!("The policies of {caller} do not let it assume {}.", subject.role())
    } else {
        format!("What {caller} is allowed, to assume {}.", subject.role())
    };
    let mut sheet = Sheet { head: sentence(&opening, columns), ..Sheet::default() };
    let about = tried.action().map(|action| format!("tried for {action} on {}", role_name(&case.role_arn)));
    sheet.head.push(Row::new().fit(&about.unwrap_or_default(), columns - 2, DIM).line());
    sheet.head.push(blank());
    let mut writer = Writer { sheet, tried: &tried, columns, unfolded };
    writer.identity(subject, case);
    writer.limit(Layer::Boundary, "permissions boundary", &case.boundary);
    writer.limit(Layer::Session, "session policy", &case.session);
    writer.levels(Layer::Scp, "SCP", &case.scps);
    writer.levels(Layer::Rcp, "RCP", &case.rcps);
    writer.sheet
}

fn unread_caller(subject: &Subject<'_>, caller: &str) -> String {
    match subject.caller_facts().map(|facts| &facts.policies) {
        Some(Fact::Denied { action, .. }) => format!("The policies of {caller} were not read: {action} is missing."),
        Some(Fact::Failed(error)) => format!("The policies of {caller} were not read: {}", error.message),
        _ if subject.running => format!("Reading the policies of {caller}."),
        _ => format!("The policies of {caller} were not looked up."),
    }
}

struct Writer<'a> {
    sheet: Sheet,
    tried: &'a Tried<'a>,
    columns: usize,
    unfolded: bool,
}

impl Writer<'_> {
    fn identity(&mut self, subject: &Subject<'_>, case: &Case) {
        match &case.identity {
            Readable::Unread => {
                let text = unread_caller(subject, &subject.caller());
                self.note(Mark::Unknown, "identity policies", text.trim_end_matches('.'));
            }
            Readable::Read(policies) if policies.is_empty() => {
                self.note(Mark::Open, "identity policies", "there are none");
            }
            Readable::Read(policies) => {
                for (policy, named) in policies.iter().enumerate() {
                    self.policy(Place { layer: Layer::Identity, level: None, policy }, "identity policy", named);
                }
            }
        }
    }

    fn limit(&mut self, layer: Layer, kind: &str, limit: &Readable<Option<NamedPolicy>>) {
        match limit {
            Readable::Read(Some(named)) => self.policy(Place { layer, level: None, policy: 0 }, kind, named),
            Readable::Read(None) => self.note(Mark::Open, kind, "there is none"),
            Readable::Unread => self.note(Mark::Unknown, kind, "not read, nor whether there is one"),
        }
    }

    fn levels(&mut self, layer: Layer, kind: &str, levels: &Readable<Vec<crate::policy::Level>>) {
        let Readable::Read(levels) = levels else {
            let needs = if layer == Layer::Scp { "of the caller's account" } else { "of the role's account" };
            return self.note(Mark::Unknown, &format!("{kind}s"), &format!("not read, {needs}"));
        };
        for (index, level) in levels.iter().enumerate() {
            for (policy, named) in level.policies.iter().enumerate() {
                let kind = format!("{kind} at {}", level.target);
                self.policy(Place { layer, level: Some(index), policy }, &kind, named);
            }
        }
    }

    fn policy(&mut self, place: Place, kind: &str, named: &NamedPolicy) {
        let count = named.policy.statements().len();
        let concerns = self.tried.concerns(place);
        let mark = self.tried.mark(place).unwrap_or(Mark::Open);
        let name = if named.name.is_empty() { format!("{kind} {}", place.policy + 1) } else { named.name.clone() };
        let end = self.columns.saturating_sub(2);
        let row = Row::new().mark(mark).fit_middle(&capitalized(&name), end, BOLD);
        if !concerns && !self.unfolded {
            let many =
                if count == 1 { "its statement missed".to_owned() } else { format!("all {count} statements missed") };
            self.sheet.body.push(row.right(&many, end, DIM).line());
            return;
        }
        self.sheet.body.push(row.line());
        let printed = marked::print(named.policy.as_json(), Some(self.tried), place, self.columns, self.unfolded);
        let from = self.sheet.body.len();
        if let (None, Some(line)) = (self.sheet.focus, printed.focus) {
            self.sheet.focus = Some((from + line.0, from + line.1));
        }
        self.sheet.body.extend(printed.lines);
        self.sheet.body.push(blank());
    }

    fn note(&mut self, mark: Mark, name: &str, text: &str) {
        let row = Row::new().mark(mark).cell(&capitalized(name), 22, PLAIN);
        self.sheet.body.push(row.fit(text, self.columns.saturating_sub(2), PLAIN).line());
    }
}

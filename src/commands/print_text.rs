//! `rolecall print WHAT`: a text to hand over. AWS is asked as by `check`, unless the flags say everything that the text needs.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::aws::Surroundings;
use crate::check;
use crate::cli::{EnvForm, EnvStyle, Format, Global, Path, Print, PrintWhat};
use crate::handover::{self, Form, Name, Style, Text, Wish};
use crate::judge::{self, Judgement};
use crate::model::{Facts, Inquiry, Selection};
use crate::systems;
use crate::values::text::{COLUMNS, filled, safe, safe_whole};
use crate::values::{PrincipalArn, RoleArn, StackArn, json, shell};

/// Raised when a field changes its meaning or goes away; a new field does not raise it.
const SCHEMA_VERSION: u32 = 1;

/// The text holds placeholders, or could not be made from all that it should.
const OPEN: u8 = 3;

#[derive(Serialize)]
struct Printed<'a> {
    schema_version: u32,
    #[serde(flatten)]
    text: &'a Text,
}

/// The text to print and the exit code. What must be known beside it goes to standard error.
///
/// # Errors
/// A sentence: an option that does not go with the text, or several texts of which one must be chosen.
pub async fn run(
    here: Arc<Surroundings>,
    selection: Selection,
    global: &Global,
    options: &Print,
) -> Result<(String, u8), String> {
    let name = checked(options)?.ok_or("there is no such text to hand over")?;
    let wish = Wish {
        roles: options.role.clone(),
        principal: global.principal.clone().filter(|principal| !matches!(principal, PrincipalArn::Role(_))),
        shows_external_ids: options.show_external_ids,
        tags_session: options.tag_session,
        new_roles: options.new_role,
    };
    let path = super::inquiry(&[], &Path::default(), global, selection.inquiry.clone());
    if let (Name::OfSystem(word), Some(chosen)) = (name, &selection.system)
        && !systems::of_text(word).any(|own| own.name() == chosen.name)
    {
        return Err(format!("{word} is no text of {}", chosen.name));
    }
    let selection = Selection { inquiry: path.filter(|_| selection.system.is_none()), ..selection };
    let (facts, selection) = facts(here, selection, global, options, name).await;
    let judgement =
        if facts.identity.known().is_some() { judge::judge(&facts, &selection) } else { Judgement::default() };
    let (texts, roles) = handover::asked(&facts, &selection, &judgement, &wish, name);
    let of = (name == Name::ContainerEnv).then(|| {
        handover::of(
            style(options.style.unwrap_or(EnvStyle::SecretsOnly)),
            form(options.form.unwrap_or(EnvForm::EnvFile)),
        )
    });
    let texts: Vec<Text> = texts.into_iter().filter(|text| of.is_none() || text.of == of).collect();
    let has_texts = !texts.is_empty();
    let texts: Vec<Text> = match &options.of {
        Some(wanted) => named(texts, wanted, name)?,
        None => texts,
    };
    if !has_texts {
        return Err(none(&facts, &selection, name, !options.role.is_empty()));
    }
    let text = only(texts, roles.iter(), name)?;
    let code = if text.is_whole() { 0 } else { OPEN };
    Ok(match options.format {
        Format::Json => (json::printed(&Printed { schema_version: SCHEMA_VERSION, text: &text }), code),
        Format::Text => {
            beside(&text);
            (safe_body(&text.body), code)
        }
    })
}

/// Which text it is, once every option was found to go with it; `None`: none to hand over.
///
/// # Errors
/// An option that does not go with what is printed.
pub fn checked(options: &Print) -> Result<Option<Name>, String> {
    let name = name(options.what);
    let sides =
        [Name::TaskRolePolicy, Name::CallerPolicy, Name::TrustPolicy, Name::AwsCommands, Name::Cdk, Name::Terraform];
    let is_of_sides = name.is_some_and(|name| sides.contains(&name) || matches!(name, Name::OfSystem(_)));
    let of_env = options.style.is_some() || options.form.is_some();
    if of_env && name != Some(Name::ContainerEnv) {
        return Err("--style and --as go with container-env alone".into());
    }
    if options.new_role && !matches!(name, Some(Name::TrustPolicy | Name::Terraform)) {
        return Err("--new-role goes with trust-policy and terraform alone".into());
    }
    let asked = [
        (!options.role.is_empty(), "--role"),
        (options.show_external_ids, "--show-external-ids"),
        (options.tag_session, "--tag-session"),
    ];
    match asked.into_iter().find(|(given, _)| *given && !is_of_sides) {
        Some((_, option)) => {
            let what = name.map_or("this", Name::word);
            Err(format!("{option} goes with a text to hand over about roles; {what} has no role in it to choose"))
        }
        None => Ok(name),
    }
}

const fn name(what: PrintWhat) -> Option<Name> {
    match what {
        PrintWhat::Answers | PrintWhat::Config => None,
        PrintWhat::Text(name) => Some(name),
    }
}

const fn style(style: EnvStyle) -> Style {
    match style {
        EnvStyle::SecretsOnly => Style::SecretsOnly,
        EnvStyle::ServiceEnvars => Style::ServiceEnvars,
    }
}

const fn form(form: EnvForm) -> Form {
    match form {
        EnvForm::EnvFile => Form::EnvFile,
        EnvForm::Ecs => Form::Ecs,
        EnvForm::Compose => Form::Compose,
    }
}

/// What has to be looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Need {
    /// The flags say everything.
    Nothing,
    /// What this machine tells.
    Machine,
    /// The roles that were named.
    Roles,
    /// Everything that `check` looks up.
    All,
}

fn need(name: Name, global: &Global, options: &Print) -> Need {
    let roles = !options.role.is_empty();
    let both = roles && global.principal.is_some();
    let stack = global.stack.as_deref().is_some_and(|stack| StackArn::parse(stack).is_ok());
    match name {
        Name::TaskRolePolicy | Name::CallerPolicy if roles => Need::Nothing,
        Name::AwsCommands | Name::Cdk if both => Need::Nothing,
        Name::TrustPolicy | Name::Terraform if both => {
            if options.new_role {
                Need::Nothing
            } else {
                Need::Roles
            }
        }
        Name::ContainerEnv if options.style != Some(EnvStyle::ServiceEnvars) && stack && global.secret.is_some() => {
            Need::Nothing
        }
        Name::Health => Need::Machine,
        _ => Need::All,
    }
}

async fn facts(
    here: Arc<Surroundings>,
    selection: Selection,
    global: &Global,
    options: &Print,
    name: Name,
) -> (Facts, Selection) {
    let need = if selection.system.is_some() { Need::All } else { need(name, global, options) };
    let (mut facts, selection) = match need {
        Need::Nothing | Need::Roles => (Facts::new(here.clock.now()), selection),
        Need::Machine => (check::survey(Arc::clone(&here), &selection).await, selection),
        Need::All => {
            let checked = check::run(Arc::clone(&here), selection).await;
            (checked.facts, checked.selection)
        }
    };
    if matches!(need, Need::Roles | Need::All) && selection.system.is_none() {
        for role in options.role.iter().filter(|role| !is_known(&facts, role)).cloned().collect::<Vec<_>>() {
            let asked = Selection { inquiry: Some(Inquiry::of_role(role.to_string(), "named")), ..selection.clone() };
            let found = check::run(Arc::clone(&here), asked).await.facts;
            if need == Need::Roles {
                (facts.credentials, facts.identity) = (found.credentials, found.identity);
            }
            facts.path.hops.extend(found.path.hops);
        }
    }
    (facts, selection)
}

fn is_known(facts: &Facts, role: &RoleArn) -> bool {
    let hop = facts.path.hops.iter().filter_map(|hop| hop.detail.known()).any(|detail| &detail.arn == role);
    hop || facts.roles.values().any(|known| {
        known.detail.known().is_some_and(|detail| &detail.arn == role)
            || known.found.known().is_some_and(|found| &found.arn == role)
    })
}

/// The one text; several that say the same are one.
fn only<'a>(texts: Vec<Text>, roles: impl Iterator<Item = &'a RoleArn>, name: Name) -> Result<Text, String> {
    let same = |texts: &[Text]| texts.windows(2).all(|pair| matches!(pair, [one, other] if one.body == other.body));
    if !same(&texts) {
        let choices = choices(&texts, roles);
        return Err(if choices.is_empty() {
            format!("there are several texts {}, and nothing tells them apart", name.word())
        } else {
            format!("there are several texts {}: choose one with {}", name.word(), choices.join(" or "))
        });
    }
    let several: Vec<String> = texts.iter().skip(1).filter_map(|text| text.of.clone()).collect();
    let mut texts = texts.into_iter();
    let Some(mut text) = texts.next() else { return Err(format!("there is no text {}", name.word())) };
    for other in texts {
        let new: Vec<String> = other.notes.into_iter().filter(|note| !text.notes.contains(note)).collect();
        text.notes.extend(new);
    }
    if !several.is_empty() {
        text.notes.insert(0, format!("The same holds for {}.", several.join(", ")));
    }
    Ok(text)
}

/// The texts about whom or what `--of` names.
fn named(texts: Vec<Text>, wanted: &str, name: Name) -> Result<Vec<Text>, String> {
    let known: Vec<String> = texts.iter().filter_map(|text| text.of.clone()).collect();
    let found: Vec<Text> = texts.into_iter().filter(|text| text.of.as_deref() == Some(wanted)).collect();
    match (found.is_empty(), known.is_empty()) {
        (false, _) => Ok(found),
        (true, true) => Err(format!("there is one text {} alone: leave --of out", name.word())),
        (true, false) => {
            Err(format!("there is no text {} of {}, only of {}", name.word(), safe(wanted), known.join(", ")))
        }
    }
}

/// The options that choose one of several texts: its role, or else whom it is about.
fn choices<'a>(texts: &[Text], roles: impl Iterator<Item = &'a RoleArn>) -> Vec<String> {
    let of: BTreeSet<&String> = texts.iter().filter_map(|text| text.of.as_ref()).collect();
    let roles: BTreeSet<String> = roles.map(ToString::to_string).collect();
    if roles.len() < 2 {
        of.into_iter().map(|of| shell::command(["--of", of])).collect()
    } else {
        roles.iter().map(|role| shell::command(["--role", role])).collect()
    }
}

/// Why there is no text of that name.
fn none(facts: &Facts, selection: &Selection, name: Name, of_roles: bool) -> String {
    let word = name.word();
    match systems::chosen(facts, selection) {
        // Its questions are about principals, whatever its settings are.
        Some((system, settings)) if !system.questions(&settings, facts).is_empty() => format!(
            "there is no text {word} of {}, which is about no role; there are: {}",
            system.title(),
            system.text_names().iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
        ),
        Some((system, _)) if systems::intended(facts, selection).is_empty() => format!(
            "there is no text {word} here: no role follows from the settings of {}. `rolecall check --system {}` says what is wrong with them.",
            system.title(),
            system.name()
        ),
        Some(_) if facts.identity.known().is_none() => format!(
            "there is no text {word} without credentials: it is made of what AWS tells of the role and of its caller, and none that AWS takes are here. Name an AWS profile with --aws-profile."
        ),
        Some(_) if of_roles => format!("there is no text {word} here: --role names no role of the settings"),
        Some(_) => format!("there is no text {word} here: what was looked up gives nothing to write in it"),
        None => format!("there is no text {word} here"),
    }
}

/// Gaps and notes, on standard error.
fn beside(text: &Text) {
    let mut out = String::new();
    for gap in &text.gaps {
        filled(&mut out, COLUMNS, "rolecall: ", &format!("{}: {}", gap.placeholder, gap.why));
    }
    for note in &text.notes {
        filled(&mut out, COLUMNS, "note: ", note);
    }
    let _ = io::stderr().write_all(out.as_bytes());
}

/// Every line of a body is made of what is safe to print; this holds it to that.
fn safe_body(body: &str) -> String {
    let mut out: String = body.lines().map(|line| format!("{}\n", safe_whole(line))).collect();
    if !body.ends_with('\n') {
        out.pop();
    }
    out
}

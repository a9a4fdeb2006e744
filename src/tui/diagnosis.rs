//! A diagnosis: what is asked, where it was begun, what is looked up for it, and what is asked once more.

use super::app::App;
use super::engine::Ask;
use super::keymap::{Action, When};
use super::message::Effect;
use super::prompt::{Prompt, Purpose};
use super::route::{Route, Walk};
use super::screens::{ask, diagnose};
use crate::model::facts::PathFacts;
use crate::model::inquiry::MfaCode;
use crate::model::selection::CredentialSource;
use crate::model::verdict::Party;
use crate::model::{Fact, Inquiry, Verdict};
use crate::preselect;
use crate::values::SecretText;

/// What is kept of a diagnosis beside what was asked and found.
pub struct State {
    /// Where it was begun, and where Esc leads.
    pub from: Route,
    /// It is to be looked up as soon as it is known who asks.
    pub wanted: bool,
    /// What the walk would have looked up once it was known who asks: it is when one goes back.
    pub owes: bool,
    /// The same path was looked up before: its verdicts stay until the new ones are there.
    pub again: bool,
    /// "Send the external ID that the trust policy wants?" is being asked.
    pub agreeing: bool,
    /// The MFA device whose code is being asked for.
    device: Option<String>,
}

impl Default for State {
    fn default() -> Self {
        Self { from: Route::Ask, wanted: false, owes: false, again: false, agreeing: false, device: None }
    }
}

impl App {
    /// Diagnoses a path: opens the screen, and looks up what is not known yet.
    pub fn diagnose(&mut self, inquiry: Inquiry) -> Vec<Effect> {
        if self.route != Route::Diagnose {
            self.diagnosis.from = if self.route == Route::Roles { Route::Roles } else { Route::Ask };
        }
        let before = self.selection.inquiry.replace(inquiry);
        let same = |one: &Inquiry, other: &Inquiry| one.hops == other.hops && one.principal == other.principal;
        if !before.zip(self.selection.inquiry.as_ref()).is_some_and(|(before, now)| same(&before, now)) {
            self.facts.path = PathFacts::default();
            diagnose::begin(self);
            self.derive();
        }
        self.diagnosis.wanted = true;
        self.go(Route::Diagnose);
        self.begin_diagnosis()
    }

    /// As [`App::diagnose`], with the credentials of an AWS profile where the path says whose it begins with.
    pub fn diagnose_as(&mut self, inquiry: Inquiry, source: Option<CredentialSource>) -> Vec<Effect> {
        let other = source.filter(|source| self.selection.source.as_ref() != Some(source));
        let mut effects = other.map_or_else(Vec::new, |source| self.choose_source(source));
        effects.extend(self.diagnose(inquiry));
        effects
    }

    /// Opens the question what is to be diagnosed, with the message that a path which was chosen beforehand began with.
    pub fn open_question(&mut self) {
        let message = self.selection.inquiry.as_ref().and_then(|inquiry| inquiry.message.clone());
        if let Some(message) = message.filter(|_| self.inquiring.message.text().is_none()) {
            self.note = self.inquiring.message.paste(message.expose()).err();
        }
        self.go(Route::Ask);
    }

    /// Opens the program at the diagnosis, or at the question what is to be diagnosed.
    pub fn open_diagnosis(&mut self) {
        let asked = self.selection.inquiry.is_some();
        self.diagnosis.wanted = asked;
        self.go(if asked { Route::Diagnose } else { Route::Ask });
    }

    /// Whether this machine was read, and has no credentials to ask with.
    pub fn has_no_source(&self) -> bool {
        self.selection.source.is_none() && self.facts.sources.known().is_some_and(Vec::is_empty)
    }

    /// Looks the path up, or what goes before it. Credentials that lead to no identity are looked up with too: that is a verdict of its own.
    pub fn begin_diagnosis(&mut self) -> Vec<Effect> {
        let reading = self.running.contains_key(&Ask::Survey) && self.facts.sources.known().is_none();
        if !self.diagnosis.wanted || self.route != Route::Diagnose || reading {
            return Vec::new();
        }
        if self.selection.source.is_none() {
            self.selection.source = preselect::source(&self.facts);
        }
        if self.selection.source.is_none() {
            // Before this machine was read nobody can say whose credentials there are; where there are none the page says so.
            if self.facts.sources.known().is_some_and(|sources| !sources.is_empty()) {
                self.open_prompt(Action::AwsProfile);
            }
            return Vec::new();
        }
        if self.running.contains_key(&Ask::Identity) {
            return Vec::new();
        }
        if !self.facts.identity.is_settled() && !self.facts.credentials.is_settled() {
            return vec![self.ask(Ask::Identity)];
        }
        self.diagnosis.wanted = false;
        vec![self.walk_the_path()]
    }

    /// Looks the path up, once more if it was before. What holds for one run alone is not kept.
    pub fn walk_the_path(&mut self) -> Effect {
        self.diagnosis.again = !self.path_verdicts().is_empty();
        self.watch.outcome = None;
        let effect = self.ask(Ask::Path);
        if let Some(inquiry) = &mut self.selection.inquiry {
            inquiry.mfa = None;
            inquiry.tries_wanted_external_id = false;
        }
        effect
    }

    /// The verdicts of the path.
    pub fn path_verdicts(&self) -> &[Verdict] {
        &self.judgement.path
    }

    /// What the walk looks up besides, once one goes back to it.
    pub fn catch_up(&mut self) -> Vec<Effect> {
        if !self.diagnosis.owes
            || self.route == Route::Diagnose
            || self.walk == Walk::System
            || self.facts.identity.known().is_none()
        {
            return Vec::new();
        }
        self.diagnosis.owes = false;
        vec![self.ask(Ask::Stacks), self.ask(Ask::Secrets), self.ask_for_stack()]
    }

    /// Whether a code of an MFA device is wanted, and can be typed.
    pub fn may_type_code(&self) -> When {
        let about = ["mfa_missing", "mfa_too_old"];
        let refused = |verdict: &Verdict| verdict.party == Party::Operator && about.contains(&verdict.decision.cause.0);
        if self.facts.path.mfa_devices == Fact::NotAsked && !self.path_verdicts().iter().any(refused) {
            return When::Hidden;
        }
        if self.running.contains_key(&Ask::Path) {
            return When::No("it is being looked up; the code would be too old by then");
        }
        match &self.facts.path.mfa_devices {
            Fact::Known(devices) if devices.is_empty() => When::No("you have no MFA device"),
            Fact::Known(devices) if devices.iter().all(|device| !device.has_codes()) => {
                When::No("your MFA devices give no codes, and the API takes nothing else")
            }
            _ => When::Yes,
        }
    }

    /// The devices whose code can be typed: the operator's own, and the one that the AWS files name.
    pub fn devices(&self) -> Vec<String> {
        let own = self.facts.path.mfa_devices.shown().into_iter().flatten();
        let own = own.filter(|device| device.has_codes()).map(|device| device.serial.clone());
        let hops = self.selection.inquiry.as_ref().map(|inquiry| inquiry.hops.as_slice()).unwrap_or_default();
        let roles = self.facts.machine.shown().into_iter().flat_map(|machine| &machine.roles);
        let of_files = roles.filter(|role| role.hops == hops).filter_map(|role| role.mfa_serial.clone());
        let mut devices: Vec<String> = own.collect();
        for serial in of_files {
            if !devices.contains(&serial) {
                devices.push(serial);
            }
        }
        devices
    }

    /// Asks for a code: of the only device there is, or first of which.
    pub fn ask_for_code(&mut self) {
        let devices = self.devices();
        if let [only] = devices.as_slice() {
            self.ask_for_code_of(only.clone());
        } else {
            let at = (!devices.is_empty()).then_some(0);
            self.prompt = Some(Prompt { at, ..Prompt::new(Purpose::MfaDevice, "", devices) });
        }
    }

    /// Asks for the code of a device.
    pub fn ask_for_code_of(&mut self, serial: String) {
        self.choose_device(serial);
        self.prompt = Some(Prompt::new(Purpose::MfaCode, "", Vec::new()));
    }

    /// The device whose code is typed next.
    pub fn choose_device(&mut self, serial: String) {
        self.diagnosis.device = Some(serial);
    }

    /// A code was typed: it goes with one run, and is forgotten as soon as that has begun.
    pub fn take_code(&mut self, code: SecretText) -> Vec<Effect> {
        let Some(serial) = self.diagnosis.device.take() else { return Vec::new() };
        let Some(inquiry) = &mut self.selection.inquiry else { return Vec::new() };
        inquiry.mfa = Some(MfaCode { serial, code });
        vec![self.walk_the_path()]
    }

    /// Whether one more try, with the external ID that the trust policy wants, could tell something.
    pub fn may_try_external_id(&self) -> When {
        let about = ["external_id_missing", "external_id_mismatch"];
        let fits = |verdict: &Verdict| verdict.party == Party::Operator && about.contains(&verdict.decision.cause.0);
        if !self.path_verdicts().iter().any(fits) {
            When::Hidden
        } else if self.running.contains_key(&Ask::Path) {
            When::No("it is being looked up; wait until it is done")
        } else {
            When::Yes
        }
    }

    /// The user said whether it may be sent.
    pub fn act_on_agreeing(&mut self, action: Action) -> Vec<Effect> {
        self.diagnosis.agreeing = false;
        if action != Action::Yes {
            self.note = Some("nothing was sent".into());
            return Vec::new();
        }
        self.try_wanted_external_id()
    }

    /// Looks the path up with one try more, of the external ID that the trust policy wants: the user agreed to it.
    pub fn try_wanted_external_id(&mut self) -> Vec<Effect> {
        if let Some(inquiry) = &mut self.selection.inquiry {
            inquiry.tries_wanted_external_id = true;
        }
        vec![self.walk_the_path()]
    }

    /// What a key does on the diagnosis, if it is not the screen's own.
    pub fn act_on_diagnosis(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Watch => return self.watch(),
            Action::MfaCode => self.ask_for_code(),
            Action::TryExternalId => self.diagnosis.agreeing = true,
            _ => {}
        }
        Vec::new()
    }

    /// Diagnoses the role under the cursor of the roles screen.
    pub fn diagnose_role(&mut self) -> Vec<Effect> {
        match ask::of_role(self, self.roles.selected) {
            Some(inquiry) => self.diagnose(inquiry),
            None => {
                self.note = Some("this role's ARN is not known; a types it".into());
                Vec::new()
            }
        }
    }
}

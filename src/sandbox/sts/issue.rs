//! Makes temporary credentials.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::whole_seconds;
use crate::sandbox::exchange::Call;
use crate::sandbox::ids;
use crate::sandbox::moment::Moment;
use crate::sandbox::session::{Holder, Session};
use crate::sandbox::state::State;
use crate::sandbox::xml::Xml;
use crate::values::SecretText;
use crate::values::time::Timestamp;

/// What a session shall be.
#[derive(Debug)]
pub(super) struct Kind {
    pub holder: Holder,
    pub account: String,
    /// How long it lasts.
    pub seconds: u32,
    pub policy: Option<serde_json::Value>,
    pub tags: BTreeMap<String, String>,
    pub transitive_tag_keys: BTreeSet<String>,
    pub source_identity: Option<String>,
    pub mfa: Option<Moment>,
}

impl Default for Kind {
    fn default() -> Self {
        Self {
            holder: Holder::User { name: String::new() },
            account: String::new(),
            seconds: 3_600,
            policy: None,
            tags: BTreeMap::new(),
            transitive_tag_keys: BTreeSet::new(),
            source_identity: None,
            mfa: None,
        }
    }
}

/// Credentials as they are handed out.
#[derive(Debug)]
pub(super) struct Credentials {
    /// `ASIA…`.
    pub access_key_id: String,
    secret_access_key: SecretText,
    token: SecretText,
    expires: Timestamp,
}

impl Credentials {
    /// `Credentials`, as STS answers.
    pub(super) fn write(&self, xml: &mut Xml) {
        xml.element("Credentials", |xml| {
            xml.text("AccessKeyId", &self.access_key_id);
            xml.text("SecretAccessKey", self.secret_access_key.expose());
            xml.text("SessionToken", self.token.expose());
            xml.text("Expiration", &whole_seconds(self.expires));
        });
    }
}

/// Makes a session that begins now. It is known once it is among the state's.
pub(super) fn issue(state: &mut State, call: &Call, kind: Kind) -> (Session, Credentials) {
    let seed = format!("{}/{:?}/{}", kind.account, kind.holder, state.next_serial());
    let expires = call.now.checked_add(SignedDuration::from_secs(i64::from(kind.seconds))).unwrap_or(Timestamp::MAX);
    let credentials = Credentials {
        access_key_id: ids::unique("ASIA", 20, &seed),
        secret_access_key: SecretText::new(ids::token(40, &seed)),
        token: SecretText::new(ids::token(280, &format!("token {seed}"))),
        expires,
    };
    let session = Session {
        account: kind.account,
        holder: kind.holder,
        secret_access_key: credentials.secret_access_key.clone(),
        token: credentials.token.clone(),
        expires: Moment::At(expires),
        policy: kind.policy,
        tags: kind.tags,
        transitive_tag_keys: kind.transitive_tag_keys,
        source_identity: kind.source_identity,
        mfa: kind.mfa,
    };
    (session, credentials)
}

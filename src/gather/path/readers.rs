//! With whose credentials an account is read: IAM answers for the account of whoever asks.

use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::OnceCell;

use crate::aws::{Connection, Connector};
use crate::gather::Sink;
use crate::model::facts::CallerIdentity;
use crate::model::selection::CredentialSource;
use crate::model::{AwsError, Fact, Facts, Selection};
use crate::values::AccountId;

/// The operator's credentials, and those of the inspectors.
pub(in crate::gather) struct Readers<'a> {
    connector: &'a Connector,
    own: &'a Connection,
    selection: &'a Selection,
    sink: &'a Sink,
    /// Where it lands who an inspector is.
    told: Told,
    all: OnceCell<Vec<Reader>>,
}

/// What is told of an inspector, by the name of its AWS profile.
pub(in crate::gather) type Told = fn(&mut Facts, String, Fact<CallerIdentity>);

/// Credentials, and the account they read.
#[derive(Clone, Debug)]
pub(in crate::gather) struct Reader {
    account: AccountId,
    /// Clients with these credentials.
    pub connection: Arc<Connection>,
    /// "AWS profile audit".
    pub words: String,
}

impl<'a> Readers<'a> {
    pub fn new(
        connector: &'a Connector,
        own: &'a Connection,
        selection: &'a Selection,
        sink: &'a Sink,
        told: Told,
    ) -> Self {
        Self { connector, own, selection, sink, told, all: OnceCell::new() }
    }

    /// Who reads that account: an inspector before the operator, since naming one says that the operator may not.
    pub async fn of(&self, account: &AccountId) -> Option<Reader> {
        self.all().await.iter().find(|reader| &reader.account == account).cloned()
    }

    /// Whoever reads any account.
    pub async fn any(&self) -> Option<Reader> {
        self.all().await.first().cloned()
    }

    async fn all(&self) -> &Vec<Reader> {
        self.all.get_or_init(|| self.connect()).await
    }

    async fn connect(&self) -> Vec<Reader> {
        let named = self.selection.inquiry.iter().flat_map(|inquiry| &inquiry.inspectors);
        let own = async {
            let caller = self.own.caller().await.ok()?;
            let words = self.selection.source.as_ref().map(words).unwrap_or_default();
            Some(Reader { account: caller.account, connection: Arc::new(self.own.clone()), words })
        };
        let (inspectors, own) = tokio::join!(join_all(named.map(|name| self.inspector(name))), own);
        inspectors.into_iter().flatten().chain(own).collect()
    }

    async fn inspector(&self, name: &str) -> Option<Reader> {
        let source = CredentialSource::Profile(name.to_owned());
        let words = words(&source);
        let connected = self.identified(source).await;
        let (key, fact) = (name.to_owned(), connected.as_ref().map(|(_, caller)| caller.clone()).map_err(Clone::clone));
        let told = self.told;
        self.sink.land(move |facts| told(facts, key, Fact::from_result(fact)));
        let (connection, caller) = connected.ok()?;
        Some(Reader { account: caller.account, connection: Arc::new(connection), words })
    }

    async fn identified(&self, source: CredentialSource) -> Result<(Connection, CallerIdentity), AwsError> {
        let selection = Selection { source: Some(source), ..self.selection.clone() };
        let connection = self.connector.connect(&selection).await?;
        let caller = connection.caller().await?;
        Ok((connection, caller))
    }
}

fn words(source: &CredentialSource) -> String {
    match source {
        CredentialSource::Profile(name) => format!("AWS profile {name}"),
        other => other.label(),
    }
}

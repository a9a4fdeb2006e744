//! The one place where the SDK's configuration is built.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::{RequestChecksumCalculation, ResponseChecksumValidation};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use tokio::sync::OnceCell;

use super::calls::sts::{self, Session};
use super::record::Watched;
use super::region::{self, Region};
use super::{Guard, Recorder, Surroundings, credentials, http, profiles};
use crate::model::facts::{self, CallerIdentity, SourceEntry};
use crate::model::selection::CredentialSource;
use crate::model::{AwsError, ErrorKind, Selection, Trials};
use crate::values::time::Timestamp;

/// To connect: a host that does not answer is told of after this.
pub(super) const CONNECT: Duration = Duration::from_secs(3);
/// One operation with all its attempts.
const OPERATION: Duration = Duration::from_secs(15);
/// How often a call is tried (the SDK's standard mode).
pub const ATTEMPTS: u32 = 3;

/// Makes connections; keeps the HTTP client, the call log and the retry partition of one run.
#[derive(Debug)]
pub struct Connector {
    here: Arc<Surroundings>,
    recorder: Recorder,
    partition: RetryPartition,
    http: OnceCell<SharedHttpClient>,
}

impl Connector {
    /// For one run: the SDK's retry bucket would otherwise be shared by the whole process.
    #[must_use]
    pub fn new(here: Arc<Surroundings>) -> Self {
        let partition = RetryPartition::custom("rolecall").build();
        Self { here, recorder: Recorder::default(), partition, http: OnceCell::new() }
    }

    /// Where this run takes place.
    #[must_use]
    pub const fn here(&self) -> &Arc<Surroundings> {
        &self.here
    }

    /// The call log.
    #[must_use]
    pub const fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Resolves the chosen credentials and builds clients that only read. A system's own region is where it calls, and not where this
    /// machine's credentials come from: [`Connector::reconnect`] leads there.
    ///
    /// # Errors
    /// Nothing chosen, an AWS profile that does not exist, or credentials that cannot be had.
    pub async fn connect(&self, selection: &Selection) -> Result<Connection, AwsError> {
        let (entry, files) = self.source(selection).await?;
        let profile_region = entry.region.as_deref();
        let of_machine = Selection { system: None, ..selection.clone() };
        let region = region::choose(&of_machine, &self.here.environment, profile_region);
        let watched = self.watched(Guard::reader()).await?;
        let credentials = credentials::resolve(&self.here, &entry.source, entry.kind, &region.name, watched).await;
        let credentials = credentials.map_err(|error| about_mfa(error, &entry.source, &files))?;
        let settings = Settings::of(&self.here, &entry.source, &files);
        self.with(
            Arc::new(Resolved {
                credentials,
                settings,
                label: label(&entry),
                profile_region: entry.region,
                mfa_serial: mfa_serial(&entry.source, &files),
                caller: OnceCell::new(),
            }),
            region,
            Guard::reader(),
            &self.partition,
        )
        .await
    }

    /// The same credentials in another region, or with another guard.
    ///
    /// # Errors
    /// The HTTP client could not be built.
    pub async fn reconnect(&self, from: &Connection, region: Region, guard: Guard) -> Result<Connection, AwsError> {
        self.with(from.resolved.clone(), region, guard, &from.late.partition).await
    }

    /// The same credentials for a look-up of very many calls, which is not to use up what is left to others of repeating theirs: with a retry
    /// partition of its own, and whoever is connected from there too.
    ///
    /// # Errors
    /// The HTTP client could not be built.
    pub async fn apart(&self, from: &Connection) -> Result<Connection, AwsError> {
        let partition = RetryPartition::custom("rolecall, many").build();
        self.with(from.resolved.clone(), from.region.clone(), Guard::reader(), &partition).await
    }

    /// The session that a role gave, in the region and with the settings of whoever assumed it.
    ///
    /// # Errors
    /// The HTTP client could not be built.
    pub async fn with_session(&self, from: &Connection, session: &Session) -> Result<Connection, AwsError> {
        let resolved = Resolved {
            credentials: session.0.clone(),
            settings: from.resolved.settings.clone(),
            label: from.resolved.label.clone(),
            profile_region: from.resolved.profile_region.clone(),
            mfa_serial: None,
            caller: OnceCell::new(),
        };
        self.with(Arc::new(resolved), from.region.clone(), Guard::reader(), &from.late.partition).await
    }

    async fn with(
        &self,
        resolved: Arc<Resolved>,
        region: Region,
        guard: Guard,
        partition: &RetryPartition,
    ) -> Result<Connection, AwsError> {
        let watched = self.watched(guard).await?;
        let config = self.sdk_config(&resolved, &region, SharedHttpClient::new(watched));
        Ok(Connection::new(config, resolved, region, partition.clone()))
    }

    /// The HTTP client for one question to Benchling at `host`: watched and recorded as every other, and the guard lets it out where the user
    /// asked for it.
    ///
    /// # Errors
    /// The HTTP client could not be built.
    pub(super) async fn asking(&self, trials: Trials, host: &str) -> Result<SharedHttpClient, AwsError> {
        Ok(SharedHttpClient::new(self.watched(Guard::asking(trials, host)).await?))
    }

    async fn watched(&self, guard: Guard) -> Result<Watched, AwsError> {
        let below = match &self.here.http {
            Some(client) => client.clone(),
            None => self.http.get_or_try_init(|| async { http::network_client(&self.here.environment) }).await?.clone(),
        };
        Ok(Watched::new(below, guard, self.recorder.clone(), self.here.clock))
    }

    async fn source(&self, selection: &Selection) -> Result<(SourceEntry, profiles::AwsFiles), AwsError> {
        let fault = |message: String| AwsError::local(ErrorKind::Credentials, "credentials", message);
        let Some(wanted) = &selection.source else {
            return Err(fault("no AWS profile is chosen".into()));
        };
        let files = profiles::read(&self.here).await;
        if let (Some(reason), CredentialSource::Profile(_)) = (files.faults.first(), wanted) {
            return Err(fault(reason.clone()));
        }
        let entries = profiles::list(&self.here, &files);
        let found = entries.into_iter().find(|entry| entry.source == *wanted);
        found.map(|entry| (entry, files)).ok_or_else(|| match wanted {
            CredentialSource::Profile(name) => fault(format!(
                "AWS profile `{name}` does not exist in {} or {}",
                self.here.aws_config_file.display(),
                self.here.aws_credentials_file.display()
            )),
            other => fault(format!("there are no credentials from {}", other.label())),
        })
    }

    fn sdk_config(&self, resolved: &Resolved, region: &Region, http: SharedHttpClient) -> SdkConfig {
        let settings = &resolved.settings;
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(aws_types::region::Region::new(region.name.clone()))
            .credentials_provider(SharedCredentialsProvider::new(resolved.credentials.clone()))
            .http_client(http)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(self.here.clock)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).operation_timeout(OPERATION).build())
            .use_fips(settings.use_fips)
            .use_dual_stack(settings.use_dual_stack)
            .disable_clock_skew_correction(settings.disable_clock_skew_correction);
        config.set_endpoint_url(settings.endpoint_url.clone());
        config.build()
    }
}

/// Settings of AWS's own that change where calls go or how they are signed.
#[derive(Clone, Debug, Default)]
struct Settings {
    endpoint_url: Option<String>,
    use_fips: bool,
    use_dual_stack: bool,
    disable_clock_skew_correction: bool,
}

impl Settings {
    fn of(here: &Surroundings, source: &CredentialSource, files: &profiles::AwsFiles) -> Self {
        let section = match source {
            CredentialSource::Profile(name) => files.profile(name),
            _ => None,
        };
        let text = |variable: &str, key: &str| {
            here.environment.get(variable).or_else(|| section.and_then(|section| section.get(key))).map(str::to_owned)
        };
        let flag =
            |variable: &str, key: &str| text(variable, key).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let ignored = flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
        Self {
            endpoint_url: text("AWS_ENDPOINT_URL", "endpoint_url").filter(|_| !ignored),
            use_fips: flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            use_dual_stack: flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
            disable_clock_skew_correction: flag("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "disable_clock_skew_correction"),
        }
    }
}

#[derive(Debug)]
struct Resolved {
    credentials: Credentials,
    settings: Settings,
    label: String,
    profile_region: Option<String>,
    mfa_serial: Option<String>,
    /// Who these credentials are, once AWS has said so.
    caller: OnceCell<CallerIdentity>,
}

/// Clients of one region, all with the same credentials, guard and call log.
#[derive(Clone, Debug)]
pub struct Connection {
    /// `sts`.
    pub sts: aws_sdk_sts::Client,
    /// `iam`, a global service.
    pub iam: aws_sdk_iam::Client,
    /// `cloudformation`.
    pub cloudformation: aws_sdk_cloudformation::Client,
    /// `secretsmanager`.
    pub secretsmanager: aws_sdk_secretsmanager::Client,
    /// The region of the regional clients.
    pub region: Region,
    late: Arc<Late>,
    resolved: Arc<Resolved>,
}

/// Clients that only a diagnosis needs: each is built when it is first asked for, so that nobody else waits for them.
#[derive(Debug)]
struct Late {
    config: SdkConfig,
    partition: RetryPartition,
    s3: OnceLock<aws_sdk_s3::Client>,
    ecr: OnceLock<aws_sdk_ecr::Client>,
}

impl Connection {
    fn new(config: SdkConfig, resolved: Arc<Resolved>, region: Region, partition: RetryPartition) -> Self {
        let sts = aws_sdk_sts::config::Builder::from(&config).retry_partition(partition.clone()).build();
        let iam = aws_sdk_iam::config::Builder::from(&config).retry_partition(partition.clone()).build();
        let cloudformation =
            aws_sdk_cloudformation::config::Builder::from(&config).retry_partition(partition.clone()).build();
        let secretsmanager =
            aws_sdk_secretsmanager::config::Builder::from(&config).retry_partition(partition.clone()).build();
        Self {
            sts: aws_sdk_sts::Client::from_conf(sts),
            iam: aws_sdk_iam::Client::from_conf(iam),
            cloudformation: aws_sdk_cloudformation::Client::from_conf(cloudformation),
            secretsmanager: aws_sdk_secretsmanager::Client::from_conf(secretsmanager),
            region,
            late: Arc::new(Late { config, partition, s3: OnceLock::new(), ecr: OnceLock::new() }),
            resolved,
        }
    }

    /// `s3`. No checksums, which bodies alone need, and no session of S3 Express, which would be a call of its own. At an endpoint that is not
    /// AWS's own a bucket's name is part of the path: nobody resolves it as a part of the host there.
    pub(super) fn s3(&self) -> &aws_sdk_s3::Client {
        self.late.s3.get_or_init(|| {
            let config = aws_sdk_s3::config::Builder::from(&self.late.config)
                .retry_partition(self.late.partition.clone())
                .force_path_style(self.late.config.endpoint_url().is_some())
                .disable_s3_express_session_auth(true)
                .disable_multi_region_access_points(true)
                .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
                .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
            aws_sdk_s3::Client::from_conf(config.build())
        })
    }

    /// `ecr`.
    pub(super) fn ecr(&self) -> &aws_sdk_ecr::Client {
        self.late.ecr.get_or_init(|| {
            let config = aws_sdk_ecr::config::Builder::from(&self.late.config);
            aws_sdk_ecr::Client::from_conf(config.retry_partition(self.late.partition.clone()).build())
        })
    }

    /// Who these credentials are: `sts:GetCallerIdentity`, asked once.
    ///
    /// # Errors
    /// Credentials that AWS does not accept, or no answer; it is then asked again the next time.
    pub async fn caller(&self) -> Result<CallerIdentity, AwsError> {
        self.resolved.caller.get_or_try_init(|| sts::caller_identity(self)).await.cloned()
    }

    /// "AWS profile staging (SSO)": where the credentials are from.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.resolved.label
    }

    /// The region that the AWS profile itself names.
    #[must_use]
    pub fn profile_region(&self) -> Option<&str> {
        self.resolved.profile_region.as_deref()
    }

    /// The MFA device that the AWS profile names (`mfa_serial`).
    #[must_use]
    pub fn mfa_serial(&self) -> Option<&str> {
        self.resolved.mfa_serial.as_deref()
    }

    /// What can be said of the key without giving it away: its prefix, and whether a session token goes with it.
    ///
    /// Source: IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes": `ASIA` is a temporary key's, `AKIA` a user's own.
    #[must_use]
    pub fn key_kind(&self) -> String {
        let credentials = &self.resolved.credentials;
        let prefix = ["ASIA", "AKIA"].into_iter().find(|prefix| credentials.access_key_id().starts_with(prefix));
        let token =
            if credentials.session_token().is_some() { "with a session token" } else { "without a session token" };
        prefix.map_or_else(|| token.to_owned(), |prefix| format!("key {prefix}…, {token}"))
    }

    /// Whether these are a user's own keys, and no session's.
    #[must_use]
    pub fn is_long_term(&self) -> bool {
        self.resolved.credentials.session_token().is_none()
    }

    /// What may be known of the credentials.
    #[must_use]
    pub fn credentials(&self) -> facts::Credentials {
        let credentials = &self.resolved.credentials;
        facts::Credentials {
            prefix: credentials.access_key_id().chars().take(4).collect(),
            expires: credentials.expiry().and_then(|at: SystemTime| Timestamp::try_from(at).ok()),
            provider: self.resolved.label.clone(),
            region: self.region.name.clone(),
            region_from: self.region.from.clone(),
        }
    }
}

/// The SDK assumes the role of an AWS profile without the MFA that its `mfa_serial` asks for: a refusal then says what to do instead.
fn about_mfa(mut error: AwsError, source: &CredentialSource, files: &profiles::AwsFiles) -> AwsError {
    let CredentialSource::Profile(name) = source else { return error };
    let get = |key: &str| files.profile(name)?.get(key);
    if let (ErrorKind::Denied, Some(role), Some(_), Some(base)) =
        (error.kind, get("role_arn"), get("mfa_serial"), get("source_profile"))
    {
        error.message += &format!(
            ". AWS profile {name} wants MFA (mfa_serial), and no code can be typed for it here: choose AWS profile {base} and diagnose {role}, which asks for the code."
        );
    }
    error
}

fn mfa_serial(source: &CredentialSource, files: &profiles::AwsFiles) -> Option<String> {
    let CredentialSource::Profile(name) = source else { return None };
    files.profile(name)?.get("mfa_serial").map(str::to_owned)
}

/// "AWS profile staging (SSO)".
fn label(entry: &SourceEntry) -> String {
    match &entry.source {
        CredentialSource::Profile(name) => format!("AWS profile {name} ({})", entry.kind.words()),
        other => other.label(),
    }
}

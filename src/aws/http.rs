//! The real HTTP client: TLS by rustls with ring, proxies and certificate bundle from the environment.

use std::path::PathBuf;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::Environment;
use crate::model::{AwsError, ErrorKind};

/// How many certificate authorities TLS can trust: the machine's, or those of `AWS_CA_BUNDLE`, which replaces them.
#[must_use]
pub fn count_ca_roots(environment: &Environment) -> usize {
    match environment.get("AWS_CA_BUNDLE").map(PathBuf::from) {
        Some(bundle) => std::fs::read(bundle).map_or(0, |pem| certificates(&pem)),
        None => rustls_native_certs::load_native_certs().certs.len(),
    }
}

fn certificates(pem: &[u8]) -> usize {
    String::from_utf8_lossy(pem).matches("-----BEGIN CERTIFICATE-----").count()
}

/// Builds the client that speaks to AWS over the network.
///
/// # Errors
/// `AWS_CA_BUNDLE` that cannot be read or holds no certificate.
pub fn network_client(environment: &Environment) -> Result<SharedHttpClient, AwsError> {
    let context = TlsContext::builder()
        .with_trust_store(trust_store(environment)?)
        .build()
        .map_err(|error| AwsError::local(ErrorKind::Network, "TLS", error.to_string()))?;
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder().proxy_config(ProxyConfig::from_env());
        if let Some(settings) = settings {
            builder = builder.connector_settings(settings.clone());
        }
        if let Some(sleep) = components.and_then(|components| components.sleep_impl()) {
            builder = builder.sleep_impl(sleep);
        }
        builder.tls_provider(Provider::rustls(CryptoMode::Ring)).tls_context(context.clone()).build()
    }))
}

fn trust_store(environment: &Environment) -> Result<TrustStore, AwsError> {
    let Some(bundle) = environment.get("AWS_CA_BUNDLE") else {
        // The connector would stop the program in a debug build when it is told to use roots that are not there.
        return Ok(TrustStore::empty().with_native_roots(count_ca_roots(environment) > 0));
    };
    let fault = |reason: String| {
        AwsError::local(ErrorKind::Network, "AWS_CA_BUNDLE", format!("the certificate bundle {bundle} {reason}"))
    };
    let pem = std::fs::read(bundle).map_err(|error| fault(format!("cannot be read: {error}")))?;
    if certificates(&pem) == 0 {
        return Err(fault("holds no certificate".into()));
    }
    check_parses(&pem).map_err(|reason| fault(format!("holds a certificate that cannot be read: {reason}")))?;
    Ok(TrustStore::empty().with_pem_certificate(pem))
}

/// The connector stops the program on a bundle that does not parse, so it is read once before.
fn check_parses(pem: &[u8]) -> Result<(), String> {
    use rustls_pki_types::{CertificateDer, pem::PemObject};
    CertificateDer::pem_slice_iter(pem).try_for_each(|item| item.map(|_| ()).map_err(|error| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_that_is_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bundle.pem");
        std::fs::write(&file, "not a certificate").unwrap();
        let environment = Environment::new([("AWS_CA_BUNDLE".into(), file.display().to_string())]);
        let error = network_client(&environment).unwrap_err();
        assert!(error.message.contains("bundle.pem") && error.message.contains("no certificate"), "{error}");
        assert_eq!(count_ca_roots(&environment), 0);
        let missing = Environment::new([("AWS_CA_BUNDLE".into(), "/nowhere/bundle.pem".into())]);
        assert!(network_client(&missing).unwrap_err().message.contains("cannot be read"));
    }
}

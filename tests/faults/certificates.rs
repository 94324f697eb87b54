//! Certificates that fit and such that do not, made anew for each run.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// The names that a fitting certificate has: this machine, and what is reached through a proxy.
const NAMES: [&str; 2] = ["localhost", "*.through.test"];

/// What signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, as a file has it.
    pub pem: String,
}

impl Authority {
    /// A new one of that name.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// What a server uses that has a certificate of it for these names, valid between those years.
    pub fn server(&self, names: &[&str], from: i32, until: i32) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = params(names, from, until)
            .signed_by(&key, &self.issuer)
            .unwrap();
        acceptor(certificate.der().clone(), &key)
    }

    /// What a server uses whose certificate fits.
    pub fn fitting(&self) -> TlsAcceptor {
        self.server(&NAMES, 2020, 2100)
    }
}

/// What a server uses that has signed its certificate itself.
pub fn self_signed() -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let certificate = params(&NAMES, 2020, 2100).self_signed(&key).unwrap();
    acceptor(certificate.der().clone(), &key)
}

fn params(names: &[&str], from: i32, until: i32) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    params
}

fn acceptor(certificate: CertificateDer<'static>, key: &KeyPair) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

//! What a message with a code looks like on the phone: its kind, its sender and its words.

use super::phones::PhoneItemKind;
use super::services::VerifyService;
use super::starting::Start;
use crate::domain::VerificationChannel;

pub(super) fn kind(channel: &VerificationChannel) -> PhoneItemKind {
    match channel {
        VerificationChannel::Call => PhoneItemKind::Call,
        VerificationChannel::WhatsApp => PhoneItemKind::WhatsApp,
        VerificationChannel::Email => PhoneItemKind::Email,
        VerificationChannel::Sms | VerificationChannel::Other(_) => PhoneItemKind::Sms,
    }
}

pub(super) fn sender(channel: &VerificationChannel) -> &'static str {
    match channel {
        VerificationChannel::Call => "+12025550199",
        VerificationChannel::Email => "verify@acme.example",
        _ => "Verify",
    }
}

/// What the message says.
pub(super) fn words(service: &VerifyService, start: &Start<'_>, code: &str) -> String {
    let name = start.name;
    if start.channel == VerificationChannel::Call {
        let spelt: Vec<String> = code.chars().map(String::from).collect();
        return format!("Your {name} verification code is {}.", spelt.join(", "));
    }
    let mut text = match start.locale.split('-').next() {
        Some("es") => format!("Tu código de verificación de {name} es: {code}"),
        Some("fr") => format!("Votre code de vérification {name} est : {code}"),
        Some("de") => format!("Dein Bestätigungscode für {name} lautet: {code}"),
        Some("pt") => format!("Seu código de verificação de {name} é: {code}"),
        _ => format!("Your {name} verification code is: {code}"),
    };
    if service.do_not_share_warning {
        text.push_str(". Don\u{2019}t share it with anyone: our employees will never ask for it.");
    }
    text
}

//! The client against a real account. Runs only where the account's credentials are in the environment
//! (`TWILIO_ACCOUNT_SID` with a key or a token); everything else reports itself as ignored with the
//! reason. Nothing is sent but to `TUILIO_LIVE_TO`, a number of your own: one code, withdrawn at once.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use tuilio::domain::message::MessageFilter;
use tuilio::domain::verification::AttemptFilter;
use tuilio::domain::{PhoneNumber, VerificationKey};
use tuilio::twilio::{
    Client, TwilioConfig, VerificationChannel, VerificationStatus, start_verification,
};

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn client() -> Result<Client, Failed> {
    Ok(Client::connect(TwilioConfig::from_env(env)?))
}

fn run<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

fn what_the_wizard_reads_can_be_read() -> Result<(), Failed> {
    run(async {
        let client = client()?;
        client.accounts().numbers().await?;
        client.accounts().messaging_services().await?;
        client.verifications().services().await?;
        Ok(())
    })
}

fn lists_of_texts_and_attempts_decode() -> Result<(), Failed> {
    run(async {
        let client = client()?;
        client
            .messages()
            .list(&MessageFilter {
                page_size: Some(20),
                ..MessageFilter::default()
            })
            .await?;
        client
            .verifications()
            .attempts(&AttemptFilter {
                page_size: Some(20),
                ..AttemptFilter::default()
            })
            .await?;
        Ok(())
    })
}

fn a_code_is_sent_and_withdrawn() -> Result<(), Failed> {
    run(async {
        let client = client()?;
        let to = env("TUILIO_LIVE_TO").ok_or("TUILIO_LIVE_TO is not set")?;
        PhoneNumber::from_e164(&to)?;
        let verification = start_verification(&client, &to, VerificationChannel::Sms).await?;
        let service = client
            .config()
            .verify_service
            .clone()
            .ok_or("TWILIO_VERIFY_SERVICE_SID is not set")?;
        let cancelled = client
            .verifications()
            .cancel(&service, &VerificationKey::Sid(verification.sid))
            .await?;
        if cancelled.reply.status == VerificationStatus::Canceled {
            Ok(())
        } else {
            Err("it was not withdrawn".into())
        }
    })
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let account = env("TWILIO_ACCOUNT_SID").is_some();
    let number = env("TUILIO_LIVE_TO").is_some() && env("TWILIO_VERIFY_SERVICE_SID").is_some();
    let trial = |name: &str, test: fn() -> Result<(), Failed>, ready: bool, needs: &str| {
        let name = if ready {
            name.to_owned()
        } else {
            format!("{name} (ignored: {needs})")
        };
        Trial::test(name, test).with_ignored_flag(!ready)
    };
    let needs_account = "TWILIO_ACCOUNT_SID and keys are not in the environment";
    let needs_number =
        "needs TWILIO_ACCOUNT_SID, keys, TWILIO_VERIFY_SERVICE_SID and TUILIO_LIVE_TO";
    let trials = vec![
        trial(
            "what_the_wizard_reads_can_be_read",
            what_the_wizard_reads_can_be_read,
            account,
            needs_account,
        ),
        trial(
            "lists_of_texts_and_attempts_decode",
            lists_of_texts_and_attempts_decode,
            account,
            needs_account,
        ),
        trial(
            "a_code_is_sent_and_withdrawn",
            a_code_is_sent_and_withdrawn,
            account && number,
            needs_number,
        ),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

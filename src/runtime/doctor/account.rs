//! What Twilio says of the keys: whether it takes them, what they may read, and whether what they are used
//! with is there.
//!
//! All of it is asked by `GET`. That a text or a code may be sent is proved by sending one, which is not
//! for a check-up: what may be read is as near as it gets.

use tokio::time::Instant;

use super::keys::Services;
use super::{Reach, within};
use crate::domain::account::MessagingService;
use crate::domain::checkup::{Finding, Link};
use crate::domain::connection::{Credentials, Keys};
use crate::domain::message::MessageFilter;
use crate::domain::safety::Concern;
use crate::domain::sid::VerifyServiceSid;
use crate::domain::verification::AttemptFilter;
use crate::domain::{Call, Failure, FailureKind, PhoneNumber, Phrase, Reply, Sender, phrase};
use crate::twilio::{Client, RetryPolicy};

/// Links that cannot be looked at without an account.
const LINKS: [Link; 7] = [
    Link::Account,
    Link::Messages,
    Link::Verifications,
    Link::Lookups,
    Link::Rights,
    Link::Service,
    Link::Sender,
];

/// A number of Twilio's own, for tests: nobody has it.
const NOBODY: &str = "+15005550006";

/// Nothing of it can be looked at.
pub fn skip(why: &Phrase, tell: &mut impl FnMut(Finding)) {
    for link in LINKS {
        tell(Finding::skipped(link, why));
    }
}

/// Examines what hangs on the keys.
pub async fn examine(
    reach: &Reach,
    keys: &Keys,
    services: &Services,
    until: Instant,
    tell: &mut (impl FnMut(Finding) + Send),
) {
    let client = match reach.client(keys) {
        Ok(client) => client.with_retry_policy(RetryPolicy::never()),
        Err(failure) => {
            let what = failure.phrase();
            tell(Finding::broken(
                Link::Account,
                failure,
                what,
                tell_your_lead(),
            ));
            return;
        }
    };
    let asker = Asker { client, until };
    let (finding, stop) = asker.account(keys).await;
    tell(finding);
    if let Some(why) = stop {
        for link in LINKS.into_iter().skip(1) {
            tell(Finding::skipped(link, &why));
        }
        return;
    }
    let (messages, checks, lookups, rights, service, sender) = tokio::join!(
        asker.messages(),
        asker.checks(services),
        asker.lookups(),
        asker.rights(keys),
        asker.service(services),
        asker.sender(services),
    );
    for finding in [messages, checks, lookups, rights, service, sender] {
        tell(finding);
    }
}

struct Asker {
    client: Client,
    until: Instant,
}

impl Asker {
    async fn ask(&self, call: Call) -> Result<Reply, Failure> {
        match within(self.until, self.client.perform(call, &|_| ())).await {
            Some(Ok(answer)) => Ok(answer.reply),
            Some(Err(error)) => Err(error.into()),
            None => Err(Failure::new(
                FailureKind::NoAnswer,
                "Twilio did not answer in time.",
            )),
        }
    }

    /// Whether Twilio takes the keys. A standard key may not read the account, and a narrow one not the
    /// numbers: what Twilio knows and refuses, it knows. And why nothing else needs to be asked, if that is so.
    async fn account(&self, keys: &Keys) -> (Finding, Option<Phrase>) {
        let link = Link::Account;
        let failure = match self.ask(Call::FetchAccount).await {
            Ok(Reply::Account(account)) if account.status == "active" => {
                let name = account.friendly_name.visible();
                let what = if account.is_trial {
                    phrase!(
                        "Twilio takes the keys: {name}, a trial, which reaches confirmed recipients only.",
                        name = name
                    )
                } else {
                    phrase!("Twilio takes the keys: {name}.", name = name)
                };
                return (Finding::good(link, what), None);
            }
            Ok(Reply::Account(account)) => {
                let status = crate::domain::Untrusted::new(account.status).visible();
                let what = phrase!(
                    "Twilio takes the keys, and says that the account is {state}.",
                    state = status
                );
                let failure = Failure::new(FailureKind::Credentials, what.to_string());
                return (Finding::broken(link, failure, what, tell_your_lead()), None);
            }
            Ok(_) => not_understood(),
            Err(failure) => failure,
        };
        let is_key = matches!(keys.credentials, Credentials::ApiKey { .. });
        let failure = if is_key && failure.kind == FailureKind::Credentials {
            match self.ask(Call::ListNumbers).await {
                Ok(_) => return (known(), None),
                Err(failure) if is_permission(&failure) => return (known(), None),
                Err(failure) => failure,
            }
        } else {
            failure
        };
        let why = if failure.kind == FailureKind::Credentials {
            phrase!("Skipped, because Twilio did not take the keys.")
        } else {
            phrase!("Skipped, because it is not known whether Twilio takes the keys: see above.")
        };
        (not_taken(failure), Some(why))
    }

    async fn messages(&self) -> Finding {
        let filter = MessageFilter {
            page_size: Some(1),
            ..MessageFilter::default()
        };
        let answer = self.ask(Call::ListMessages(filter)).await;
        readable(
            Link::Messages,
            answer,
            phrase!("Texts can be read, so what became of one is seen."),
            phrase!("These keys may not read texts: what is not known cannot be looked up."),
        )
    }

    async fn checks(&self, services: &Services) -> Finding {
        let filter = AttemptFilter {
            service: services.service.clone().ok().flatten(),
            page_size: Some(1),
            ..AttemptFilter::default()
        };
        let answer = self.ask(Call::ListAttempts(filter)).await;
        readable(
            Link::Verifications,
            answer,
            phrase!("Checks can be read, so it is seen whether a code arrived."),
            phrase!("These keys may not read checks: it is not seen whether a code arrived."),
        )
    }

    async fn lookups(&self) -> Finding {
        let Ok(number) = PhoneNumber::from_e164(NOBODY) else {
            return Finding::skipped(
                Link::Lookups,
                phrase!("Skipped, because there is no number to ask about."),
            );
        };
        let call = Call::LookUp {
            number,
            line_type: false,
        };
        readable(
            Link::Lookups,
            self.ask(call).await,
            phrase!("Numbers can be looked up."),
            phrase!("These keys may not look numbers up: the desk works without."),
        )
    }

    /// A narrow key may not read what is left to spend.
    async fn rights(&self, keys: &Keys) -> Finding {
        let link = Link::Rights;
        let narrower = || {
            phrase!(
                "Ask for a key that may do only what is needed: in the first run, r shows what to ask for."
            )
        };
        if matches!(keys.credentials, Credentials::AuthToken(_)) {
            return Finding::doubtful(
                link,
                phrase!("The auth token may do everything in this account."),
                narrower(),
            );
        }
        match self.ask(Call::FetchBalance).await {
            Ok(_) => Finding::doubtful(
                link,
                phrase!("The key may do more than is needed: it may read the balance."),
                narrower(),
            ),
            Err(failure) if failure.kind == FailureKind::Credentials => Finding::good(
                link,
                phrase!("The key may not read the balance: it looks as narrow as it should be."),
            ),
            Err(failure) => unanswered(link, &failure),
        }
    }

    async fn service(&self, services: &Services) -> Finding {
        let link = Link::Service;
        let sid = match &services.service {
            Ok(Some(sid)) => sid.clone(),
            Ok(None) => {
                return Finding::doubtful(
                    link,
                    phrase!("No Verify service is chosen, so no code can be sent."),
                    phrase!(
                        "Log in again with --verify-service, or set TWILIO_VERIFY_SERVICE_SID."
                    ),
                );
            }
            Err(why) => return mistaken(link, why),
        };
        match self.ask(Call::FetchVerifyService(sid.clone())).await {
            Ok(Reply::VerifyService(service)) => {
                let concerns = Concern::all_of(&service);
                let name = service.friendly_name.visible();
                match concerns.split_first() {
                    None => Finding::good(
                        link,
                        phrase!(
                            "{service} is there, and nothing in its settings speaks against it.",
                            service = name
                        ),
                    ),
                    Some((worst, [])) => Finding::doubtful(
                        link,
                        phrase!(
                            "{service} is there. {concern}",
                            service = name,
                            concern = worst.what()
                        ),
                        worst.remedy(),
                    ),
                    Some((worst, more)) => Finding::doubtful(
                        link,
                        phrase!(
                            "{service} is there. {concern} There is more: {n}.",
                            service = name,
                            concern = worst.what(),
                            n = more.len()
                        ),
                        worst.remedy(),
                    ),
                }
            }
            Ok(_) => unanswered(link, &not_understood()),
            Err(failure) if failure.kind == FailureKind::NotFound => no_service(link, &sid),
            Err(failure) if is_permission(&failure) => Finding::doubtful(
                link,
                phrase!(
                    "These keys may not read the service {sid}, so its settings are not known.",
                    sid = sid.short()
                ),
                phrase!(
                    "Give the key the right to read it, or look at its settings in Twilio's console."
                ),
            ),
            Err(failure) => unanswered(link, &failure),
        }
    }

    async fn sender(&self, services: &Services) -> Finding {
        let link = Link::Sender;
        let sender = match &services.sender {
            Ok(Some(sender)) => sender,
            Ok(None) => {
                return Finding::doubtful(
                    link,
                    phrase!("No sender is chosen, so no text can be sent."),
                    phrase!("Log in again with --sender, or set TWILIO_MESSAGING_SERVICE_SID."),
                );
            }
            Err(why) => return mistaken(link, why),
        };
        let (call, shown) = match sender {
            // Our own number is no customer's, but a screen may be shared.
            Sender::Number(number) => (Call::ListNumbers, number.masked()),
            Sender::Service(sid) => (Call::ListMessagingServices, sid.short()),
            Sender::Name(_) => {
                return Finding::skipped(
                    link,
                    phrase!("Skipped, because Twilio has no list of names and short codes."),
                );
            }
        };
        let found = match self.ask(call).await {
            Ok(Reply::Numbers(numbers)) => numbers
                .iter()
                .find(|owned| matches!(sender, Sender::Number(number) if owned.number == *number))
                .map(|owned| owned.sms),
            Ok(Reply::MessagingServices(services)) => {
                let is_it = |known: &&MessagingService| matches!(sender, Sender::Service(sid) if known.sid == *sid);
                services.iter().find(is_it).map(|_| true)
            }
            Ok(_) => return unanswered(link, &not_understood()),
            Err(failure) if is_permission(&failure) => {
                return Finding::doubtful(
                    link,
                    phrase!(
                        "These keys may not read senders, so it is not known whether {sender} is there.",
                        sender = shown
                    ),
                    phrase!("Give the key the right to read it, or look in Twilio's console."),
                );
            }
            Err(failure) => return unanswered(link, &failure),
        };
        match found {
            Some(true) => Finding::good(link, phrase!("{sender} is there.", sender = shown)),
            Some(false) => {
                let what = phrase!("{sender} cannot send texts.", sender = shown);
                missing(link, what, "--sender")
            }
            None => {
                let what = phrase!("This account has no sender {sender}.", sender = shown);
                missing(link, what, "--sender")
            }
        }
    }
}

fn known() -> Finding {
    Finding::good(
        Link::Account,
        phrase!("Twilio takes the key, which may not read the account's name."),
    )
}

/// Twilio knows the keys, and they may not do that.
fn is_permission(failure: &Failure) -> bool {
    failure.kind == FailureKind::Credentials && failure.status == Some(403)
        || failure.code == Some(70051)
}

fn not_taken(failure: Failure) -> Finding {
    if failure.kind == FailureKind::Credentials {
        let what = match failure.code {
            Some(code) => phrase!("Twilio did not take the keys ({code}).", code = code),
            None => phrase!("Twilio did not take the keys."),
        };
        return Finding::broken(
            Link::Account,
            failure,
            what,
            phrase!(
                "They may have been replaced or revoked: get the new ones from your lead, and log in with them."
            ),
        );
    }
    let what = failure.phrase();
    let next = match failure.kind {
        FailureKind::RateLimit => phrase!("Wait a minute, then look again."),
        _ => phrase!(
            "Look again in a few minutes; status.twilio.com says whether Twilio has a fault."
        ),
    };
    Finding::broken(Link::Account, failure, what, next)
}

/// Whether something may be read.
fn readable(link: Link, answer: Result<Reply, Failure>, yes: Phrase, no: Phrase) -> Finding {
    match answer {
        Ok(_) => Finding::good(link, yes),
        Err(failure) if failure.kind == FailureKind::Credentials => Finding::doubtful(
            link,
            no,
            phrase!("Give the key the right to read it, if it is wanted."),
        ),
        Err(failure) => unanswered(link, &failure),
    }
}

/// No answer, or none that says anything: that is Twilio's fault, and perhaps over soon.
fn unanswered(link: Link, failure: &Failure) -> Finding {
    let what = failure.phrase();
    Finding::doubtful(link, what, phrase!("Look again in a few minutes."))
}

fn not_understood() -> Failure {
    Failure::new(
        FailureKind::NoAnswer,
        "Twilio gave an answer that tuilio does not understand.",
    )
}

fn no_service(link: Link, sid: &VerifyServiceSid) -> Finding {
    let what = phrase!(
        "This account has no Verify service {sid}.",
        sid = sid.short()
    );
    missing(link, what, "--verify-service")
}

fn missing(link: Link, what: Phrase, option: &'static str) -> Finding {
    Finding::broken(
        link,
        Failure::new(FailureKind::Credentials, what.to_string()),
        what,
        phrase!(
            "Log in again with {option}, or correct the environment.",
            option = option
        ),
    )
}

/// The environment says something that cannot be meant.
fn mistaken(link: Link, why: &Phrase) -> Finding {
    Finding::broken(
        link,
        Failure::new(FailureKind::Credentials, why.to_string()),
        why,
        phrase!("Correct that variable, or unset it."),
    )
}

fn tell_your_lead() -> Phrase {
    phrase!("Tell your lead: the account has to be opened at Twilio.")
}

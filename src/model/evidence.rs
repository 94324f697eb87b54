//! The line for the ticket: masked, dated in UTC, and never more than is known.
//!
//! It is written by hand into systems of others and read by auditors, so it is the same in every language
//! of the screen. What is still open has no evidence.

use crate::domain::sid::VerificationSid;
use crate::domain::untrusted::mask_numbers;
use crate::domain::verification::{Compared, MAX_CHECKS};
use crate::domain::{
    AuditNumber, HistoryRow, Intent, OpState, Recipient, Settled, Ticket, Timestamp,
    VerificationChannel, VerificationStatus,
};

use super::check::{Check, Ending, Stage};
use super::verify::took;

/// What is known of a check that is over.
struct Facts<'a> {
    /// How it ended, and when; none of an approval.
    why_not: Option<&'static str>,
    at: Option<Timestamp>,
    /// The answer to the check was lost, so Twilio was asked what came of it.
    read_back: bool,
    to: &'a Recipient,
    /// All by which its code went, in their order.
    ways: Vec<&'a VerificationChannel>,
    started_at: Timestamp,
    wrong: usize,
    on_file: Option<Compared>,
    ticket: Option<&'a Ticket>,
    agent: Option<&'a str>,
    /// Under which account, where another one is connected.
    account: Option<&'a str>,
    sid: Option<String>,
    /// The line that says how it ended; none where time alone ended it.
    audit: Option<&'a AuditNumber>,
}

/// The evidence of a check on screen, once it is over.
pub fn line(check: &Check, agent: Option<&str>) -> Option<String> {
    let (why_not, at) = match &check.stage {
        Stage::Approved { at, read_back } => (None, Some(read_back.unwrap_or(*at))),
        Stage::Ended(Ending::Cancelled { here: true }) => (Some(STOPPED), check.ended_at),
        Stage::Ended(Ending::Expired) if check.is_cut_short() => (Some(CUT_SHORT), check.ended_at),
        Stage::Ended(Ending::Expired) => (Some(EXPIRED), check.good_until().map(|(at, _)| at)),
        // The last wrong code may have been that of somebody else.
        Stage::Ended(Ending::UsedUp) if check.tries_left() > 0 => (Some(USED_UP), check.ended_at),
        Stage::Ended(Ending::UsedUp) => (Some(USED_UP), check.wrong_at.or(check.ended_at)),
        Stage::Ended(Ending::NotSent(_)) => (Some(NOT_SENT), check.ended_at),
        Stage::Ended(Ending::Approved { at, here: true, .. }) => (None, *at),
        _ => return None,
    };
    let read_back = matches!(
        check.stage,
        Stage::Approved {
            read_back: Some(_),
            ..
        } | Stage::Ended(Ending::Approved {
            read_back: true,
            ..
        })
    );
    let facts = Facts {
        why_not,
        at,
        read_back,
        to: &check.to,
        ways: check.ways_used().iter().collect(),
        started_at: check.started_at,
        wrong: check.wrong as usize,
        on_file: check.on_file,
        ticket: check.ticket.as_ref(),
        agent,
        account: None,
        sid: check.sid.as_ref().map(VerificationSid::short),
        audit: check.audit.as_ref().filter(|_| why_not != Some(EXPIRED)),
    };
    Some(facts.line())
}

/// The evidence of an entry of the history, newest row first, once it is over. Its account is named where another one
/// is connected.
pub fn of_entry(rows: &[&HistoryRow], account: Option<&str>, now: Timestamp) -> Option<String> {
    let start = rows
        .iter()
        .rev()
        .find_map(|row| match &row.operation.intent {
            Intent::VerifyStart(start) => Some((*row, start)),
            _ => None,
        });
    let (first, start) = start?;
    let settled = rows.iter().filter_map(|row| match &row.state {
        OpState::Settled(Settled::Verification {
            sid,
            status,
            channel,
            expires_at,
            ..
        }) => Some((*row, sid, status, channel, expires_at)),
        _ => None,
    });
    let is_check = |row: &HistoryRow| matches!(row.operation.intent, Intent::VerifyCheck { .. });
    let is_stop = |row: &HistoryRow| matches!(row.operation.intent, Intent::VerifyCancel { .. });
    let wrong: Vec<&HistoryRow> = rows
        .iter()
        .copied()
        .filter(|row| row.was_wrong_code())
        .collect();
    let ended = settled
        .clone()
        .find(|(_, _, status, ..)| !status.is_open())
        .map(|(row, _, status, ..)| (row, status));
    let expires_at = settled.clone().find_map(|(.., expires_at)| *expires_at);
    let mut ways = Vec::new();
    for (row, _, _, way, _) in settled.clone().rev() {
        if matches!(row.operation.intent, Intent::VerifyStart(_)) && !ways.contains(&way) {
            ways.push(way);
        }
    }
    if ways.is_empty() {
        ways.push(&start.channel);
    }
    let (why_not, at, line) = match (ended, &first.state) {
        // Only a code that was read back is an approval.
        (Some((row, VerificationStatus::Approved)), _) if is_check(row) => {
            let at = row.state.approved_at().unwrap_or(row.updated_at);
            (None, Some(at), Some(row))
        }
        (Some((_, VerificationStatus::Approved)), _) => return None,
        // Whoever else withdrew it is not told.
        (Some((row, VerificationStatus::Canceled)), _) if is_stop(row) => {
            (Some(STOPPED), Some(row.updated_at), Some(row))
        }
        (Some((row, VerificationStatus::MaxAttemptsReached)), _) => {
            (Some(USED_UP), Some(row.updated_at), Some(row))
        }
        (Some((row, VerificationStatus::Expired)), _)
            if expires_at.is_none_or(|at| row.updated_at < at) =>
        {
            (Some(CUT_SHORT), Some(row.updated_at), Some(row))
        }
        (Some((_, VerificationStatus::Expired)), _) => (Some(EXPIRED), expires_at, None),
        (Some(_), _) => return None,
        (None, OpState::NotSent(_) | OpState::Refused(_)) => {
            (Some(NOT_SENT), Some(first.updated_at), Some(first))
        }
        (None, _) if wrong.len() >= MAX_CHECKS as usize => {
            let last = wrong.first().copied();
            (Some(USED_UP), last.map(|row| row.updated_at), last)
        }
        // With something still not known it may yet turn out to have been approved.
        (None, _) if rows.iter().any(|row| is_open_question(row)) => return None,
        (None, _) if expires_at.is_some_and(|at| now >= at) => (Some(EXPIRED), expires_at, None),
        _ => return None,
    };
    let facts = Facts {
        why_not,
        at,
        read_back: line.is_some_and(|row| row.state.approved_at().is_some()),
        to: &start.to,
        ways,
        started_at: first.operation.at,
        wrong: wrong.len(),
        on_file: rows.iter().find_map(|row| row.on_file()),
        ticket: rows.iter().find_map(|row| row.operation.ticket.as_ref()),
        agent: rows.iter().find_map(|row| row.operation.agent.as_deref()),
        account,
        sid: settled.clone().next().map(|(_, sid, ..)| sid.short()),
        audit: line.and_then(|row| row.audit.as_ref()),
    };
    Some(facts.line())
}

const STOPPED: &str = "stopped by the agent";
const EXPIRED: &str = "no right code within ten minutes";
const CUT_SHORT: &str = "the code expired before its ten minutes were over";
const USED_UP: &str = "five wrong codes";
const NOT_SENT: &str = "the code was not sent";

fn is_open_question(row: &HistoryRow) -> bool {
    matches!(row.state, OpState::Intended | OpState::Unknown(_))
}

impl Facts<'_> {
    fn line(&self) -> String {
        let word = if self.why_not.is_some() {
            "NOT approved"
        } else {
            "APPROVED"
        };
        // When a code expired early is not told by Twilio.
        let noticed = self.why_not == Some(CUT_SHORT);
        let when = self.at.map(|at| {
            let at = at.strftime("%Y-%m-%d %H:%M:%S UTC");
            if noticed {
                format!(", noticed {at}")
            } else {
                format!(" {at}")
            }
        });
        let read_back = self.read_back.then(|| {
            " (its answer was lost; Twilio says that a right code came then, not from whom)"
                .to_owned()
        });
        let why = self.why_not.map(|why| format!(": {why}"));
        let kind = match self.to {
            Recipient::Phone(_) => "Number",
            Recipient::Email(_) => "Address",
        };
        let took = match (self.why_not, self.at) {
            (None, Some(at)) => Some(format!(", in {}", took(at.duration_since(self.started_at)))),
            _ => None,
        };
        let wrong = match self.wrong {
            0 => None,
            1 => Some(", after 1 wrong code".to_owned()),
            n => Some(format!(", after {n} wrong codes")),
        };
        let record = match (self.on_file, kind) {
            (None, _) => "",
            (Some(Compared::Same), "Number") => ", number on file: same",
            (Some(Compared::Same), _) => ", address on file: same",
            (Some(Compared::Differs), "Number") => ", NOT the number on file",
            (Some(Compared::Differs), _) => ", NOT the address on file",
        };
        // Where five wrong codes are the reason, they have been said.
        let wrong = wrong.filter(|_| self.why_not != Some(USED_UP));
        // A ticket or a name may hold what looks like a number.
        let ticket = self
            .ticket
            .map(|ticket| format!(", ref {}", mask_numbers(ticket.as_str()).replace('•', "*")));
        let agent = self
            .agent
            .map(|agent| format!(", agent {}", mask_numbers(agent).replace('•', "*")));
        let account = self.account.map(|account| format!(", account {account}"));
        let sid = self.sid.as_ref().map(|sid| format!(", Twilio {sid}"));
        let audit = self.audit.map(|line| format!(", audit {line}"));
        let said = |part: Option<String>| part.unwrap_or_default();
        format!(
            "Phone check {word}{}{}{}. {kind} {}, by {}{record}{}{}{}{}{}{}{}.",
            said(when),
            said(read_back),
            said(why),
            self.to.masked().replace('•', "*"),
            ways_in_words(&self.ways),
            said(took),
            said(wrong),
            said(ticket),
            said(agent),
            said(account),
            said(sid),
            said(audit),
        )
    }
}

/// `SMS, call and WhatsApp`.
fn ways_in_words(ways: &[&VerificationChannel]) -> String {
    let words: Vec<&str> = ways.iter().map(|way| channel_word(way)).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

fn channel_word(channel: &VerificationChannel) -> &'static str {
    match channel {
        VerificationChannel::Sms => "SMS",
        VerificationChannel::Call => "call",
        VerificationChannel::WhatsApp => "WhatsApp",
        VerificationChannel::Email => "email",
        VerificationChannel::Other(_) => "another way",
    }
}

//! Checks that an earlier run of the program began, from the rows of the history.
//!
//! A row that says less than it might is read with care: a code whose answer was lost was perhaps not
//! wrong, a send that nobody knows of may have put a code on a phone, and each check goes on under the
//! service and the account that it was begun under.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::domain::connection::NamedService;
use crate::domain::sid::{VerificationSid, VerifyServiceSid};
use crate::domain::verification::VALIDITY_SECONDS;
use crate::domain::{
    HistoryRow, Intent, Language, OpState, Recipient, Settled, Timestamp, Untrusted,
    VerificationKey,
};

use super::{Check, Stage, What};

/// Codes of a service that could not be read yet are taken to be this long.
const CODE_LENGTH: u32 = 6;

/// The rows of one verification, oldest first.
struct Group<'a> {
    sid: Option<VerificationSid>,
    service: VerifyServiceSid,
    to: Recipient,
    rows: Vec<&'a HistoryRow>,
}

/// The checks that may still be open. `rows` are the account's own, newest first.
pub fn checks<'a>(
    rows: impl DoubleEndedIterator<Item = &'a HistoryRow>,
    active: Option<&NamedService>,
    now: Timestamp,
) -> Vec<Check> {
    let rows: Vec<&HistoryRow> = rows.collect();
    let mut groups: Vec<Group> = Vec::new();
    for row in rows.iter().copied().rev() {
        let Some((service, to, sid)) = names(row) else {
            continue;
        };
        let known = groups
            .iter_mut()
            .rev()
            .find(|group| match (&group.sid, &sid) {
                (Some(theirs), Some(sid)) => theirs == sid,
                _ => group.to == to && group.service == service && may_be_one(group, row),
            });
        match known {
            Some(group) => {
                group.sid = group.sid.take().or(sid);
                group.rows.push(row);
            }
            None => groups.push(Group {
                sid,
                service,
                to,
                rows: vec![row],
            }),
        }
    }
    let mut checks = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let follows = |earlier: &Group| earlier.is_followed_by(group);
        if groups[at..].iter().any(|later| group.is_followed_by(later)) {
            continue;
        }
        checks.extend(group.check(active, now).map(|check| {
            Check {
                renewed: groups[..at]
                    .iter()
                    .any(|earlier| follows(earlier) && !earlier.ended_here()),
                unheard_tries: check.unheard_tries + group.unreadable_tries(&rows),
                ..check
            }
        }));
    }
    checks
}

/// The services of these checks that are not the active one: what they are called, and how long their
/// codes are, is asked for.
pub fn other_services(
    checks: &[Check],
    active: Option<&NamedService>,
) -> BTreeSet<VerifyServiceSid> {
    checks
        .iter()
        .map(|check| &check.service.sid)
        .filter(|sid| active.is_none_or(|active| active.sid != **sid))
        .cloned()
        .collect()
}

/// Service, recipient and verification of a row that matters to a check.
fn names(row: &HistoryRow) -> Option<(VerifyServiceSid, Recipient, Option<VerificationSid>)> {
    if !matches!(row.state, OpState::Settled(_) | OpState::Unknown(_)) {
        return None;
    }
    let (service, named) = match &row.operation.intent {
        Intent::Text(_) | Intent::LookUp { .. } | Intent::Unreadable(_) => return None,
        Intent::VerifyStart(start) => (start.service.clone(), None),
        Intent::VerifyCheck { service, key, .. } | Intent::VerifyCancel { service, key, .. } => {
            let named = match key {
                VerificationKey::Sid(sid) => Some(sid.clone()),
                VerificationKey::To(_) => None,
            };
            (service.clone(), named)
        }
    };
    let settled = match &row.state {
        OpState::Settled(Settled::Verification { sid, .. }) => Some(sid.clone()),
        _ => None,
    };
    Some((service, row.operation.intent.to()?, settled.or(named)))
}

/// A row without a verification's name belongs to the last one of its number, while that may be open.
fn may_be_one(group: &Group<'_>, row: &HistoryRow) -> bool {
    group.rows.first().is_some_and(|first| {
        row.operation.at.duration_since(first.operation.at)
            < SignedDuration::from_secs(VALIDITY_SECONDS)
    })
}

impl Group<'_> {
    /// The same phone was given another verification while this one was young: so this one is over.
    fn is_followed_by(&self, later: &Self) -> bool {
        self.to == later.to
            && self.service == later.service
            && matches!((&self.sid, &later.sid), (Some(one), Some(other)) if one != other)
            && later
                .rows
                .first()
                .is_some_and(|first| may_be_one(self, first))
    }

    /// It came to its end at this desk, so that nobody takes its code for that of the next.
    fn ended_here(&self) -> bool {
        self.rows.iter().any(|row| {
            !matches!(row.operation.intent, Intent::VerifyStart(_))
                && matches!(&row.state, OpState::Settled(Settled::Verification { status, .. }) if !status.is_open())
        })
    }

    /// Codes that were typed for it, as far as can be told of what is not readable any more.
    fn unreadable_tries(&self, known: &[&HistoryRow]) -> u32 {
        let tries = known.iter().filter(|row| row.may_have_checked(&self.rows));
        u32::try_from(tries.count()).unwrap_or(u32::MAX)
    }

    fn check(&self, active: Option<&NamedService>, now: Timestamp) -> Option<Check> {
        let first = self.rows.first()?;
        let mut starts = self
            .rows
            .iter()
            .filter_map(|row| match &row.operation.intent {
                Intent::VerifyStart(start) => Some((row, start)),
                _ => None,
            });
        let (last, start) = starts.next_back()?;
        let service = active
            .filter(|active| active.sid == self.service)
            .cloned()
            .unwrap_or_else(|| NamedService {
                sid: self.service.clone(),
                name: Untrusted::new(self.service.short()),
                code_length: CODE_LENGTH,
                concerns: None,
            });
        let mut check = Check::new(
            self.to.clone(),
            service,
            start.channel.clone(),
            last.operation.id,
            first.operation.at,
        );
        check.extension.clone_from(&start.send_digits);
        check.on_file = self.rows.iter().rev().find_map(|row| row.on_file());
        check.ticket.clone_from(&last.operation.ticket);
        check.language = start.locale.as_deref().and_then(Language::from_tag);
        check.sent_at = Some(last.operation.at);
        check.reached_by = Some(start.channel.clone());
        check.stage = Stage::Waiting;
        for row in &self.rows {
            check.take_row(row)?;
        }
        check.sid = self.sid.clone().or(check.sid);
        // The clock may have been set back since: nothing of it was in the future.
        let longest = now + SignedDuration::from_secs(VALIDITY_SECONDS);
        check.started_at = check.started_at.min(now);
        check.sent_at = check.sent_at.map(|at| at.min(now));
        check.expires_at = check.expires_at.map(|at| at.min(longest));
        let over = check.good_until().is_none_or(|(at, _)| now >= at);
        (!over && check.tries_left() > 0).then_some(check)
    }
}

impl Check {
    /// What a row of its past says; none where it says that it is over.
    fn take_row(&mut self, row: &HistoryRow) -> Option<()> {
        let op = row.operation.id;
        self.last_operation = Some(op);
        let what = match row.operation.intent {
            Intent::VerifyStart(_) => What::Send,
            Intent::VerifyCheck { .. } => What::Check,
            Intent::VerifyCancel { .. }
            | Intent::Text(_)
            | Intent::LookUp { .. }
            | Intent::Unreadable(_) => What::Stop,
        };
        if let Stage::Unknown {
            what: What::Check, ..
        } = self.stage
        {
            // Something came after it, so nobody waits for its answer any more.
            self.unheard_tries += 1;
        }
        let OpState::Settled(Settled::Verification {
            status,
            sends,
            expires_at,
            delivery,
            ..
        }) = &row.state
        else {
            self.stage = Stage::Unknown {
                op,
                what,
                since: row.updated_at,
            };
            return Some(());
        };
        self.stage = Stage::Waiting;
        self.sends = self.sends.max(sends.unwrap_or(0));
        self.expires_at = expires_at.or(self.expires_at);
        match what {
            _ if !status.is_open() => return None,
            What::Send => {
                self.sent_here += 1;
                if let Intent::VerifyStart(start) = &row.operation.intent {
                    self.went_by(&start.channel);
                }
                self.delivery = delivery.clone().map(|delivery| (delivery, row.updated_at));
            }
            // The answer to a check counts no sends. Where they were counted, it was looked up after the
            // answer was lost, and nobody knows whether the code was wrong.
            What::Check if sends.is_some() => {
                self.unheard = true;
                self.unheard_tries += 1;
            }
            What::Check => {
                self.unheard = false;
                self.wrong += 1;
            }
            What::Stop => {}
        }
        Some(())
    }
}

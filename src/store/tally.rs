//! Counting: today, and the last hour by carrier and way. Both walk the rows of their time and no others.

use rusqlite::Connection;

use super::Store;
use super::error::StoreError;
use crate::domain::sid::AccountSid;
use crate::domain::tally::{Tally, Today, Weather};
use crate::domain::{Timestamp, Untrusted, VerificationChannel};

const TODAY: &str = "
    WITH today AS (SELECT * FROM operations INDEXED BY operations_by_time WHERE at >= ?1
        AND (?3 IS NULL OR account IS NULL OR account = ?3)),
    sent AS (SELECT * FROM today WHERE kind = 'verify_start' AND state NOT IN ('refused', 'not_sent')),
    over AS (SELECT item FROM today WHERE kind LIKE 'verify%' AND state = 'settled' AND open = 0),
    approved AS (SELECT item FROM today WHERE kind = 'verify_check' AND status = 'approved')
    SELECT
        (SELECT count(DISTINCT item) FROM sent),
        (SELECT count(DISTINCT item) FROM approved WHERE item IN (SELECT item FROM sent)),
        (SELECT count(DISTINCT item) FROM sent
            WHERE coalesce(expires_at > ?2, 1) AND item NOT IN (SELECT item FROM over)),
        -- One that was withdrawn has left nowhere.
        (SELECT count(*) FROM today WHERE kind = 'text' AND state NOT IN ('refused', 'not_sent')
            AND status IS NOT 'canceled'),
        (SELECT count(*) FROM sent)";

// An approval is credited to the last send before it: that is the code that was read.
const WEATHER: &str = "
    SELECT s.carrier, s.channel, count(*),
        sum(EXISTS (SELECT 1 FROM operations c
                WHERE c.item = s.item AND c.kind = 'verify_check' AND c.status = 'approved')
            AND NOT EXISTS (SELECT 1 FROM operations n
                WHERE n.item = s.item AND n.kind = 'verify_start' AND n.row > s.row)),
        sum(s.delivery IN ('failed', 'undelivered'))
    FROM operations s INDEXED BY operations_by_time
    WHERE s.at >= ?1 AND s.kind = 'verify_start' AND s.carrier IS NOT NULL
        AND (?3 IS NULL OR s.account IS NULL OR s.account = ?3)
        -- A code that may still be read says nothing of its network yet.
        AND (coalesce(s.expires_at <= ?2, 1) OR s.delivery IN ('failed', 'undelivered')
            OR EXISTS (SELECT 1 FROM operations o
                WHERE o.item = s.item AND o.kind LIKE 'verify%' AND o.state = 'settled' AND o.open = 0))
    GROUP BY s.carrier, s.channel
    ORDER BY count(*) DESC, s.carrier, s.channel";

impl Store {
    /// Counts what was done since midnight and since an hour ago.
    pub(super) fn count(
        &self,
        midnight: Timestamp,
        hour_ago: Timestamp,
        now: Timestamp,
        account: Option<&AccountSid>,
    ) -> Result<Tally, StoreError> {
        let whose = account.map(AccountSid::as_str);
        Ok(Tally {
            today: today(&self.connection, midnight, now, whose)?,
            weather: weather(&self.connection, hour_ago, now, whose)?,
            at: now,
        })
    }
}

fn today(
    connection: &Connection,
    midnight: Timestamp,
    now: Timestamp,
    whose: Option<&str>,
) -> Result<Today, StoreError> {
    let mut statement = connection.prepare_cached(TODAY)?;
    Ok(
        statement.query_row((from(midnight), now.to_string(), whose), |row| {
            Ok(Today {
                checked: row.get(0)?,
                approved: row.get(1)?,
                waiting: row.get(2)?,
                texts: row.get(3)?,
                codes: row.get(4)?,
            })
        })?,
    )
}

fn weather(
    connection: &Connection,
    since: Timestamp,
    now: Timestamp,
    whose: Option<&str>,
) -> Result<Vec<Weather>, StoreError> {
    let mut statement = connection.prepare_cached(WEATHER)?;
    let counted = statement.query_map((from(since), now.to_string(), whose), |row| {
        Ok(Weather {
            carrier: Untrusted::new(row.get::<_, String>(0)?),
            channel: VerificationChannel::from_wire(&row.get::<_, String>(1)?),
            sends: row.get(2)?,
            read_back: row.get(3)?,
            failed: row.get::<_, Option<u32>>(4)?.unwrap_or(0),
        })
    })?;
    Ok(counted.collect::<Result<_, _>>()?)
}

/// A moment as the times of rows are compared with: cut after the second, since a fraction is written only
/// where there is one.
pub fn from(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operation::Delivery;
    use crate::domain::{
        Failure, FailureKind, Intent, MessageStatus, OpId, OpState, Operation, Recipient, Settled,
        VerificationKey, VerificationStatus,
    };
    use crate::store::samples::{at, number, settled_text, settled_verification, sid, start, text};
    use crate::store::{History, Journal, Twin};

    const ADA: &str = "+14155550123";

    struct Day {
        store: Store,
        seq: u32,
    }

    impl Day {
        fn add(&mut self, second: i64, operation: Operation, state: &OpState) {
            self.seq += 1;
            let id = OpId {
                session: self.store.session(),
                seq: self.seq,
            };
            let operation = Operation {
                id,
                at: at(second),
                ..operation
            };
            self.store
                .intend(&operation, Twin::Again(operation.id))
                .unwrap();
            self.store.settle(id, state, at(second)).unwrap();
        }

        fn check(&mut self, second: i64, number: u32, status: VerificationStatus) {
            let id = OpId { session: 1, seq: 0 };
            let intent = Intent::VerifyCheck {
                service: sid("VA", 1),
                key: VerificationKey::Sid(sid("VE", number)),
                to: Some(Recipient::Phone(self::number(ADA))),
            };
            let operation = Operation {
                intent,
                ..start(id, ADA)
            };
            self.add(second, operation, &settled_verification(number, status));
        }

        fn code(&mut self, second: i64, state: &OpState) {
            self.add(second, start(OpId { session: 1, seq: 0 }, ADA), state);
        }
    }

    fn day() -> Day {
        Day {
            store: Store::in_memory().unwrap(),
            seq: 0,
        }
    }

    fn by(
        number: u32,
        channel: VerificationChannel,
        carrier: &str,
        status: MessageStatus,
    ) -> OpState {
        let OpState::Settled(Settled::Verification {
            sid: verification,
            status: pending,
            sends,
            expires_at,
            ..
        }) = settled_verification(number, VerificationStatus::Pending)
        else {
            unreachable!("it is a verification")
        };
        OpState::Settled(Settled::Verification {
            sid: verification,
            status: pending,
            channel,
            sends,
            expires_at,
            delivery: Some(Delivery {
                status,
                error_code: None,
                attempt: None,
                call: None,
                carrier: Some(Untrusted::from(carrier)),
            }),
            approved_at: None,
        })
    }

    #[test]
    fn a_day_counts_checks_not_sends_and_nothing_of_yesterday() {
        let mut day = day();
        let pending = |number| settled_verification(number, VerificationStatus::Pending);
        let refused = OpState::Refused(Failure::new(FailureKind::Refused, "no"));
        let op = |body| text(OpId { session: 1, seq: 0 }, ADA, body);
        day.code(-10, &pending(9));
        day.code(1, &pending(1));
        day.code(2, &pending(1));
        day.check(3, 1, VerificationStatus::Pending);
        day.check(4, 1, VerificationStatus::Approved);
        day.code(5, &pending(2));
        day.code(6, &refused);
        day.add(7, op("one"), &settled_text(1, MessageStatus::Sent));
        day.add(8, op("two"), &refused);
        day.add(9, op("three"), &settled_text(3, MessageStatus::Canceled));
        let counted = |now| day.store.tally(at(0), at(0), at(now), None).unwrap().today;
        let today = Today {
            checked: 2,
            approved: 1,
            waiting: 1,
            texts: 1,
            codes: 3,
        };
        assert_eq!(counted(9), today);
        assert_eq!(counted(700).waiting, 0, "its code is too old");
    }

    #[test]
    fn an_hour_of_weather_credits_an_approval_to_the_last_send() {
        use VerificationChannel::{Call, Sms};
        let mut day = day();
        day.code(1, &by(1, Sms, "AT&T", MessageStatus::Undelivered));
        day.code(2, &by(1, Call, "AT&T", MessageStatus::Delivered));
        day.check(3, 1, VerificationStatus::Approved);
        day.code(4, &by(2, Sms, "AT&T", MessageStatus::Delivered));
        day.code(5, &settled_verification(3, VerificationStatus::Pending));
        let weather = day.store.tally(at(0), at(0), at(9), None).unwrap().weather;
        let line = |channel, sends, read_back, failed| Weather {
            carrier: Untrusted::from("AT&T"),
            channel,
            sends,
            read_back,
            failed,
        };
        // The code that may still be read does not count before it is too old.
        assert_eq!(weather, [line(Call, 1, 1, 0), line(Sms, 1, 0, 1)]);
        let at_last = day
            .store
            .tally(at(0), at(0), at(700), None)
            .unwrap()
            .weather;
        assert_eq!(at_last, [line(Sms, 2, 0, 1), line(Call, 1, 1, 0)]);
        let later = day
            .store
            .tally(at(0), at(4), at(700), None)
            .unwrap()
            .weather;
        assert_eq!(later, [line(Sms, 1, 0, 0)]);
    }
}

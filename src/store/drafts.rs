//! The draft of a text: each run of the program keeps its own, and takes over one that was left behind.

use rusqlite::OptionalExtension;

use super::error::StoreError;
use super::{Store, lock};
use crate::domain::{Draft, Untrusted};

impl Store {
    pub(super) fn write_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        let transaction = self.connection.write()?;
        if draft.is_empty() {
            transaction.execute("DELETE FROM drafts WHERE session = ?1", [self.session])?;
        } else {
            transaction.execute(
                "INSERT OR REPLACE INTO drafts (session, recipient, body, ticket, updated_at, send_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (
                    self.session,
                    draft.to.raw(),
                    draft.body.raw(),
                    draft.ticket.raw(),
                    draft.updated_at.to_string(),
                    draft.send_at.map(|at| at.to_string()),
                ),
            )?;
        }
        Ok(transaction.commit()?)
    }

    pub(super) fn adopt_draft(&mut self) -> Result<Option<Draft>, StoreError> {
        let Some(home) = &self.home else {
            return Ok(None);
        };
        let session = self.session;
        let transaction = self.connection.write()?;
        let owners: Vec<u32> = transaction
            .prepare("SELECT session FROM drafts WHERE session <> ?1 ORDER BY updated_at DESC")?
            .query_map([session], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let Some(owner) = owners
            .into_iter()
            .find(|&owner| !lock::is_alive(&home.locks, owner))
        else {
            return Ok(None);
        };
        transaction.execute(
            "UPDATE OR REPLACE drafts SET session = ?1 WHERE session = ?2",
            (session, owner),
        )?;
        let draft = transaction
            .query_row(
                "SELECT recipient, body, ticket, updated_at, send_at FROM drafts WHERE session = ?1",
                [session],
                |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, String>(1)?,
                        row.get::<_, String>(2)?,
                        row.get::<_, String>(3)?,
                        row.get::<_, String>(4).ok(),
                    ))
                },
            )
            .optional()?;
        transaction.commit()?;
        draft
            .map(|(to, body, ticket, updated_at, send_at)| {
                Ok(Draft {
                    to: Untrusted::new(to),
                    body: Untrusted::new(body),
                    ticket: Untrusted::new(ticket),
                    // Without a time that can be read it is a draft all the same.
                    send_at: send_at.and_then(|at| at.parse().ok()),
                    updated_at: updated_at
                        .parse()
                        .map_err(|_| StoreError::damaged("a draft has no time"))?,
                })
            })
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Draft, Untrusted};
    use crate::store::samples::at;
    use crate::store::{Journal, Store};

    fn draft(body: &str, second: i64) -> Draft {
        Draft {
            to: Untrusted::from("415 555"),
            body: Untrusted::from(body),
            ticket: Untrusted::from("48213"),
            send_at: (second == 2).then(|| at(9_000)),
            updated_at: at(second),
        }
    }

    #[test]
    fn the_draft_of_a_run_that_ended_is_taken_over_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut ended = Store::open(folder.path()).unwrap();
        ended.save_draft(&draft("Dear", 1)).unwrap();
        ended.save_draft(&draft("Dear Ada", 2)).unwrap();
        let mut beside = Store::open(folder.path()).unwrap();
        assert_eq!(
            beside.take_draft().unwrap(),
            None,
            "its owner is still there"
        );
        drop(ended);

        let mut next = Store::open(folder.path()).unwrap();
        assert_eq!(next.take_draft().unwrap(), Some(draft("Dear Ada", 2)));
        assert_eq!(beside.take_draft().unwrap(), None, "it has an owner again");
        drop(next);
        assert_eq!(beside.take_draft().unwrap(), Some(draft("Dear Ada", 2)));
    }

    #[test]
    fn an_empty_draft_is_no_draft() {
        let folder = tempfile::tempdir().unwrap();
        let mut ended = Store::open(folder.path()).unwrap();
        ended.save_draft(&draft("Dear", 1)).unwrap();
        ended.save_draft(&Draft::empty(at(2))).unwrap();
        drop(ended);
        assert_eq!(
            Store::open(folder.path()).unwrap().take_draft().unwrap(),
            None
        );
    }
}

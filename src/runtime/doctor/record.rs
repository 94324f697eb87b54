//! The audit, as far as a moment allows: a short one whole, of a long one its end.

use crate::domain::checkup::{Finding, Link};
use crate::domain::{Failure, FailureKind, phrase};
use crate::runtime::audit::{self, Looked, Verdict};

use super::Patient;

/// So many lines are proved; more than these only by whoever asks for it.
const LINES: i64 = 10_000;

/// Whether the record is what was written.
pub async fn audit(patient: &Patient) -> Finding {
    let (folder, keeper) = (patient.paths.data_dir.clone(), patient.keeper.clone());
    let looked = tokio::task::spawn_blocking(move || keeper.audit(&folder, LINES)).await;
    match looked {
        Ok(Ok(Some(looked))) => told(&looked),
        Ok(Ok(None)) => Finding::good(
            Link::Audit,
            phrase!("There is none yet; it begins with the first start."),
        ),
        // Why, the line above has said.
        Ok(Err(_)) | Err(_) => Finding::skipped(
            Link::Audit,
            phrase!("Skipped, because the history cannot be read as it is: see above."),
        ),
    }
}

fn told(looked: &Looked) -> Finding {
    let Looked { verdict, no_key } = looked;
    let Verdict {
        lines,
        last,
        findings,
        ..
    } = verdict;
    match (findings.as_slice(), no_key, last) {
        (_, Some(failure), _) if looked.only_lacks_key() => Finding::doubtful(
            Link::Audit,
            failure.phrase(),
            phrase!("Do that, then run tuilio audit verify."),
        ),
        ([first, ..], _, _)
            if findings
                .iter()
                .all(|found| matches!(found, audit::Finding::Unproved { .. })) =>
        {
            Finding::doubtful(
                Link::Audit,
                first.said(),
                phrase!(
                    "Bring the key over, as docs/record.md says, or verify where they were written."
                ),
            )
        }
        ([first, ..], _, _) => {
            let what = first.said();
            Finding::broken(
                Link::Audit,
                Failure::new(FailureKind::Store, what.to_string()),
                phrase!("The record is not what was written: {what}", what = what),
                phrase!("Keep the folder as it is, and run tuilio audit verify."),
            )
        }
        ([], _, None) => Finding::good(Link::Audit, phrase!("It has no line yet.")),
        ([], _, Some(last)) if last.number() > *lines => Finding::good(
            Link::Audit,
            phrase!(
                "Its last {n} lines are whole up to {last}; tuilio audit verify proves all of it.",
                n = *lines,
                last = last.to_string()
            ),
        ),
        ([], _, Some(last)) => Finding::good(
            Link::Audit,
            phrase!("It is whole up to line {last}.", last = last.to_string()),
        ),
    }
}

//! The first run, step by step.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::connection::NamedSender;
use crate::domain::{Sender, Untrusted};
use crate::model::Model;
use crate::model::setup::{Setup, Step};

use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

/// Draws the step.
pub fn draw(frame: &mut Frame, _model: &Model, look: Look, area: Rect, setup: &Setup) {
    let mut paper = Paper::new(look, area.width);
    match &setup.step {
        Step::Welcome => welcome(&mut paper),
        Step::Paste => paste(&mut paper, setup),
        Step::Checking(what) => {
            heading(&mut paper, "Connect to Twilio");
            found(&mut paper, setup);
            paper
                .section(Weight::Vital)
                .marked(Role::Working, format!("Asking Twilio: {what}"));
        }
        Step::PickService { services, marked } => {
            let names = services
                .iter()
                .map(|service| {
                    format!(
                        "{}   {} digits   {}",
                        service.name.visible(),
                        service.code_length,
                        service.sid.short()
                    )
                })
                .collect::<Vec<_>>();
            pick(
                &mut paper,
                "Which Verify service sends your codes?",
                "Take one that is used for support calls and nothing else.",
                &names,
                *marked,
            );
        }
        Step::PickSender { senders, marked } => {
            let names = senders.iter().map(sender_line).collect::<Vec<_>>();
            pick(
                &mut paper,
                "From whom do your texts come?",
                "A Messaging Service picks one of its numbers.",
                &names,
                *marked,
            );
        }
        Step::Keep => keep(&mut paper, setup),
        Step::Keeping => {
            heading(&mut paper, "Keep the keys");
            paper.section(Weight::Vital).marked(Role::Working, "Writing them into the system keyring, and reading them back. It may be asking you to unlock it.");
        }
        Step::KeepFailed(failure) => {
            heading(&mut paper, "Keep the keys");
            paper
                .section(Weight::Vital)
                .marked(Role::Needs, &failure.message);
            paper
                .section(Weight::Vital)
                .line(vec![Span::raw("Enter  try again")])
                .line(vec![Span::raw(
                    "s      use them for this session only, and keep them nowhere",
                )]);
        }
    }
    paper.draw(frame, area);
}

fn heading(paper: &mut Paper, text: &str) {
    paper.section(Weight::Vital).text(Role::Strong, text);
}

fn welcome(paper: &mut Paper) {
    heading(paper, "Welcome to tuilio");
    paper.section(Weight::Important).text(
        Role::Plain,
        "Check that a customer holds a phone number, send a text, see what became of it.",
    );
    let mark = paper.span(Role::Focus, paper.look().mark(Role::Focus));
    paper
        .section(Weight::Vital)
        .line(vec![mark, Span::raw(" Enter  connect your Twilio account")])
        .line(vec![Span::raw(
            "         Have ready what your lead sent you.",
        )])
        .line(vec![Span::raw(
            "  d      try the demo: no key, no network, no cost",
        )]);
    paper
        .section(Weight::Extra)
        .text(Role::Dim, "Not affiliated with Twilio.");
}

fn paste(paper: &mut Paper, setup: &Setup) {
    heading(paper, "Connect to Twilio");
    paper.section(Weight::Important).text(Role::Plain, "Paste what your lead sent you. Any order, any layout. It is shown as dots, and no secret is written to a file.");
    // Never the text itself: it holds a secret.
    let dot = if paper.look().ascii { "*" } else { "•" };
    let count = setup
        .paste
        .text()
        .chars()
        .filter(|c| !c.is_whitespace())
        .count()
        .min(paper.text_width().saturating_sub(2));
    let dots = dot.repeat(count);
    paper.section(Weight::Vital).field(
        "Paste here",
        true,
        &dots,
        dots.len(),
        "account SID, API key and its secret",
    );
    if let Some(problem) = &setup.problem {
        paper.labelled_marked("", Role::Wrong, problem);
    }
    found(paper, setup);
    if setup.found.token.is_some() && setup.found.key_sid.is_none() {
        paper.section(Weight::Useful).marked(Role::Needs, "This is the account's auth token: it may do everything. An API key (SK…) with its secret is better; ask your lead for one.");
    }
}

/// What was found in the paste, never the secrets themselves.
fn found(paper: &mut Paper, setup: &Setup) {
    let found = &setup.found;
    let tick = |yes: bool| if yes { Role::Done } else { Role::Dim };
    let account = found
        .account_sid
        .as_ref()
        .map(crate::domain::sid::AccountSid::short);
    let key = match (&found.key_sid, &found.secret, &found.token) {
        (Some(sid), Some(_), _) => Some(format!("{}, with its secret", sid.short())),
        (Some(sid), None, None) => Some(format!("{}, its secret is missing", sid.short())),
        (_, _, Some(_)) => Some("auth token".to_owned()),
        (None, Some(_), None) => Some("a secret, its SK… is missing".to_owned()),
        _ => None,
    };
    let service = found
        .verify_service
        .as_ref()
        .map(crate::domain::sid::VerifyServiceSid::short);
    if setup.paste.is_empty() && account.is_none() {
        return;
    }
    paper.section(Weight::Important);
    for (label, value, wanted) in [
        ("Account", account, true),
        ("Key", key, true),
        ("Service", service, false),
    ] {
        let yes = value.is_some();
        let word = value.unwrap_or_else(|| {
            if wanted {
                "not found yet".to_owned()
            } else {
                "picked by name in a moment".to_owned()
            }
        });
        let span = if yes {
            paper.state(tick(yes), &word)
        } else {
            paper.span(Role::Dim, &word)
        };
        paper.labelled(label, vec![span]);
    }
}

fn pick(paper: &mut Paper, question: &str, advice: &str, names: &[String], marked: usize) {
    heading(paper, question);
    paper.section(Weight::Useful).text(Role::Plain, advice);
    paper.section(Weight::Vital);
    // A long list is shown around its mark.
    let first = marked.saturating_sub(4);
    for (at, name) in names.iter().enumerate().skip(first).take(8) {
        let here = at == marked;
        let mark = if here {
            paper.look().mark(Role::Focus)
        } else {
            " "
        };
        let role = if here { Role::Focus } else { Role::Plain };
        let line = paper.look().text(&crate::text::truncate(
            name,
            paper.line_width().saturating_sub(2),
        ));
        let spans = vec![
            paper.span(role, mark),
            Span::raw(" "),
            paper.span(role, &line),
        ];
        paper.line(spans);
    }
    if names.len() > 8 {
        paper.text(Role::Dim, format!("{} of {}", marked + 1, names.len()));
    }
}

fn sender_line(named: &NamedSender) -> String {
    match &named.sender {
        Sender::Service(sid) => format!(
            "{}   Messaging Service   {}",
            named.name.visible(),
            sid.short()
        ),
        Sender::Number(number) => format!("{}   {}", number.grouped(), named.name.visible()),
        Sender::Name(name) => Untrusted::new(name.as_str()).visible(),
    }
}

fn keep(paper: &mut Paper, setup: &Setup) {
    heading(paper, "Keep the keys");
    let Some(connection) = &setup.connection else {
        return;
    };
    let account = connection
        .account_name
        .as_ref()
        .map_or_else(|| connection.account_sid.short(), Untrusted::visible);
    let trial = if connection.is_trial {
        ", trial"
    } else {
        ", full account"
    };
    let service = connection.verify_service.as_ref().map_or_else(
        || "none on this account: codes cannot be sent".to_owned(),
        |service| service.name.visible(),
    );
    let sender = connection.sender.as_ref().map_or_else(
        || "none on this account: texts cannot be sent".to_owned(),
        sender_line,
    );
    let trial = if connection.account_name.is_some() {
        trial
    } else {
        ", works"
    };
    for (label, value, good) in [
        ("Account", format!("{account}{trial}"), true),
        ("Codes by", service, connection.verify_service.is_some()),
        ("Texts from", sender, connection.sender.is_some()),
    ] {
        let role = if good { Role::Done } else { Role::Needs };
        let state = paper.state(role, &value);
        paper.section(Weight::Vital).labelled(label, vec![state]);
    }
    paper.section(Weight::Important).labelled_text(
        "Kept in",
        Role::Plain,
        format!("{}. No secret is written to a file.", connection.source),
    );
    paper
        .section(Weight::Vital)
        .line(vec![Span::raw(
            "Enter  keep them there, and read them back",
        )])
        .line(vec![Span::raw("s      use them for this session only")]);
}

//! Lists to pick from by name.

use ratatui::text::Span;

use crate::domain::connection::{NamedSender, NamedService};
use crate::domain::phrase::phrase;
use crate::domain::untrusted::visible;
use crate::domain::{Phrase, Sender, Untrusted};
use crate::model::Click;
use crate::model::setup::Setup;
use crate::text;

use super::super::paper::{Paper, Weight};
use super::super::theme::Role;
use super::heading;

/// So many lines of a long list are shown, around its mark.
const SHOWN: usize = 8;

pub fn service(paper: &mut Paper, setup: &Setup, services: &[NamedService], marked: usize) {
    let names: Vec<String> = services
        .iter()
        .map(|service| paper.look().say(service_line(service)))
        .collect();
    pick(
        paper,
        setup,
        phrase!("Which Verify service sends your codes?"),
        phrase!("Take one that is used for support calls and nothing else."),
        &names,
        marked,
    );
    not_allowed(paper, setup.services_where(false).iter().map(service_line));
    if let Some(service) = services.get(marked) {
        warnings(paper, service);
    }
}

/// The offer on the first page, where keys are kept on this computer.
pub fn kept(setup: &Setup) -> Option<Phrase> {
    Some(match setup.kept.as_slice() {
        [] => return None,
        [only] => phrase!(
            "use profile {profile} of this computer: {account}",
            profile = visible(&only.name),
            account = only.account.visible()
        ),
        all => phrase!("use one of {n} profiles of this computer", n = all.len()),
    })
}

pub fn profile(paper: &mut Paper, setup: &Setup, marked: usize) {
    let names: Vec<String> = setup
        .kept
        .iter()
        .map(|profile| format!("{}   {}", visible(&profile.name), profile.account.visible()))
        .collect();
    pick(
        paper,
        setup,
        phrase!("Which profile shall be used?"),
        phrase!("Its keys are in the keyring of this computer."),
        &names,
        marked,
    );
}

pub fn sender(paper: &mut Paper, setup: &Setup, senders: &[NamedSender], marked: usize) {
    let names: Vec<String> = senders
        .iter()
        .map(|sender| paper.look().say(sender_line(sender)))
        .collect();
    pick(
        paper,
        setup,
        phrase!("From whom do your texts come?"),
        phrase!("A Messaging Service picks one of its numbers."),
        &names,
        marked,
    );
    not_allowed(paper, setup.senders_where(false).iter().map(sender_line));
}

/// What the lead has closed stands there, and cannot be picked.
fn not_allowed(paper: &mut Paper, closed: impl ExactSizeIterator<Item = Phrase>) {
    if closed.len() == 0 {
        return;
    }
    paper
        .section(Weight::Useful)
        .text(Role::Dim, phrase!("Set by your lead: not to be used"));
    for what in closed.take(SHOWN) {
        let line = paper.look().say(what);
        let line = whole_pieces(&line, paper.line_width().saturating_sub(2));
        let spans = vec![
            Span::raw("  "),
            paper.span(Role::Dim, Phrase::verbatim(line)),
        ];
        paper.line(spans);
    }
}

/// What is unsafe about a service: the worst in words, the rest as a count.
pub fn warnings(paper: &mut Paper, service: &NamedService) {
    let Some((worst, rest)) = service.concerns.as_deref().and_then(<[_]>::split_first) else {
        return;
    };
    paper
        .section(Weight::Useful)
        .labelled_marked(phrase!("Warnings"), Role::Needs, worst.what())
        .labelled_text(
            Phrase::of(""),
            Role::Plain,
            match rest.len() {
                0 => phrase!("w  what to change"),
                1 => phrase!("and one more   w  what to change"),
                n => phrase!("and {n} more   w  what to change", n = n),
            },
        );
}

pub fn pick(
    paper: &mut Paper,
    setup: &Setup,
    question: Phrase,
    advice: Phrase,
    names: &[String],
    marked: usize,
) {
    heading(paper, question);
    if let Some(problem) = &setup.problem {
        paper.section(Weight::Vital).marked(Role::Wrong, problem);
    }
    paper.section(Weight::Useful).text(Role::Plain, advice);
    paper.section(Weight::Vital);
    let first = marked.saturating_sub(SHOWN / 2);
    for (at, name) in names.iter().enumerate().skip(first).take(SHOWN) {
        let here = at == marked;
        let (mark, role) = if here {
            (paper.look().mark(Role::Focus), Role::Focus)
        } else {
            (" ", Role::Plain)
        };
        let room = paper.line_width().saturating_sub(2);
        let line = whole_pieces(name, room);
        let spans = vec![
            paper.span(role, Phrase::verbatim(mark)),
            Span::raw(" "),
            paper.span(role, Phrase::verbatim(line)),
        ];
        paper.line(spans).clickable(Click::Row(at));
    }
    if names.len() > SHOWN {
        paper.text(
            Role::Dim,
            phrase!("{n} of {all}", n = marked + 1, all = names.len()),
        );
    }
}

/// As many of the pieces of a line as fit; of one piece alone, its beginning.
fn whole_pieces(line: &str, room: usize) -> String {
    let ends = line.rmatch_indices("   ").map(|(at, _)| at);
    let mut heads = std::iter::once(line.len())
        .chain(ends)
        .map(|end| &line[..end]);
    let whole = heads.find(|head| text::width(head) <= room);
    text::truncate(whole.unwrap_or(line), room).into_owned()
}

fn service_line(service: &NamedService) -> Phrase {
    let (name, sid) = (service.name.visible(), service.sid.short());
    let length = service.code_length;
    match service.concerns.as_ref().map_or(0, Vec::len) {
        0 => phrase!(
            "{name}   {n} digits   {sid}",
            name = name,
            n = length,
            sid = sid
        ),
        1 => phrase!(
            "{name}   {n} digits   {sid}   1 warning",
            name = name,
            n = length,
            sid = sid
        ),
        count => phrase!(
            "{name}   {n} digits   {sid}   {count} warnings",
            name = name,
            n = length,
            sid = sid,
            count = count
        ),
    }
}

/// A sender by its name.
pub fn sender_line(named: &NamedSender) -> Phrase {
    match &named.sender {
        Sender::Service(sid) => phrase!(
            "{name}   Messaging Service   {sid}",
            name = named.name.visible(),
            sid = sid.short()
        ),
        Sender::Number(number) => {
            Phrase::verbatim(format!("{}   {}", number.grouped(), named.name.visible()))
        }
        Sender::Name(name) => Phrase::verbatim(Untrusted::new(name.as_str()).visible()),
    }
}

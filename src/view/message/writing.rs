//! Whom and what: the two fields, the counter, and what helps to fill them.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::{Phrase, Ticket, phrase, untrusted};
use crate::model::Model;
use crate::model::compose::Stage;
use crate::model::field::Field;
use crate::text;
use crate::view::paper::{Paper, Weight};
use crate::view::theme::Role;
use crate::view::verify::{forbidden, read_back};

use super::{before, both_clocks, counter, from, when};

/// How many templates have a digit.
const DIGITS: usize = 9;

pub fn write(paper: &mut Paper, model: &Model, area: Rect) {
    let compose = &model.compose;
    let on_to = compose.stage == Stage::To;
    paper.section(Weight::Vital).field(
        phrase!("To"),
        on_to,
        compose.to.text(),
        compose.to.cursor(),
        phrase!("number, typed or pasted"),
    );
    let (role, sentence) = read_back(model, &compose.reading);
    if !sentence.is_empty() && (compose.complaint.is_none() || !on_to) {
        paper.labelled_marked(Phrase::of(""), role, &sentence);
    }
    if compose.complaint.is_none() {
        forbidden(paper, model, &compose.reading);
    }
    paper.section(Weight::Important);
    from(paper, model);
    let on_ticket = compose.stage == Stage::Ticket;
    let weight = if on_ticket || !compose.ticket.is_empty() {
        Weight::Vital
    } else {
        Weight::Useful
    };
    paper.section(weight).field(
        phrase!("Ticket"),
        on_ticket,
        compose.ticket.text(),
        compose.ticket.cursor(),
        if model.policy.ticket_required {
            phrase!("needed: set by your lead")
        } else {
            phrase!("(optional)")
        },
    );
    if let (Some(at), Some(number)) = (compose.send_at, compose.number()) {
        paper.section(Weight::Vital).labelled_text(
            phrase!("Leaves"),
            Role::Needs,
            both_clocks(model, number, at),
        );
    }
    body(
        paper,
        model,
        usize::from(area.height)
            .saturating_sub(9 + usize::from(compose.send_at.is_some()))
            .clamp(2, 12),
    );
    if let Some(complaint) = &compose.complaint {
        paper
            .section(Weight::Vital)
            .labelled_marked(Phrase::of(""), Role::Wrong, complaint);
    }
    if on_to && compose.to.is_empty() {
        recent(paper, model);
    } else if compose.offers_templates() {
        templates(paper, model);
    } else {
        counter(paper, model, "Ctrl-T", Weight::Vital);
        blanks(paper, model);
        no_templates(paper, model);
    }
    if let Some(number) = compose.number() {
        before(paper, model, number);
    }
    if let Some(at) = compose.drafting.found {
        paper.section(Weight::Important).labelled_marked(
            phrase!("Draft"),
            Role::Working,
            phrase!(
                "of {when}, not sent yet",
                when = when(at, model.now, &model.setting.zone)
            ),
        );
    }
    for sentence in compose.templates.left_out.iter().take(2) {
        paper
            .section(Weight::Useful)
            .labelled_marked(Phrase::of(""), Role::Needs, sentence);
    }
    paper.section(Weight::Extra).text(
        Role::Dim,
        phrase!("First Enter shows the review. Second Enter sends."),
    );
}

/// The text with its cursor, as many lines of it as there is room for.
fn body(paper: &mut Paper, model: &Model, room: usize) {
    let compose = &model.compose;
    let focused = compose.stage == Stage::Body;
    let shown = compose.body.text();
    if paper.is_read_out() {
        return read_out(paper, model, focused);
    }
    let width = paper.text_width().saturating_sub(1);
    let lines = text::wrap(shown, width);
    let cursor = compose.body.cursor();
    let (row, _) = text::locate(shown, &lines, cursor);
    let first = row
        .saturating_sub(room.saturating_sub(1))
        .min(lines.len().saturating_sub(1));
    let marked = compose.blanks.marked(shown).filter(|_| focused);
    let unfilled = compose.blanks.unfilled(shown);
    paper.section(Weight::Vital);
    for (n, line) in lines.iter().enumerate().skip(first).take(room) {
        let label = if n == first {
            phrase!("Text")
        } else {
            Phrase::of("")
        };
        let mut spans = Vec::new();
        let mut at = line.shown.start;
        for blank in unfilled.iter().chain(&marked) {
            // The marked one comes last and may be among the others.
            let (start, end) = (
                blank.start.clamp(at, line.shown.end),
                blank.end.clamp(at, line.shown.end),
            );
            if start < end {
                spans.push(piece(paper, Role::Plain, &shown[at..start]));
                let role = if marked.as_ref() == Some(blank) {
                    Role::Focus
                } else {
                    Role::Needs
                };
                spans.push(piece(paper, role, &shown[start..end]));
                at = end;
            }
        }
        spans.push(piece(paper, Role::Plain, &shown[at..line.shown.end]));
        paper.focus_line(label, focused && n == first, spans);
        if focused && n == row {
            let end = cursor.clamp(line.shown.start, line.shown.end);
            let before = untrusted::visible(&shown[line.shown.start..end]);
            paper.cursor_at(Paper::text_column() + text::width(&before));
        }
    }
}

/// All of the text, line by line.
fn read_out(paper: &mut Paper, model: &Model, focused: bool) {
    paper.section(Weight::Vital);
    let lines = model.compose.lines(model.setting.ascii);
    for (n, line) in lines.iter().enumerate() {
        let label = if n == 0 {
            phrase!("Text")
        } else {
            Phrase::of("")
        };
        // An empty field says nothing of itself.
        let written = model
            .compose
            .body
            .is_empty()
            .then(|| paper.span(Role::Plain, Phrase::of("")));
        let piece = written.map_or_else(|| paper.words(Role::Plain, line), Into::into);
        paper.focus_line(label, focused && n == 0, vec![piece]);
    }
}

fn piece(paper: &Paper, role: Role, text: &str) -> Span<'static> {
    paper.span(role, Phrase::verbatim(untrusted::visible(text)))
}

/// Where templates come from, while there are none and nothing is written yet.
fn no_templates(paper: &mut Paper, model: &Model) {
    let compose = &model.compose;
    let none = compose.templates.list.is_empty() && compose.templates.left_out.is_empty();
    // What was just pressed may have said the same.
    if compose.body.is_empty() && none && compose.complaint.is_none() && !model.setting.demo {
        if let Some(folder) = &model.policy.templates {
            paper.section(Weight::Useful).text(
                Role::Dim,
                phrase!(
                    "There is no template in {folder}.",
                    folder = untrusted::visible(&folder.to_string_lossy())
                ),
            );
            return;
        }
        paper.section(Weight::Useful).text(
            Role::Dim,
            phrase!(
                "No templates yet. Text files in the folder \"templates\" beside {file} are offered here.",
                file = model.setting.configured_in.as_str()
            ),
        );
    }
}

/// How many blanks are still to be filled.
fn blanks(paper: &mut Paper, model: &Model) {
    let compose = &model.compose;
    let left = compose.blanks.to_fill(compose.body.text());
    let line = match left {
        // Line mode says which one the next line fills.
        _ if model.setting.plain => return,
        0 => return,
        1 => phrase!("1 blank to fill: type over it. Tab goes to it."),
        n => phrase!(
            "{n} blanks to fill: type over them. Tab goes to the next one.",
            n = n
        ),
    };
    paper
        .section(Weight::Important)
        .labelled_marked(Phrase::of(""), Role::Working, line);
}

/// The templates that a digit takes, in two columns where there is room for them.
fn templates(paper: &mut Paper, model: &Model) {
    let list = &model.compose.templates.list;
    if model.setting.plain {
        return titles(paper, model);
    }
    // Elsewhere a digit goes into the field that is typed into.
    let are_keys = model.compose.stage == Stage::Body;
    let key = |key: String| if are_keys { key } else { " ".to_owned() };
    let mut items: Vec<String> = list
        .iter()
        .take(DIGITS)
        .enumerate()
        .map(|(n, template)| format!("{}  {}", key((n + 1).to_string()), template.title.visible()))
        .collect();
    if are_keys {
        items.push(format!("/  {}", paper.look().say(phrase!("search"))));
    }
    let width = paper.text_width();
    let columns = if width >= 40 { 2 } else { 1 };
    let rows = items.len().div_ceil(columns);
    let cell = width / columns;
    paper.section(Weight::Important);
    for row in 0..rows {
        let label = if row == 0 {
            phrase!("Templates")
        } else {
            Phrase::of("")
        };
        let line: String = (0..columns)
            .filter_map(|column| items.get(column * rows + row))
            .map(|item| text::pad(item, cell))
            .collect();
        let role = if are_keys { Role::Plain } else { Role::Dim };
        let line = paper.span(role, Phrase::verbatim(line.trim_end()));
        paper.labelled(label, vec![line]);
    }
    more_by_search(paper, list.len());
}

/// The same for line mode, which reads them one by one, with what is typed for each.
fn titles(paper: &mut Paper, model: &Model) {
    let list = &model.compose.templates.list;
    paper.section(Weight::Important);
    for (n, template) in list.iter().take(DIGITS).enumerate() {
        let label = if n == 0 {
            phrase!("Templates")
        } else {
            Phrase::of("")
        };
        let typed = paper.span(Role::Plain, Phrase::verbatim(format!(":{} ", n + 1)));
        let title = paper.words(Role::Plain, &template.title.visible());
        let mut pieces = vec![title];
        // Before the number stands, a line is a number.
        if model.compose.stage == Stage::Body {
            pieces.insert(0, typed.into());
        }
        paper.labelled(label, pieces);
    }
    more_by_search(paper, list.len());
}

fn more_by_search(paper: &mut Paper, count: usize) {
    if count > DIGITS {
        paper.labelled_text(
            Phrase::of(""),
            Role::Dim,
            phrase!("{n} more by search", n = count - DIGITS),
        );
    }
}

/// The templates that a part of a name finds.
pub fn search(paper: &mut Paper, model: &Model, part: &Field, marked: usize, area: Rect) {
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("Which template?"));
    paper.section(Weight::Vital).field(
        phrase!("Name"),
        true,
        part.text(),
        part.cursor(),
        phrase!("a part of its name"),
    );
    let found: Vec<_> = model.compose.templates.named(part.text()).collect();
    paper.section(Weight::Vital);
    if found.is_empty() {
        paper.labelled_marked(
            Phrase::of(""),
            Role::Needs,
            phrase!("No template has that in its name."),
        );
        return;
    }
    let room = usize::from(area.height).saturating_sub(7).max(2);
    let first = marked.saturating_sub(room.saturating_sub(1));
    for (n, (_, template)) in found.iter().enumerate().skip(first).take(room) {
        let look = paper.look();
        let (mark, role) = if n == marked {
            (look.mark(Role::Focus), Role::Focus)
        } else {
            (" ", Role::Plain)
        };
        let width = paper.text_width().saturating_sub(3);
        let title = template.title.visible();
        let title = text::truncate(&title, width);
        let spans = vec![
            paper
                .span(role, Phrase::verbatim(text::pad(mark, 2)))
                .into(),
            paper.words(role, &title),
        ];
        paper.labelled(Phrase::of(""), spans);
    }
    if let Some((_, template)) = found.get(marked) {
        let body = template.body.visible();
        let section = paper.section(Weight::Useful);
        section.quoted(phrase!("Text"), Role::Dim, &[body]);
    }
}

/// The numbers that one key puts in.
fn recent(paper: &mut Paper, model: &Model) {
    let recent = model.recent();
    if recent.is_empty() {
        return;
    }
    paper.section(Weight::Important);
    for (n, (number, ticket)) in recent.iter().enumerate() {
        let label = if n == 0 {
            phrase!("Recent")
        } else {
            Phrase::of("")
        };
        let line = paper.span(
            Role::Plain,
            Phrase::verbatim(text::pad(&number.masked(), 22)),
        );
        let ticket = ticket.map_or("", Ticket::as_str);
        let ticket = paper.span(Role::Plain, Phrase::verbatim(untrusted::visible(ticket)));
        paper.labelled(label, vec![line, ticket]);
    }
    // The key that does it is among the choices of line mode, which has no such key.
    if !model.setting.plain {
        paper.labelled_text(Phrase::of(""), Role::Dim, phrase!("Down puts one in."));
    }
}

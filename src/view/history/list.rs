//! The list: a line for what is filtered, a line for each entry, and under it the marked one and today.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::untrusted::visible;
use crate::domain::{HistoryRow, Intent, OpState, Phrase, Remains, Settled, Ticket, Was, phrase};
use crate::layout;
use crate::model::history::filter::Filter;
use crate::model::history::list::List;
use crate::model::{Click, Model};
use crate::text;

use super::super::frame::Frame;
use super::super::paper::{Paper, Weight, rows};
use super::super::theme::{Look, Role};
use super::super::words;
use super::detail;

/// Columns of what an entry is, at least.
const WHAT: usize = 7;
/// Columns of a ticket.
const TICKET: usize = 10;

/// One line of the list.
enum Item<'a> {
    /// The entries of a ticket begin.
    Heading(Option<&'a Ticket>, usize),
    /// An entry.
    Entry(usize),
}

/// Draws the list.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let list = model.history.shown();
    let room = usize::from(layout::history_rows(model.room())).max(1);
    let items = items(list);
    let selected = model.history.selected;
    let marked = items
        .iter()
        .position(|item| matches!(item, Item::Entry(at) if *at == selected))
        .unwrap_or(0);
    let first = marked
        .saturating_sub(room.saturating_sub(1).max(room / 2))
        .min(items.len().saturating_sub(room));
    let columns = Columns::of(model, look, area.width);
    top(frame, model, look, area);
    let mut lines = vec![Line::default()];
    lines.extend(second(model, look, &columns));
    let room = room.saturating_sub(lines.len() - 2);
    for item in items.iter().skip(first).take(room) {
        lines.push(match item {
            Item::Heading(ticket, entries) => heading(look, *ticket, *entries),
            Item::Entry(at) => {
                let row = Rect {
                    y: area.y + lines.len() as u16,
                    height: 1,
                    ..area
                };
                frame.clickable(row.intersection(area), Click::Row(*at));
                entry(model, look, &columns, *at)
            }
        });
    }
    let height = lines.len() as u16;
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    lines.remove(0);
    frame.render_widget(Paragraph::new(lines), below);
    if area.height > height + 4 {
        let under = Rect {
            y: area.y + height + 1,
            height: area.height - height - 1,
            ..area
        };
        let mut paper = Paper::new(look, area.width);
        let rows: Vec<&HistoryRow> = list.entry(selected).collect();
        detail::timeline(&mut paper, model, &rows, 3);
        today(&mut paper, model);
        weather(&mut paper, model);
        paper.draw(frame, under);
    }
}

fn items(list: &List) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut last = None;
    for at in 0..list.len() {
        let ticket = list.ticket(at);
        if list.by_ticket && last != Some(ticket) {
            last = Some(ticket);
            let same = (at..list.len()).take_while(|&other| list.ticket(other) == ticket);
            items.push(Item::Heading(ticket, same.count()));
        }
        items.push(Item::Entry(at));
    }
    items
}

/// What is filtered and how much of all fits, or the question before something is deleted.
fn top(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let row = Rect {
        height: 1.min(area.height),
        ..area
    };
    if model.history.deleting.is_some() {
        let question = phrase!("Delete this entry from this computer?");
        let line = format!(" {} {}", look.mark(Role::Needs), look.say(question));
        let line = Line::from(Span::styled(line, look.style(Role::Needs)));
        frame.render_widget(line, row);
        return;
    }
    let hidden = look.say(if model.history.revealed_until().is_some() {
        phrase!("1 number shown")
    } else {
        phrase!("numbers hidden")
    });
    let Some(filter) = &model.history.filter else {
        let line = format!(
            "   {}, {hidden}",
            look.say(count(model.history.all().len(), model))
        );
        frame.render_widget(Line::from(Span::styled(line, look.style(Role::Dim))), row);
        return;
    };
    let counted = filter.counts.map_or_else(String::new, |(matches, total)| {
        look.say(phrase!("{n} of {all}", n = matches, all = total))
    });
    let right = format!("{counted}   {hidden} ");
    typed(frame, look, row, filter, &right);
}

fn count(known: usize, model: &Model) -> Phrase {
    match known {
        n if model.history.all().has_more() => phrase!("{n}+ entries, newest first", n = n),
        1 => phrase!("1 entry, newest first"),
        n => phrase!("{n} entries, newest first", n = n),
    }
}

fn typed(frame: &mut Frame, look: Look, row: Rect, filter: &Filter, right: &str) {
    let before = " / ";
    let room = usize::from(row.width).saturating_sub(before.len() + text::width(right) + 2);
    let role = if filter.typing {
        Role::Focus
    } else {
        Role::Plain
    };
    // Of a long filter its end is shown: that is where it is typed.
    let (head, tail) = filter.field.text().split_at(filter.field.cursor());
    let (head, tail) = (visible(head), visible(tail));
    let shown = &head[text::tail_start(&head, room)..];
    let left = format!("{shown}{tail}");
    let left = text::truncate(&left, room).into_owned();
    let gap = usize::from(row.width)
        .saturating_sub(before.len() + text::width(&left) + text::width(right));
    let line = Line::from(vec![
        Span::styled(before, look.style(role)),
        Span::styled(look.text(&left), look.style(role)),
        Span::raw(" ".repeat(gap)),
        Span::styled(right.to_owned(), look.style(Role::Dim)),
    ]);
    frame.render_widget(line, row);
    if filter.typing {
        let x = row.x + (before.len() + text::width(shown)) as u16;
        frame.set_cursor_position(Position::new(x.min(row.right().saturating_sub(1)), row.y));
    }
}

/// The headings of the columns, or why the filter cannot be read.
fn second(model: &Model, look: Look, columns: &Columns) -> Vec<Line<'static>> {
    if let Some(complaint) = model.history.complaint() {
        let line = format!("{} {}", look.mark(Role::Needs), look.say(complaint));
        let width = usize::from(columns.width).saturating_sub(4);
        return rows(&line, width)
            .into_iter()
            .map(|row| Line::from(Span::styled(format!("   {row}"), look.style(Role::Needs))))
            .collect();
    }
    if model.history.shown().is_empty() {
        let line = format!("   {}", look.say(phrase!("Nothing fits this filter.")));
        return vec![Line::from(Span::styled(line, look.style(Role::Strong)))];
    }
    let left = columns.left(
        look,
        [
            " ".to_owned(),
            look.say(phrase!("Time")),
            look.say(phrase!("What")),
            look.say(phrase!("To")),
            look.say(phrase!("By")),
        ],
    );
    let state = look.say(phrase!("State"));
    let state = if columns.ticket {
        text::pad(&state, columns.state()) + &look.say(phrase!("Ticket"))
    } else {
        state
    };
    vec![Line::from(Span::styled(
        left + &state,
        look.style(Role::Strong),
    ))]
}

fn heading(look: Look, ticket: Option<&Ticket>, entries: usize) -> Line<'static> {
    let words = match (ticket, entries) {
        (Some(ticket), 1) => phrase!("Ticket {ticket}, 1 entry", ticket = ticket.as_str()),
        (Some(ticket), n) => phrase!(
            "Ticket {ticket}, {n} entries",
            ticket = ticket.as_str(),
            n = n
        ),
        (None, _) => phrase!("Without a ticket"),
    };
    let line = format!("   {}", look.say(words));
    Line::from(Span::styled(line, look.style(Role::Strong)))
}

/// Which columns there are and how wide. The state is what the list is read for: before it is cut, the way
/// goes, then what the row is for its number is made narrower, and the ticket goes last.
struct Columns {
    width: u16,
    /// As wide as its words are in this language.
    what: usize,
    to: usize,
    by: bool,
    ticket: bool,
}

/// Columns of the way, with the gap before it.
const BY: usize = 9;
/// Columns that are taken in any case: mark, time, what, and the gaps.
const FIXED: usize = 20;
/// Columns of a number that is shown whole, and of a masked one.
const NUMBER: [usize; 2] = [20, 16];

impl Columns {
    fn of(model: &Model, look: Look, width: u16) -> Self {
        let list = model.history.shown();
        let any = || (0..list.len()).any(|at| list.ticket(at).is_some());
        let states = (0..list.len()).map(|at| {
            let rows: Vec<&HistoryRow> = list.entry(at).collect();
            let (_, state, whose) = whole_state(model, look, &rows);
            text::width(&state) + text::width(&whose)
        });
        let widest = states.max().unwrap_or(0) + 1;
        let kinds = [phrase!("text"), phrase!("lookup"), phrase!("verify")];
        let what = kinds.map(|kind| text::width(&look.say(kind)));
        let mut columns = Self {
            width,
            what: what.into_iter().fold(WHAT, usize::max),
            to: NUMBER[usize::from(width < 76)],
            by: true,
            // Under the headings of tickets a column of them says nothing.
            ticket: width >= 76 && !list.by_ticket && any(),
        };
        if columns.state() < widest && columns.ticket {
            columns.by = false;
        }
        if columns.state() < widest && model.history.revealed_until().is_none() {
            columns.to = NUMBER[1];
        }
        if columns.state() < widest {
            columns.ticket = false;
            columns.by = columns.state() >= widest + BY;
        }
        columns
    }

    fn left(&self, look: Look, [mark, time, what, to, by]: [String; 5]) -> String {
        let mut left = format!(
            " {} {} {} {} ",
            text::pad(&mark, 1),
            cell(look, &time, 7),
            cell(look, &what, self.what),
            cell(look, &to, self.to),
        );
        if self.by {
            left.push_str(&cell(look, &by, BY - 1));
            left.push(' ');
        }
        left
    }

    /// Columns of the state.
    fn state(&self) -> usize {
        let by = if self.by { BY } else { 0 };
        let ticket = if self.ticket { TICKET + 1 } else { 0 };
        let what = self.what - WHAT;
        usize::from(self.width).saturating_sub(FIXED + what + self.to + by + ticket + 1)
    }
}

/// A text in exactly so many columns; in ASCII the dots of what is cut take three.
fn cell(look: Look, said: &str, columns: usize) -> String {
    let said = look.text(said);
    let fits = |room| {
        Some(look.text(&text::truncate(&said, room))).filter(|cut| text::width(cut) <= columns)
    };
    let cut = fits(columns).or_else(|| fits(columns.saturating_sub(2)));
    text::pad(&cut.unwrap_or_default(), columns)
}

/// The same, and under which account, where that is another one than the one that is connected.
fn whole_state(model: &Model, look: Look, rows: &[&HistoryRow]) -> (Role, String, String) {
    let (role, state) = state(model, look, rows);
    let whose = model.other_account_of(rows);
    let whose = whose.map_or_else(String::new, |whose| format!(" · {whose}"));
    (role, state, look.text(&whose))
}

/// What became of an entry: its mark and its word.
fn state(model: &Model, look: Look, rows: &[&HistoryRow]) -> (Role, String) {
    let (role, state) = words::entry_at(model, rows);
    let leaves = rows
        .first()
        .and_then(|row| model.scheduled(row.operation.id));
    let state = match leaves {
        Some(at) => {
            let time = words::hour(at, &model.setting.zone);
            let day = words::when(at, model.now, &model.setting.zone);
            let when = if day == time {
                time
            } else {
                format!("{day} {time}")
            };
            phrase!("Leaves {when}", when = when)
        }
        None => state,
    };
    let glyph = look.mark(role);
    let gap = if glyph.is_empty() { "" } else { " " };
    (role, format!("{glyph}{gap}{}", look.say(state)))
}

fn entry(model: &Model, look: Look, columns: &Columns, at: usize) -> Line<'static> {
    let list = model.history.shown();
    let rows: Vec<&HistoryRow> = list.entry(at).collect();
    let Some(newest) = rows.first() else {
        return Line::default();
    };
    let marked = at == model.history.selected;
    let (role, state, whose) = whole_state(model, look, &rows);
    let start = rows.last().unwrap_or(newest);
    let to = rows.iter().find_map(|row| row.operation.intent.to());
    let unreadable = start.operation.intent.is_unreadable();
    let (what, by) = match &start.operation.intent {
        Intent::Text(_) => (phrase!("text"), phrase!("SMS")),
        Intent::LookUp { .. } => (phrase!("lookup"), Phrase::of("")),
        Intent::Unreadable(remains) => remaining(remains),
        intent => (
            phrase!("verify"),
            rows.iter()
                .find_map(|row| channel(row))
                .unwrap_or_else(|| channel_of(intent)),
        ),
    };
    let mark = if marked { look.mark(Role::Focus) } else { " " };
    let left = columns.left(
        look,
        [
            mark.to_owned(),
            words::when(newest.operation.at, model.now, &model.setting.zone),
            look.say(what),
            match &to {
                None if unreadable => look.say(phrase!("not readable")),
                to => words::recipient(to.as_ref(), model.history.is_revealed(at)),
            },
            look.say(by),
        ],
    );
    let style = if marked && !look.color {
        Style::new().reversed()
    } else if marked {
        look.style(Role::Focus)
    } else {
        look.style(Role::Plain)
    };
    let room = columns.state();
    // Nobody must take it for one of this account: what is too long gives way to whose it is.
    let fits = room.saturating_sub(1 + text::width(&whose));
    // Neither may an approval lose what it is short of.
    let clause = text::clause(&state, fits).filter(|_| role != Role::Done);
    let whole = clause.unwrap_or(&state);
    let state = look.text(&text::truncate(whole, fits)) + &whose;
    let mut spans = vec![
        Span::styled(left, style),
        Span::styled(text::pad(&state, room), look.style(role)),
    ];
    if let Some(ticket) = list.ticket(at).filter(|_| columns.ticket) {
        let ticket = look.text(&text::truncate(ticket.as_str(), TICKET));
        spans.push(Span::styled(ticket, style));
    }
    Line::from(spans)
}

/// What an entry was that cannot be read, and by which way it went, as far as that is left.
fn remaining(remains: &Remains) -> (Phrase, Phrase) {
    let what = match remains.was {
        Some(Was::Text) => return (phrase!("text"), phrase!("SMS")),
        Some(Was::LookUp) => phrase!("lookup"),
        Some(Was::Start | Was::Check | Was::Cancel) => phrase!("verify"),
        None => Phrase::of("?"),
    };
    let by = remains.channel.as_ref().map(words::channel);
    (what, by.unwrap_or_else(|| Phrase::of("")))
}

fn channel(row: &HistoryRow) -> Option<Phrase> {
    match &row.state {
        OpState::Settled(Settled::Verification { channel, .. }) => Some(words::channel(channel)),
        _ => None,
    }
}

fn channel_of(intent: &Intent) -> Phrase {
    match intent {
        Intent::VerifyStart(start) => words::channel(&start.channel),
        _ => Phrase::of(""),
    }
}

/// The day in one line.
fn today(paper: &mut Paper, model: &Model) {
    let Some(today) = model.history.today(model.midnight()) else {
        return;
    };
    let pieces = today.phrases();
    if pieces.is_empty() {
        return;
    }
    let words: Vec<String> = pieces.iter().map(|piece| paper.look().say(piece)).collect();
    paper.section(Weight::Useful).labelled_text(
        phrase!("Today"),
        Role::Plain,
        Phrase::verbatim(words.join("   ")),
    );
}

/// How codes arrived in the last hour, on each network by each way.
fn weather(paper: &mut Paper, model: &Model) {
    let all = model.history.weather();
    for (n, line) in all.iter().enumerate() {
        let words = phrase!(
            "{carrier}, {way}: {n} of {all} read back",
            carrier = line.carrier.visible(),
            way = words::channel(&line.channel),
            n = line.read_back,
            all = line.sends
        );
        let label = if n == 0 {
            phrase!("Last hour")
        } else {
            Phrase::of("")
        };
        let role = if line.is_bad() {
            Role::Needs
        } else {
            Role::Plain
        };
        if n == 0 {
            paper.section(Weight::Extra);
        }
        paper.labelled_marked(label, role, words);
    }
}

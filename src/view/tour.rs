//! The tour on the screen: a strip above the pane with what to do now, a column beside it in wide
//! terminals, and the list of its stops.
//!
//! The strip has a fixed height for each size of terminal and never more than that, so that the code box
//! and a question under it stay where they are.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::frame::Frame;
use crate::domain::{Phrase, phrase};
use crate::keymap::{Action, Place};
use crate::model::Model;
use crate::model::tour::{Lesson, Passed, Stop, Tour};
use crate::text;

use super::paper::{Paper, Weight, rows};
use super::phone;
use super::theme::{Look, Role};

/// Columns between the name of a stop and the key beside it, at least.
const GAP: usize = 2;

/// Draws the strip.
pub fn draw_above(frame: &mut Frame, model: &Model, look: Look, area: Rect, tour: &Tour) {
    let width = usize::from(area.width).saturating_sub(3);
    let beside = crate::layout::has_beside(model.size);
    let lesson = tour.lesson();
    let mut lines = vec![title(model, look, tour, &lesson, width)];
    let turn = turn(model, look, tour, &lesson, width);
    let ruled = area.height > 5;
    let room = usize::from(area.height) - usize::from(ruled);
    // What to do matters more than what it is about.
    let about = plain(look, &lesson.about, width);
    if beside && lines.len() + about.len() + turn.len() <= room {
        lines.extend(about);
    }
    lines.extend(turn);
    if !beside && let Some(words) = model.caller() {
        let said = look.say(phrase!("Caller: \"{words}\"", words = words));
        let said = rows(&said, width).into_iter();
        lines.extend(
            said.map(|row| Line::from(Span::styled(format!(" {row}"), look.style(Role::Strong)))),
        );
    }
    lines.truncate(room);
    frame.render_widget(Paragraph::new(lines), area);
    if ruled {
        let bottom = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        let rule = look
            .rule()
            .repeat(usize::from(area.width).saturating_sub(2));
        frame.render_widget(Line::from(format!(" {rule}")), bottom);
    }
}

fn title(model: &Model, look: Look, tour: &Tour, lesson: &Lesson, width: usize) -> Line<'static> {
    let (n, all) = (tour.stop.number(), Stop::ALL.len());
    let stop = phrase!("Tour, stop {n} of {all}", n = n, all = all);
    let short = phrase!("{left} of {of}", left = n, of = all);
    let right = look.say(match tour.is_done() {
        // There Enter sends.
        true if model.is_begun_anew() => phrase!("the tour: Ctrl-O"),
        true if tour.is_last() => phrase!("the end: Enter"),
        true => phrase!("next stop: Enter"),
        false => phrase!("skip: Esc"),
    });
    let room = width.saturating_sub(text::width(&right));
    let with = |stop: Phrase| format!("{}   {}", look.say(stop), look.say(&lesson.title));
    // Where there is no room for both, the name of the stop is worth more than the word before it.
    let left = Some(with(stop)).filter(|left| text::width(left) + GAP <= room);
    let left = left.unwrap_or_else(|| with(short));
    let left = text::truncate(&left, room.saturating_sub(GAP));
    let left = text::pad(&left, room);
    Line::from(vec![
        Span::styled(format!(" {left}"), look.style(Role::Strong)),
        Span::styled(right, look.style(Role::Dim)),
    ])
}

/// What the learner does now, or what was learnt.
fn turn(
    model: &Model,
    look: Look,
    tour: &Tour,
    lesson: &Lesson,
    width: usize,
) -> Vec<Line<'static>> {
    let (role, said) = match model.way_back(tour).or_else(|| tour.turn()) {
        Some(turn) => (Role::Focus, phrase!("Your turn: {turn}", turn = turn)),
        None => (Role::Done, lesson.learnt.clone()),
    };
    let said = format!("{} {}", look.mark(role), look.say(said));
    rows(&said, width)
        .into_iter()
        .map(|row| Line::from(Span::styled(format!(" {row}"), look.style(role))))
        .collect()
}

fn plain(look: Look, words: &Phrase, width: usize) -> Vec<Line<'static>> {
    rows(&look.say(words), width)
        .into_iter()
        .map(|row| Line::from(format!(" {row}")))
        .collect()
}

/// Draws what stands beside the pane: phone, caller, what is learnt, the stops, and a word for trainers.
pub fn draw_beside(frame: &mut Frame, model: &Model, look: Look, area: Rect, tour: &Tour) {
    let area = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    };
    let width = usize::from(area.width).saturating_sub(3);
    let height = usize::from(area.height);
    let said = phone::caller(model, look, area.width);
    let mut below: Vec<Vec<Line>> = Vec::new();
    let mut part = |heading: Phrase, lines: Vec<Line<'static>>| {
        let heading = look.say(heading);
        let mut all = vec![
            Line::default(),
            Line::from(Span::styled(
                format!(" {heading}"),
                look.style(Role::Strong),
            )),
        ];
        all.extend(lines);
        below.push(all);
    };
    part(
        phrase!("What you learn"),
        plain(look, &tour.lesson().learnt, width),
    );
    let stops = Stop::ALL
        .into_iter()
        .map(|stop| Line::from(stop_line(look, tour, stop)));
    part(phrase!("Stops"), stops.collect());
    part(
        phrase!("For trainers"),
        plain(
            look,
            &phrase!(
                "Ctrl-O: any stop, this stop again, leave the tour. tuilio demo --list names the scenes."
            ),
            width,
        ),
    );
    // The phone and the caller come first; of the rest stands what fits, each part whole.
    let phone = height.saturating_sub(said.len()).min(16);
    let mut lines = phone::side(model, look, area.width, phone);
    lines.extend(said);
    for part in below {
        if lines.len() + part.len() <= height {
            lines.extend(part);
        }
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn stop_line(look: Look, tour: &Tour, stop: Stop) -> Vec<Span<'static>> {
    let here = stop == tour.stop && !tour.is_done();
    let (role, mark) = match tour.passed[stop as usize] {
        Passed::Done => (Role::Done, look.mark(Role::Done)),
        _ if here => (Role::Focus, look.mark(Role::Focus)),
        Passed::Skipped => (Role::Dim, "-"),
        Passed::Ahead => (Role::Plain, ""),
    };
    let title = look.say(&Lesson::of(stop).title);
    let mark = text::pad(mark, 5);
    vec![Span::styled(
        format!(" {mark}{}  {title}", stop.number()),
        look.style(role),
    )]
}

/// Draws the list of the stops.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect, marked: usize) {
    let mut paper = Paper::new(look, area.width);
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("The tour: seven calls, four minutes"))
        .text(
            Role::Plain,
            phrase!("Nothing here leaves this computer. No key, no network, no cost."),
        );
    paper.section(Weight::Vital);
    for stop in Stop::ALL {
        let title = Lesson::of(stop).title;
        let word = match model.tour.as_ref().map(|tour| tour.passed[stop as usize]) {
            Some(Passed::Done) => phrase!("done"),
            Some(Passed::Skipped) => phrase!("skipped"),
            _ => Phrase::of(""),
        };
        let title = paper.span(
            Role::Plain,
            phrase!("{n}  {title}   ", n = stop.number(), title = title),
        );
        let word = paper.span(Role::Dim, word);
        let here = stop as usize == marked;
        let (role, mark) = if here {
            (Role::Focus, look.mark(Role::Focus))
        } else {
            (Role::Plain, "")
        };
        let mark = paper.span(role, Phrase::verbatim(text::pad(mark, 2)));
        paper.line(vec![mark, title, word]);
        if here {
            paper.cursor_at(1);
        }
    }
    paper.section(Weight::Important).flow(vec![
        paper_key(look, Action::Submit),
        paper_key(look, Action::RestartStop),
        paper_key(look, Action::LeaveTour),
    ]);
    paper.draw(frame, area);
}

fn paper_key(look: Look, action: Action) -> Span<'static> {
    let binding = look
        .keymap
        .of(Place::TourCard)
        .find(|binding| binding.action == action);
    let words = binding.map_or_else(String::new, |binding| {
        format!(
            "{}  {}",
            binding.chords[0],
            look.say(Phrase::of(binding.hint))
        )
    });
    Span::raw(words)
}
